"""What a document of an agency says, whatever its format: what every format's module gives."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PubStatus(StrEnum):
    """IPTC's publishing status (newscodes pubstatusg2)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class Signal(StrEnum):
    """What a version says that it is to the one before it."""

    NONE = ""
    UPDATE = "update"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject by its code (a Media Topic's eight digits, “medtop:20000002” without its prefix, or
    an older Subject Code) and by the name that the agency gives it; either may be empty."""

    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that belongs to the document: its address (absolute, or the name of a file beside
    the document), and what is said of it."""

    address: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class WireDocument:
    """One version of one item.

    `guid` names the item through all its versions; `version` counts them from 1 on and may jump.
    Moments are aware, in UTC. `body` is HTML that is not cleaned yet, in paragraphs.
    `embargo` is the moment until which nobody may see it; `embargo_is_unclear` says that the
    document speaks of an embargo without a moment that can be read, so that a person must decide.
    `kept_back` are paragraphs of the text, in plain text, that are not for readers: notebooks "not
    for publication", telephone numbers, desk initials. `advisory` are advisory lines and edNotes.
    """

    format: str
    guid: str
    version: int = 1
    provider: str = ""
    pub_status: PubStatus = PubStatus.USABLE
    signal: Signal = Signal.NONE
    embargo: datetime | None = None
    embargo_is_unclear: bool = False
    urgency: int | None = None  # 1 (most urgent) to 9
    sent_at: datetime | None = None
    first_sent_at: datetime | None = None
    slugline: str = ""
    headline: str = ""
    standfirst: str = ""
    dateline: str = ""
    byline: str = ""
    credit: str = ""
    body: str = ""
    language: str = ""
    address: str = ""  # of the agency's own page
    advisory: tuple[str, ...] = ()
    kept_back: tuple[str, ...] = ()
    correction: str = ""  # what was wrong, in the agency's words, where it says so for readers
    rights: str = ""
    usage_terms: str = ""
    subjects: tuple[Subject, ...] = ()
    keywords: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    warnings: tuple[str, ...] = field(default=())  # what was mended while reading it
