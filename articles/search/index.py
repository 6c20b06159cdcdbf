"""One way to ask either index. What readers may see is asked of the pieces themselves, each time.

The entries are found by their keys (articles/models/search_entry.py), newest first, as fast
among a million as among ten: the index gives them in this order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from articles.models import Article, SearchEntry
from articles.models.article_indexes import IN_SITEMAPS
from articles.models.search_entry import PIECE, second_key
from articles.search import postgresql, sqlite
from articles.search.query import Query
from newsroom.page_store import shows
from newsroom.prepared import PreparedPart

# Scores that differ by less than this part of the best are equal, and the newest comes first.
STEP = 0.02


class Backend(Protocol):
    """SQL of one database. MATCHES, or TABLE, takes the question as the only parameter of both."""

    TABLE: str
    KEY: str
    MATCHES: str
    RANK: str

    def question(self, query: Query, filed: Sequence[str], *, in_headline: bool = False) -> str: ...


BACKENDS: dict[str, Backend] = {"sqlite": sqlite, "postgresql": postgresql}


@dataclass(frozen=True)
class Matches:
    """The public pieces that a query finds, with all the tokens of `filed` and a key from `first`
    to `last`. The query wants something, in the headline alone if told so."""

    query: Query
    filed: Sequence[str] = ()
    first: int | None = None
    last: int | None = None
    in_headline: bool = False

    def newest(self, limit: int, *, below: int | None = None, skip: int = 0) -> list[int]:
        """Keys, the newest first, from the newest on or from below one."""
        until = self.last if below is None else below - 1
        rows = self._rows(
            "", self.first, until, f"ORDER BY {{key}} DESC LIMIT {limit} OFFSET {skip}"
        )
        return [row[0] for row in rows]

    def above(self, key: int, limit: int) -> list[int]:
        """The keys nearest above one, the oldest first."""
        rows = self._rows("", key + 1, self.last, f"ORDER BY {{key}} LIMIT {limit}")
        return [row[0] for row in rows]

    def oldest(self) -> list[int]:
        """The key of the oldest, if there is one."""
        rows = self._rows("", self.first, self.last, "ORDER BY {key} LIMIT 1")
        return [row[0] for row in rows]

    def some(self, most: int) -> list[int]:
        """The keys of all, in no order, or of `most` of them, whichever are found first."""
        return [row[0] for row in self._rows("", self.first, self.last, f"LIMIT {most}")]

    def best(self, keys: Collection[int]) -> list[int]:
        """All of the keys, as some() gave them: the best first, and the newest first among equals.

        What readers see of them is not asked again.
        """
        if len(keys) < 2:
            return list(keys)
        rows = self._rows(", {rank}", min(keys), max(keys), "", are_known=True)
        rows = [row for row in rows if row[0] in keys]
        top = max((score for _, score in rows), default=0) or 1
        return [
            key for key, score in sorted(rows, key=lambda row: (-_grade(row[1] / top), -row[0]))
        ]

    def _rows(
        self,
        columns: str,
        first: int | None,
        last: int | None,
        end: str,
        *,
        are_known: bool = False,
    ) -> list[Any]:
        backend = BACKENDS[connection.vendor]
        moment = timezone.now()
        # On SQLite the index is no table of a model: it follows this one.
        shows(SearchEntry._meta.db_table)
        params: list[Any] = [backend.question(self.query, self.filed, in_headline=self.in_headline)]
        conditions = [backend.MATCHES, f"{backend.KEY} <= %s"]
        # Those with a time to come have the highest keys.
        now = second_key(moment) | PIECE
        params.append(now if last is None else min(now, last))
        if first is not None:
            conditions.append(f"{backend.KEY} >= %s")
            params.append(first)
        if not are_known:
            # No EXISTS: PostgreSQL would make a join of it, and the wrong one as long as it has not
            # counted what was written a moment ago.
            conditions.append(f"({_visible.sql}) IS NOT NULL")
            params += _visible.params(now=moment)
        sql = (
            f"SELECT {{key}}{columns} FROM {backend.TABLE} WHERE {' AND '.join(conditions)} {end}"
        ).format(key=backend.KEY, rank=backend.RANK)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows: list[Any] = cursor.fetchall()
        return rows


def _seen() -> QuerySet[Article, Any]:
    """Gives something where readers may see the piece of the entry that is looked at."""
    key = RawSQL(f"({BACKENDS[connection.vendor].KEY} & {PIECE})", ())
    return Article.objects.published().filter(pk=key).order_by().values("pk")


_visible = PreparedPart(_seen, along=IN_SITEMAPS)


def _grade(part_of_best: float) -> int:
    return round(part_of_best / STEP)
