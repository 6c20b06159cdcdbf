"""Rows as the database takes them fastest: without objects, and with their indexes made at the end.

What is written here passes by all verbs, so whoever writes keeps their promises.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from bench.progress import Progress

type Row = tuple[Any, ...]

INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    " AND tbl_name = %s ORDER BY name",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
    " AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname",
}
# Nobody reads meanwhile, and what breaks off is made again from the start.
HURRY = {"journal_mode": "OFF", "synchronous": "OFF", "foreign_keys": "OFF", "cache_size": -200_000}


class Table:
    """Rows of a model, given as tuples of these fields (`attname`s); `always` and the defaults
    of the model fill the others."""

    def __init__(self, model: type[Model], *given: str, **always: Any) -> None:
        usual = model(**always)
        fields = {each.attname: each for each in model._meta.concrete_fields}
        key = model._meta.pk
        rest = [
            each
            for name, each in fields.items()
            if name not in given and (each is not key or key.attname in always)
        ]
        self.rest: Row = tuple(
            each.get_db_prep_save(getattr(usual, each.attname), connection) for each in rest
        )
        columns = [str(fields[name].column) for name in given] + [str(each.column) for each in rest]
        quote = connection.ops.quote_name
        self.sql = (
            f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"  # noqa: S608
            f" VALUES ({', '.join(['%s'] * len(columns))})"
        )

    def insert(self, rows: Iterable[Sequence[Any]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(self.sql, [(*row, *self.rest) for row in rows])


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """SQLite without a journal; it has its usual ways again with the next connection."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        for name, value in HURRY.items():
            cursor.execute(f"PRAGMA {name} = {value}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
    connection.close()


@contextmanager
def without_indexes(what: str, *models: type[Model]) -> Iterator[None]:
    """Those of their tables are made again at the end, which takes a fraction of the time."""
    quote, indexes = connection.ops.quote_name, list[tuple[str, str]]()
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(INDEXES[connection.vendor], [model._meta.db_table])
            indexes += cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {quote(name)}")
    yield
    progress = Progress(what, len(indexes))
    for number, (_, sql) in enumerate(indexes, start=1):
        with connection.cursor() as cursor:
            cursor.execute(sql)
        progress.at(number)


def count_on(*models: type[Model]) -> None:
    """Let keys that the database gives follow those that were given here."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


def know_sizes() -> None:
    """As autovacuum would find them out on PostgreSQL. Nobody does so on SQLite, which plans the
    queries of a newsroom without, whatever its size."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
