"""Dates and times for people: in the language in force, on the clock of the site.

The formats are those of newsroom/formats/ or Django's own. Each function gives nothing for None.
"""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import get_language


def moment(value: datetime | None, *, short: bool = False, with_zone: bool = False) -> str:
    """<time> with the day and the time: 23 November 2026, 09:05 GMT."""
    if value is None:
        return ""
    if short or with_zone:
        return _element(value, moment_text(value, short=short, with_zone=with_zone))
    return _moment(value, timezone.get_current_timezone(), get_language())


def moments() -> Callable[[datetime], str]:
    """moment() for many, which asks once for the clock and the language that are in force."""
    zone, language = timezone.get_current_timezone(), get_language()
    return lambda value: _moment(value, zone, language)


@lru_cache(maxsize=4096)
def _moment(value: datetime, zone: tzinfo, language: str | None) -> str:
    """Pages of replies write hundreds, the same ones again and again."""
    there = value.astimezone(zone)
    text = date_format(there, "DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', there.isoformat(), text)


def moment_text(value: datetime | None, *, short: bool = False, with_zone: bool = False) -> str:
    """The same without the element, for attributes and other plain text."""
    if value is None:
        return ""
    there = timezone.localtime(value)
    text = date_format(there, "SHORT_DATETIME_FORMAT" if short else "DATETIME_FORMAT")
    return f"{text} {zone_name(there)}" if with_zone else text


def day(value: datetime | date | None, *, short: bool = False) -> str:
    """<time> with the day alone: 23 November 2026."""
    return _element(value, day_text(value, short=short))


def day_text(value: datetime | date | None, *, short: bool = False) -> str:
    if value is None:
        return ""
    return date_format(_local(value), "SHORT_DATE_FORMAT" if short else "DATE_FORMAT")


def month_text(value: datetime | date | None) -> str:
    """November 2026."""
    return "" if value is None else date_format(_local(value), "YEAR_MONTH_FORMAT")


def time_text(value: datetime | None) -> str:
    """09:05."""
    return "" if value is None else date_format(timezone.localtime(value), "TIME_FORMAT")


def zone_name(there: datetime) -> str:
    """The short name of its zone; with UTC before the bare offset where the zone has no name."""
    name = there.tzname() or ""
    return f"UTC{name}" if name[:1] in {"+", "-"} else name


def grouped(number: int) -> str:
    """With separators of thousands: 12,345."""
    return number_format(number, use_l10n=True, force_grouping=True)


def _element(value: datetime | date | None, text: str) -> str:
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', _local(value).isoformat(), text)


def _local(value: datetime | date) -> datetime | date:
    return timezone.localtime(value) if isinstance(value, datetime) else value
