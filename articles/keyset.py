"""Pages of a list that is ordered by date, each found by the key of the row beside it.

A page far down costs what the first does: the index leads to its key, and nothing above it is
read. `?page=n` gives a page as well, found by counting along the index.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, Self

from django.db.models import Model, QuerySet

from newsroom.page_store import for_once

# Of a page number; no list is that long.
FURTHEST = 10**9


class Key(NamedTuple):
    """Where a row stands in its list: newest first, and of one moment the one made last."""

    moment: datetime
    pk: int

    def __str__(self) -> str:
        moment = self.moment.astimezone(UTC)
        fraction = f".{moment:%f}" if moment.microsecond else ""
        return f"{moment:%Y%m%dT%H%M%S}{fraction}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `str()` of a key gave; None for all else."""
        match = re.fullmatch(r"([0-9]{8}T[0-9]{6})(?:\.([0-9]{6}))?-([0-9]{1,18})", text)
        if match is None:
            return None
        try:
            moment = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(moment.replace(microsecond=int(match[2] or 0)), int(match[3]))


class Keys(Protocol):
    """The keys of a list. Both give the nearest first, `limit` at most."""

    def older(self, than: Key | None, limit: int, *, skip: int = 0) -> list[Key]:
        """Those below a key, or from the top on."""

    def newer(self, than: Key, limit: int) -> list[Key]:
        """Those above a key."""

    def count(self) -> int: ...

    def has(self, key: Key) -> bool:
        """Whether a row has it: only those are led to, and worth a stored page."""


class KeysOf:
    """The keys of the rows that `dated_until` gives: all of the list where it is given None, else
    none that is newer than that moment."""

    def __init__(
        self, dated_until: Callable[[datetime | None], QuerySet[Any]], field: str = "published_at"
    ) -> None:
        self.dated_until, self.field = dated_until, field

    def older(self, than: Key | None, limit: int, *, skip: int = 0) -> list[Key]:
        rows = self.rows_below(than).order_by(f"-{self.field}", "-pk")
        return self.read(rows[skip : skip + limit])

    def newer(self, than: Key, limit: int) -> list[Key]:
        return self.read(self.rows_above(than).order_by(self.field, "pk")[:limit])

    def count(self) -> int:
        return self.dated_until(None).order_by().count()

    def has(self, key: Key) -> bool:
        found = self.dated_until(None).order_by()
        return found.filter(**{self.field: key.moment, "pk": key.pk}).exists()

    def rows_below(self, key: Key | None) -> QuerySet[Any]:
        """Unordered. The moment bounds the range of the index; within it the key decides."""
        if key is None:
            return self.dated_until(None)
        return self.dated_until(key.moment).exclude(**{self.field: key.moment, "pk__gte": key.pk})

    def rows_above(self, key: Key) -> QuerySet[Any]:
        rows = self.dated_until(None).filter(**{f"{self.field}__gte": key.moment})
        return rows.exclude(**{self.field: key.moment, "pk__lte": key.pk})

    def read(self, rows: QuerySet[Any]) -> list[Key]:
        return [Key(*row) for row in rows.values_list(self.field, "pk")]


@dataclass(frozen=True)
class Page:
    """The keys of a page, newest first, and whether there are pages beside it."""

    keys: list[Key]
    has_newer: bool
    has_older: bool

    @property
    def newer(self) -> str:
        """The query of the page above; empty where there is none."""
        return f"?after={self.keys[0]}" if self.has_newer else ""

    @property
    def older(self) -> str:
        return f"?before={self.keys[-1]}" if self.has_older else ""

    @property
    def has_others(self) -> bool:
        return self.has_newer or self.has_older


def page_of(keys: Keys, query: Mapping[str, str], size: int) -> Page:
    """The page that a query asks for: `before` or `after` a key, or `page` by its number.

    What makes no sense gives the first page, a number too large the last one. Kept is only what
    the pages themselves lead to.
    """
    if sum(bool(written(query.get(name, ""))) for name, written in LIST_QUERY.items()) > 1:
        for_once()
    if before := Key.read(query.get("before", "")):
        found = keys.older(before, size + 1)
        if not found or not keys.has(before):
            for_once()
        if found:
            return Page(found[:size], has_newer=True, has_older=len(found) > size)
    if after := Key.read(query.get("after", "")):
        found = keys.newer(after, size + 1)
        if not found or not keys.has(after):
            for_once()
        if len(found) > size:  # else this is the first page, which has more to show
            return Page(found[:size][::-1], has_newer=True, has_older=True)
    skip = (page_number(query.get("page", "")) - 1) * size
    found = keys.older(None, size + 1, skip=skip)
    if not found and skip:
        for_once()
        skip = max(keys.count() - 1, 0) // size * size
        found = keys.older(None, size + 1, skip=skip)
    return Page(found[:size], has_newer=skip > 0 and bool(found), has_older=len(found) > size)


def in_order[Row: Model](rows: Iterable[Row], pks: Iterable[int]) -> list[Row]:
    """The rows, read at once, in the order of their keys. Those of `pks` that are not among them
    are left out."""
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in pks if pk in found]


def number_as_written(text: str) -> str:
    """A page number as links have it; empty for the first page."""
    number = page_number(text)
    return "" if number == 1 else str(number)


def key_as_written(text: str) -> str:
    key = Key.read(text)
    return str(key) if key else ""


# What page_of() reads of a query, and how each is written.
LIST_QUERY = {"page": number_as_written, "before": key_as_written, "after": key_as_written}


def page_number(text: str) -> int:
    """From 1 on, and 1 for what is no number. Those below it lead to the last page, as with
    Django's Paginator."""
    if re.fullmatch(r"-?[0-9]{1,40}", text) is None:
        return 1
    number = int(text)
    return min(number, FURTHEST) if number > 0 else FURTHEST
