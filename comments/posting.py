"""A reply on its way in: what the form hands over, what comes back, and why one is refused."""

import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from articles.models import Article

if TYPE_CHECKING:
    from comments.models import Comment

RETRY_WINDOW = timedelta(minutes=10)  # in which the same post without a key is a retry


@dataclass(frozen=True)
class Draft:
    """A reply as its form gives it, every field already valid."""

    article: Article
    name: str
    email: str = field(repr=False)
    text: str
    html: str = ""  # of the text, where it has been cleaned already
    website: str = ""
    parent: "Comment | None" = None
    key: str = ""  # made at random by the form's script; empty without scripts
    trap: str = ""  # what stood in the field that people do not see
    seconds_taken: float | None = None  # from drawing the form to sending it
    proof: str = field(default="", repr=False)  # the status token of an earlier reply
    network: str = field(default="", repr=False)  # see comments/network.py
    work: str = field(default="", repr=False)  # a solved challenge; see comments/proof_of_work.py
    notices: frozenset[str] = frozenset()  # mail that was asked for: of Subscription.Kind

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


class RepliesClosed(Refused):
    """The piece takes no replies, or no more; `why` in the language of its page."""

    def __init__(self, why: str) -> None:
        super().__init__(_("Replies are closed.") + f" {why}")


class ParentGone(Refused):
    """The reply that this one answers was taken away meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The reply you answered is no longer here. "
                "Send yours again, and it stands under the piece itself."
            )
        )


class TooManyPosts(Refused):
    """More come in from one network than the rules allow; try again after `wait` seconds."""

    wait = 60

    def __init__(self) -> None:
        super().__init__(
            _(
                "Very many replies are coming in from your network. "
                "Please send yours again in a minute."
            )
        )
