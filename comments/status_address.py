"""The signed address at which the author of a reply, and nobody else, sees what became of it."""

from django.core import signing
from django.urls import reverse

from comments.models import Comment

SIGNER = signing.Signer(salt="comments.status")


def status_url(comment: Comment) -> str:
    return reverse("comments:status", args=[SIGNER.sign(str(comment.pk)).replace(":", ".")])


def comment_of(token: str) -> Comment:
    """The reply a token was made for. Raises Comment.DoesNotExist for any other string."""
    try:
        number = SIGNER.unsign(token.replace(".", ":"))
    except signing.BadSignature:
        raise Comment.DoesNotExist from None
    return Comment.objects.select_related("article").get(pk=number)
