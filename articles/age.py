"""How old a piece is, said of those that are old."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import ngettext

from newsroom import page_store


def years_since(moment: datetime | None) -> int:
    """Whole years by the calendar of the site; 0 for what is younger, or to come."""
    if moment is None:
        return 0
    zone = timezone.get_current_timezone()
    then, now = moment.astimezone(zone), timezone.now().astimezone(zone)
    is_later_in_year = (then.month, then.day, then.time()) > (now.month, now.day, now.time())
    years = max(now.year - then.year - is_later_in_year, 0)
    page_store.changes_at(_anniversary(then, years + 1))
    return years


def _anniversary(then: datetime, years: int) -> datetime:
    """The moment at which it is so many years old."""
    try:
        return then.replace(year=then.year + years)
    except ValueError:  # of the 29th of February: on the first of March
        return then.replace(
            year=then.year + years, month=3, day=1, hour=0, minute=0, second=0, microsecond=0
        )


def age(moment: datetime | None) -> str:
    """“3 years old”; empty for what is younger than a year."""
    years = years_since(moment)
    if not years:
        return ""
    return ngettext("%(years)d year old", "%(years)d years old", years) % {"years": years}
