"""The signed addresses at which a moderator decides on one reply from a mail.

Each is for one moderator, one reply, the text that the mail showed and the state it was in. It
ends when any of that changes, so it works once; LASTS after it was made; and when the moderator's
password is changed, as their sessions do.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import models
from django.urls import reverse

from comments.models import Comment, Decision
from comments.models.decision import Kind
from newsroom.primary_keys import is_key

LASTS = timedelta(days=3)
DECISIONS = ("approve", "reject", "spam")
# After these a link still leads to what the mail showed.
IN_PASSING = (Kind.NOTED, Kind.FEATURED, Kind.UNFEATURED, Kind.BLOCKED, Kind.TRUSTED)


class BadLink(Exception):
    """This site has not made it, or the moderator's password was changed since."""


class Expired(Exception):
    """It was made longer ago than LASTS."""


@dataclass(frozen=True)
class Link:
    """What an address was made for: `basis` is the decision that the reply's state rests on."""

    user: User
    comment: int
    version: int
    basis: int

    @property
    def token(self) -> str:
        return _signer(self.user).sign(f"{self.user.pk}-{self.comment}-{self.version}-{self.basis}")


def decision_url(link: Link, decision: str) -> str:
    address = reverse("comments:mailed_decision", args=[link.token, decision])
    return f"{settings.SITE_URL}{address}"


def link_of(token: str) -> Link:
    """Raises BadLink or Expired."""
    number = token.partition("-")[0]
    user = User.objects.filter(pk=number).first() if is_key(number) else None
    if user is None:
        raise BadLink
    try:
        value = _signer(user).unsign(token, max_age=LASTS)
    except signing.SignatureExpired:
        raise Expired from None
    except signing.BadSignature:
        raise BadLink from None
    _, comment, version, basis = map(int, value.split("-"))
    return Link(user, comment, version, basis)


def about_state() -> models.Q:
    """The decisions on which the state hangs, and the text."""
    in_passing = models.Q(kind__in=IN_PASSING)
    taken_back = models.Q(kind=Kind.UNDONE, from_status=models.F("to_status"))
    return ~in_passing & ~taken_back


def last_decision(comment: Comment) -> Decision | None:
    """The one that the state of `comment` rests on."""
    return Decision.objects.filter(about_state(), comment=comment).order_by("-pk").first()


def _signer(user: User) -> signing.TimestampSigner:
    # The hash of the session is made from the password's; it is the salt, and stands nowhere.
    return signing.TimestampSigner(
        salt=f"comments.mailed-decision {user.get_session_auth_hash()}", sep="."
    )
