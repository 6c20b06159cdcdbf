"""What rules look at, and what they say of it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Replies

if TYPE_CHECKING:
    from comments.models.policy import Policy


class Severity(models.IntegerChoices):
    """What a finding asks for; of several the gravest counts."""

    NOTE = 1, _("note")
    HOLD = 2, _("hold")
    REJECT = 3, _("reject")


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who sent it, as far as that is known.

    All but `is_known` hangs on the address that was typed, which anybody can type: it may only
    make a decision stricter, or tell the moderators a record. `is_known` needs the proof.
    """

    is_known: bool = False  # showed the proof of an approved reply from the same address
    is_blocked: bool = False
    is_trusted: bool = False  # counts with the proof alone
    approved: int = 0  # replies
    rejected_recently: int = 0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many replies came in shortly before (gather.SHORTLY)."""

    of_sender: int = 0
    of_network: int = 0
    under_article: int = 0
    seconds_since_last: float | None = None  # of this sender; None: none within the time


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the piece, its section and the site say of replies, the strictest of them."""

    replies: str = Replies.OPEN
    why: str = ""  # they are closed: in plain words, for readers

    @property
    def is_closed(self) -> bool:
        return self.replies == Replies.CLOSED


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A reply as it came in, before anything is decided of it.

    `text` is what was typed, normalised as it is stored; `readable` what readers see of it: tags
    removed, entities decoded.
    """

    policy: "Policy"
    text: str = ""
    readable: str = ""
    html: str = ""
    name: str = ""
    website: str = ""
    language: str = "en-GB"  # of the piece (BCP 47)
    trap: str = ""  # what stood in the field that people do not see
    seconds_taken: float | None = None  # from drawing the form to sending it; None: not known
    work_is_missing: bool = False  # a proof of work was asked for, and none came that counts
    sender: Sender = field(default_factory=Sender)
    pace: Pace = field(default_factory=Pace)
    place: Place = field(default_factory=Place)
    same_words: int = 0  # earlier replies of these words alone, anywhere on the site
    recent_texts: tuple[str, ...] = ()  # of the newest replies anywhere, newest first
    staff_names: tuple[str, ...] = ()  # of authors, and of the site


@dataclass(frozen=True)
class Finding:
    """What one rule saw. `span` is the part it is about of the text as readers see it
    (`Submission.readable`), as start and end."""

    rule: str
    severity: Severity
    reason: str
    span: tuple[int, int] | None = None
