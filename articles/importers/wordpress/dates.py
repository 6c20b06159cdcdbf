"""The dates in an export, which says each of them up to three times, and often wrongly.

`post_date` is the local time of the site, `post_date_gmt` is UTC, and `pubDate` is UTC as well.
What was never published has 0000-00-00 00:00:00 as its UTC.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

WRITTEN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})")
# A year of four digits: the zero date is "Wed, 30 Nov -0001", of which the parser makes 1999.
PUBLISHED = re.compile(r"[A-Za-z]{3}, [0-9]{1,2} [A-Za-z]{3} [0-9]{4} .{8,20}")
FIRST_YEAR = 1600
YEARS_AHEAD = 10
LARGEST_OFFSET = timedelta(hours=14)


class SiteClock:
    """How far the local time of the site is from UTC: what the last item said that has both."""

    def __init__(self, now: datetime) -> None:
        self.latest = now + timedelta(days=366 * YEARS_AHEAD)
        self.offset: timedelta | None = None

    def moment(self, gmt: str, local: str, published: str = "") -> tuple[datetime | None, bool]:
        """In UTC, or None where none can be read; and whether it was plainly there."""
        exact, here = _written(gmt), _written(local)
        if exact and here and abs(here - exact) <= LARGEST_OFFSET:
            self.offset = here - exact
        if exact:
            return self._bounded(exact), exact <= self.latest
        if told := _published(published):
            return self._bounded(told), False
        if here and self.offset is not None:
            return self._bounded(here - self.offset), False
        return None, False

    def _bounded(self, moment: datetime) -> datetime | None:
        return moment if moment <= self.latest else None


def _written(text: str) -> datetime | None:
    """As if it were UTC."""
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]} {found[2]}")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.year >= FIRST_YEAR else None


def _published(text: str) -> datetime | None:
    if not PUBLISHED.fullmatch(text.strip()):
        return None
    try:
        moment = parsedate_to_datetime(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if moment.year >= FIRST_YEAR else None
