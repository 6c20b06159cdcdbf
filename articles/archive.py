"""The archive: the months that pieces are dated in, by the clock of the place of publication."""

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from articles.models import Article
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


def years() -> list[tuple[int, list[date]]]:
    """Each year that has pieces, with the first days of its months that have some, newest first.

    Costs a look into the index for each month from the first piece to the last, however many
    pieces there are.
    """
    found: dict[int, list[date]] = {}
    for month in _months_with_pieces():
        found.setdefault(month.year, []).append(month)
    return list(found.items())


def months_beside(month: date) -> tuple[date | None, date | None]:
    """The nearest months before and after it that have pieces."""
    begin, end = bounds(month)
    moments = (_newest.first(until=begin - MOMENT), _oldest.first(since=end))
    earlier, later = (_month_of(moment) if moment else None for moment in moments)
    return earlier, later


def _months_with_pieces() -> list[date]:
    newest, oldest = _newest.first(until=timezone.now()), _oldest.first(since=LONG_AGO)
    if newest is None or oldest is None:
        return []
    months = [_month_of(newest)]
    while months[-1] > _month_of(oldest) and len(months) < MOST_MONTHS:
        months.append(_before(months[-1]))
    values = ", ".join(["(%s, %s, %s)"] * len(months))
    listed: list[Any] = []
    for number, month in enumerate(months):
        listed += [number, *map(connection.ops.adapt_datetimefield_value, bounds(month))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH months (number, first, beyond) AS (VALUES {values}) "
            f"SELECT number FROM months WHERE ({_first.sql}) < months.beyond",
            [*listed, *_first.params()],
        )
        return [months[number] for (number,) in sorted(cursor.fetchall())]


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
