"""The signed address at which the author of a reply, and nobody else, sees what became of it."""

import hmac
from collections.abc import Iterator

from django.core import signing
from django.urls import reverse

from comments.models import Comment, Commenter
from comments.posting import Draft

MOST_PROOFS = 3  # that are looked at, of one form
SIGNER = signing.Signer(salt="comments.status", sep=".")


def status_url(comment: Comment) -> str:
    return reverse("comments:status", args=[SIGNER.sign(str(comment.pk))])


def comment_of(token: str) -> Comment:
    """The reply a token was made for. Raises Comment.DoesNotExist for any other string."""
    try:
        number = SIGNER.unsign(token)
    except signing.BadSignature:
        raise Comment.DoesNotExist from None
    with_its_piece = Comment.objects.select_related("article__section", "commenter", "second_look")
    return with_its_piece.get(pk=number)


def proved_senders(proofs: str) -> Iterator[Commenter]:
    """Whose approved replies the tokens in `proofs` were made for, which spaces part.

    Only the author of a reply has its token; so whoever shows it is that sender.
    """
    for token in proofs.split()[:MOST_PROOFS]:
        try:
            comment = comment_of(token)
        except Comment.DoesNotExist:
            continue
        if comment.is_approved and comment.commenter and comment.commenter.fingerprint:
            yield comment.commenter


def comment_sent_with(number: int, key: str) -> Comment:
    """The reply with this number, if the form it came from had this key. Raises DoesNotExist.

    The form's script makes the key at random and shows it to nobody else. So it proves the author
    of a reply that appeared at once, who was led to the piece and not to the status address.
    """
    sent = Comment.objects.filter(commenter__isnull=False, post_key__isnull=False)
    comment = sent.select_related("article", "commenter", "parent").get(pk=number)
    draft = Draft(
        article=comment.article,
        name=comment.name,
        email="",
        text=comment.body,
        parent=comment.parent,
        key=key,
    )
    fingerprint = comment.commenter and comment.commenter.fingerprint
    proof = draft.post_key(fingerprint) if fingerprint else None
    if not proof or not hmac.compare_digest(proof, comment.post_key or ""):
        raise Comment.DoesNotExist
    return comment
