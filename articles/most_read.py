"""What was read most, and replied to most, in the last day and the last seven."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.listings import LINK_FIELDS
from articles.models import Activity, Article

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
PERIODS = {DAY: _("The last 24 hours"), WEEK: _("The last 7 days")}
IN_A_BOX, ON_A_PAGE = 5, 20
# So many at most of those read most are not public any more.
SPARE = 30


class Ranked(NamedTuple):
    """A piece with its LINK_FIELDS, and how often it was read, or how many replies that came in
    within the period are public."""

    piece: Article
    number: int


class Ranking(NamedTuple):
    """Both have the pieces with the largest numbers first, and none with 0."""

    period: timedelta
    most_read: list[Ranked]
    most_replied: list[Ranked]

    @property
    def name(self) -> str:
        return str(PERIODS[self.period])


# The period is gone through once for both figures. First come those with the most, then it is asked
# which of these few are public: by CROSS JOIN, or SQLite would begin with all that is public.
RANKED = """
    WITH sums (piece, reads, replies) AS MATERIALIZED ({sums}),
    ranked (figure, number, piece) AS (
        SELECT * FROM (
            SELECT 'reads', reads, piece FROM sums
            WHERE reads > 0 ORDER BY reads DESC, piece DESC LIMIT %s
        ) AS most_read
        UNION ALL
        SELECT * FROM (
            SELECT 'replies', replies, piece FROM sums
            WHERE replies > 0 ORDER BY replies DESC, piece DESC LIMIT %s
        ) AS most_replied
    )
    SELECT ranked.figure, ranked.number, pieces.*
    FROM ranked CROSS JOIN ({public}) AS pieces
    WHERE pieces.id = ranked.piece
"""


def ranking(period: timedelta, size: int) -> Ranking:
    """With one query. What is not public (any more) is left out."""
    found: dict[str, list[Ranked]] = {"reads": [], "replies": []}
    for figure, number, *values in _rows(period, size + SPARE):
        piece = Article(**dict(zip(LINK_FIELDS, values, strict=True)))
        if piece.published_at and timezone.is_naive(piece.published_at):  # on SQLite
            piece.published_at = timezone.make_aware(piece.published_at, connection.timezone)
        found[figure].append(Ranked(piece, number))
    for ranked in found.values():
        ranked.sort(key=lambda each: (-each.number, -_timestamp(each.piece), -each.piece.pk))
    return Ranking(period, found["reads"][:size], found["replies"][:size])


def _rows(period: timedelta, number: int) -> list[tuple[Any, ...]]:
    """Of either figure, that many pieces at most: the figure, its number, and LINK_FIELDS."""
    sums = Activity.objects.within(period).values("article").order_by()
    sums_sql, of_sums = sums.annotate(Sum("reads"), Sum("replies")).query.sql_with_params()
    public = Article.objects.published().order_by().values_list(*LINK_FIELDS)
    public_sql, of_public = public.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            RANKED.format(sums=sums_sql, public=public_sql),
            [*of_sums, number, number, *of_public],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _timestamp(piece: Article) -> float:
    assert piece.published_at  # it is public
    return piece.published_at.timestamp()
