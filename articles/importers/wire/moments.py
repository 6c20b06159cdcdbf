"""Moments as agencies write them, and what they mean for an embargo."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# 20210516T080625Z, 20210516T080625+0000, 20210516T0806, 2021-05-16 08:06:25.123+02:00 …
ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[T ]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)


def moment_of(written: str) -> datetime | None:
    """In UTC; None for what is no moment, and for the year 0001, which stands for none. What names
    no zone is UTC."""
    text = " ".join(written.split())
    try:
        found = _iso(text) or _rfc822(text)
        return found.astimezone(UTC) if found and found.year > 1 else None
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    match = ISO.fullmatch(text)
    if match is None:
        return None
    zone = (match["zone"] or "Z").upper()
    if zone in {"Z", "UTC", "GMT"}:
        zone = "+00:00"
    elif ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    day = f"{match['year']}-{match['month']}-{match['day']}"
    clock = f"{match['hour'] or '00'}:{match['minute'] or '00'}:{match['second'] or '00'}"
    return datetime.fromisoformat(f"{day}T{clock}{zone}")


def _rfc822(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def means_none(written: str) -> bool:
    """The year 0001, by which some systems say that there is no moment."""
    return written.strip().startswith("0001-01-01") or written.strip().startswith("00010101")


def embargo_of(*written: str | None) -> tuple[datetime | None, bool]:
    """The latest moment of what a document says of its embargo, and whether it is unclear.

    None stands for what it does not say at all. Something that is empty or cannot be read is there,
    and a person must decide on it.
    """
    latest: datetime | None = None
    is_unclear = False
    for text in written:
        if text is None or means_none(text):
            continue
        moment = moment_of(text)
        if moment is None:
            is_unclear = True
        elif latest is None or moment > latest:
            latest = moment
    return latest, is_unclear
