"""The signed addresses at which people without an account read one revision of a piece."""

from django.core import signing
from django.urls import reverse

from articles.models import Image, PreviewLink, Revision

SIGNER = signing.Signer(salt="articles.preview", sep=".")
MAX_TOKEN = 100


def token_of(link: PreviewLink) -> str:
    return SIGNER.sign(str(link.pk))


def address_of(link: PreviewLink) -> str:
    return reverse("articles:preview", args=[token_of(link)])


def link_of(token: str) -> PreviewLink:
    """The link a token was made for, in whatever state it is.

    Raises PreviewLink.DoesNotExist for any other string.
    """
    if len(token) > MAX_TOKEN:
        raise PreviewLink.DoesNotExist
    try:
        number = SIGNER.unsign(token)
    except signing.BadSignature:
        raise PreviewLink.DoesNotExist from None
    return PreviewLink.objects.with_revisions().get(pk=number)


def revision_of(token: str) -> Revision | None:
    """What the holder of the token may read now, if anything."""
    try:
        link = link_of(token)
    except PreviewLink.DoesNotExist:
        return None
    return link.revision if link.is_open else None


def shows_file(token: str, file_token: str) -> bool:
    """Whether the holder of the token may have the files of the picture or recording that is named
    `file_token`.

    That is so where it is the lead picture of the revision, or stands in its body.
    """
    revision = revision_of(token)
    if revision is None or not file_token:
        return False
    if file_token in revision.content.get("body", ""):
        return True
    lead = revision.content.get("lead_image")
    return bool(lead) and Image.objects.filter(pk=lead["id"], token=file_token).exists()
