"""A reply on its way in: what the form hands over, what comes back, and why one is refused."""

import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article

if TYPE_CHECKING:
    from comments.models import Comment

PAUSE = timedelta(seconds=10)  # between two replies of one sender
RETRY_WINDOW = timedelta(minutes=10)  # in which the same post without a key is a retry


@dataclass(frozen=True)
class Draft:
    """A reply as its form gives it, every field already valid."""

    article: Article
    name: str
    email: str = field(repr=False)
    text: str
    website: str = ""
    parent: "Comment | None" = None
    key: str = ""  # made at random by the form's script; empty without scripts
    trap: str = ""  # what stood in the field that people do not see
    seconds_taken: float | None = None  # from drawing the form to sending it

    @property
    def text_digest(self) -> str:
        """The same for texts that differ in case, white space or Unicode form alone."""
        words = unicodedata.normalize("NFKC", self.text).casefold().split()
        return sha256(" ".join(words).encode()).hexdigest()

    def post_key(self, fingerprint: str) -> str | None:
        """What a retried post has in common with the first; None without the script's key.

        The content is part of it: a form that was sent, changed and sent again is a new reply.
        """
        if not self.key:
            return None
        parent = self.parent.pk if self.parent else ""
        parts = [self.key, str(self.article.pk), str(parent), fingerprint, self.text_digest]
        return sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """The reply a draft became.

    `proves_author` tells whether whoever sent the draft may see it while it is held: not when
    it only matched an earlier one, since anybody can copy a text and type an address.
    """

    comment: "Comment"
    proves_author: bool


class Refused(Exception):
    """The reply was not taken; the message tells its author why."""


class SameTextAgain(Refused):
    """The words stand here already, or this sender has sent them before."""

    def __init__(self) -> None:
        super().__init__(_("These words have been sent already. You need not send them again."))


class TooSoon(Refused):
    """The sender's last reply came in less than PAUSE ago; `wait` seconds are left."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(
            ngettext(
                "You are replying quickly. Please send this again in %(wait)d second.",
                "You are replying quickly. Please send this again in %(wait)d seconds.",
                wait,
            )
            % {"wait": wait}
        )
