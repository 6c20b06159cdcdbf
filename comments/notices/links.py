"""The signed addresses in mails. Whoever has one has it from the mailbox, and nobody else does.

They hold row numbers; nothing in them is made from an address.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from articles.models import Article
from comments.models import Commenter, Letter

SUBSCRIPTIONS = signing.Signer(salt="comments.subscriptions", sep=".")
LETTERS = signing.Signer(salt="comments.letters", sep=".")


class BadToken(Exception):
    """Not signed by this site, or what it was made for is gone."""


@dataclass(frozen=True)
class Holder:
    """Whose subscriptions an address opens, and the piece it was sent about."""

    sender: Commenter
    article: Article | None = None


def subscriptions_url(sender: int, article: int | None = None) -> str:
    value = f"{sender}" if article is None else f"{sender}-{article}"
    return settings.SITE_URL + reverse("comments:subscriptions", args=[SUBSCRIPTIONS.sign(value)])


def letter_url(letter: Letter) -> str:
    return settings.SITE_URL + reverse("comments:letter", args=[LETTERS.sign(str(letter.pk))])


def holder_of(token: str) -> Holder:
    """Raises BadToken."""
    sender, _, article = _unsigned(SUBSCRIPTIONS, token).partition("-")
    try:
        return Holder(
            Commenter.objects.get(pk=sender),
            Article.objects.get(pk=article) if article else None,
        )
    except (Commenter.DoesNotExist, Article.DoesNotExist):
        raise BadToken from None


def letter_of(token: str) -> Letter:
    """Raises BadToken."""
    letters = Letter.objects.select_related("comment__article")
    try:
        return letters.get(pk=_unsigned(LETTERS, token))
    except Letter.DoesNotExist:
        raise BadToken from None


def _unsigned(signer: signing.Signer, token: str) -> str:
    try:
        return signer.unsign(token)
    except signing.BadSignature:
        raise BadToken from None
