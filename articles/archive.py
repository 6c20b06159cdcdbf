"""The archive: the months that pieces are dated in, by the clock of the place of publication."""

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DateTimeField, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from articles.models import Article
from newsroom.moments import month_text
from newsroom.prepared import Given, Prepared, PreparedPart

# More months than 200 years have are not looked for: a piece may be misdated.
MOST_MONTHS = 200 * 12
MOMENT = timedelta(microseconds=1)
LONG_AGO = datetime(MINYEAR, 1, 1, tzinfo=UTC)


class YearConverter:
    """In an address: four digits, of a year that a clock can be set to in any time zone."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        year = int(value)
        if not MINYEAR < year < MAXYEAR:
            raise ValueError
        return year

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class MonthConverter:
    regex = "0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02}"


def bounds(month: date) -> tuple[datetime, datetime]:
    """When a month begins and the next one does, for any day of it."""
    return _begin(month), _begin(_after(month))


class Line(NamedTuple):
    """A month with pieces, as the archive leads to it; in the language in force."""

    text: str
    path: str


def years() -> list[tuple[int, list[Line]]]:
    """Each year that has pieces, with its months that have some, newest first."""
    language = get_language()
    return [
        (year, [_line(month, language) for month in months])
        for year, months in groupby(months_with_pieces(), key=lambda month: month.year)
    ]


@lru_cache(maxsize=MOST_MONTHS)
def _line(month: date, language: str | None) -> Line:
    path = reverse("articles:month", args=[month.year, month.month])
    return Line(month_text(month), path)


def months_beside(month: date) -> tuple[date | None, date | None]:
    """The nearest months before and after it that have pieces."""
    begin, end = bounds(month)
    moments = (_newest.first(until=begin - MOMENT), _oldest.first(since=end))
    earlier, later = (_month_of(moment) if moment else None for moment in moments)
    return earlier, later


def months_with_pieces() -> list[date]:
    """The first days of them, newest first.

    Costs a look into the index for each month from the first piece to the last, however many
    pieces there are.
    """
    newest, oldest = _newest.first(until=timezone.now()), _oldest.first(since=LONG_AGO)
    if newest is None or oldest is None:
        return []
    months, first = [_month_of(newest)], _month_of(oldest)
    while months[-1] > first and len(months) < MOST_MONTHS:
        months.append(_before(months[-1]))
    values = ", ".join(["(%s, %s, %s)"] * len(months))
    listed: list[Any] = []
    zone, vendor = timezone.get_current_timezone(), connection.vendor
    for number, month in enumerate(months):
        listed += [number, *_written_bounds(month, zone, vendor)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH months (number, first, beyond) AS (VALUES {values}) "
            f"SELECT number FROM months WHERE ({_first.sql}) < months.beyond",
            [*listed, *_first.params()],
        )
        return [months[number] for (number,) in sorted(cursor.fetchall())]


@lru_cache(maxsize=2 * MOST_MONTHS)
def _written_bounds(month: date, zone: tzinfo, vendor: str) -> tuple[Any, Any]:
    """As the database writes moments, by the clock of `zone`, which is in force."""
    begin, end = map(connection.ops.adapt_datetimefield_value, bounds(month))
    return begin, end


def _dates(question: QuerySet[Article]) -> QuerySet[Article, Any]:
    return question.values_list("published_at", flat=True)


_newest = Prepared(lambda: _dates(Article.objects.published(until=Given("until", DateTimeField()))))
_oldest = Prepared(
    lambda: _dates(
        Article.objects.published()
        .filter(published_at__gte=Given("since", DateTimeField()))
        .order_by("published_at")
    )
)


@PreparedPart
def _first() -> QuerySet[Article, Any]:
    """The first piece from the beginning of each month on, if it is of that month."""
    since_then = Article.objects.published().filter(published_at__gte=RawSQL("months.first", []))
    return since_then.order_by("published_at").values("published_at")[:1]


def _begin(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=timezone.get_current_timezone())


def _month_of(moment: datetime) -> date:
    return timezone.localtime(moment).date().replace(day=1)


def _after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _before(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)
