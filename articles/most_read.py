"""What was read most, and replied to most, in the last day and the last seven."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DateTimeField, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.linked import Linked, linked
from articles.models import Activity
from newsroom import page_store
from newsroom.prepared import Given, PreparedPart

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
PERIODS = {DAY: _("The last 24 hours"), WEEK: _("The last 7 days")}
IN_A_BOX, ON_A_PAGE = 5, 20
# So many at most of those read most are not public any more.
SPARE = 30
LAG_MINUTES = 10


class Ranked(NamedTuple):
    """A piece, and how often it was read, or how many replies that came in
    within the period are public."""

    piece: Linked
    number: int


class Ranking(NamedTuple):
    """Both have the pieces with the largest numbers first, and none with 0."""

    period: timedelta
    most_read: list[Ranked]
    most_replied: list[Ranked]

    @property
    def name(self) -> str:
        return str(PERIODS[self.period])


# The period is gone through once for both figures, each with the most first.
RANKED = """
    WITH sums (piece, reads, replies) AS MATERIALIZED ({sums})
    SELECT * FROM (
        SELECT 'reads', reads, piece FROM sums
        WHERE reads > 0 ORDER BY reads DESC, piece DESC LIMIT %s
    ) AS most_read
    UNION ALL
    SELECT * FROM (
        SELECT 'replies', replies, piece FROM sums
        WHERE replies > 0 ORDER BY replies DESC, piece DESC LIMIT %s
    ) AS most_replied
"""


def ranking(period: timedelta, size: int) -> Ranking:
    """What is not public (any more) is left out. The figures may be ten minutes old."""
    rows = _ranked(period, size + SPARE)
    pieces = linked({piece for _figure, _number, piece in rows})
    found: dict[str, list[Ranked]] = {"reads": [], "replies": []}
    for figure, number, piece in rows:
        if piece in pieces:
            found[figure].append(Ranked(pieces[piece], number))
    for ranked in found.values():
        ranked.sort(key=lambda each: (-each.number, -_timestamp(each.piece), -each.piece.pk))
    return Ranking(period, found["reads"][:size], found["replies"][:size])


@page_store.remembered
def _ranked(period: timedelta, number: int) -> list[tuple[str, int, int]]:
    """Of either figure, that many pieces at most: the figure, its number, and the piece."""
    with page_store.may_lag(minutes=LAG_MINUTES), connection.cursor() as cursor:
        of_sums = _sums.params(since=timezone.now() - period)
        cursor.execute(RANKED.format(sums=_sums.sql), [*of_sums, number, number])
        rows: list[tuple[str, int, int]] = cursor.fetchall()
    return rows


@PreparedPart
def _sums() -> QuerySet[Activity, Any]:
    activity = Activity.objects.since(Given("since", DateTimeField())).values("article").order_by()
    return activity.annotate(Sum("reads"), Sum("replies"))


def _timestamp(piece: Linked) -> float:
    return piece.published_at.timestamp()
