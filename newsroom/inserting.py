"""New rows by statements that are written once in a process, as those of prepared.py are.

For models with nothing but columns and a key that the database gives: save() is not called, nor are
its signals sent.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model


def inserted[Row: Model](row: Row) -> Row:
    """`row`, saved as a new one."""
    (row.pk,) = _insert([row], returning=True)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def inserted_if_new(row: Model) -> bool:
    """Whether `row` was saved as a new one: not where a unique value of it is there already."""
    if key := _insert([row], returning=True, or_nothing=True):
        (row.pk,) = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return key is not None


def insert_all(rows: Sequence[Model]) -> None:
    """All of one model, with one statement. They are a few, and learn nothing of their keys."""
    if rows:
        _insert(rows, returning=False)


def _insert(rows: Sequence[Model], *, returning: bool, or_nothing: bool = False) -> Any:
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _statement(type(rows[0]), len(rows), returning, or_nothing, connection.vendor)
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() if returning else None


@lru_cache
def _statement(
    model: type[Model], number: int, returning: bool, or_nothing: bool, vendor: str
) -> tuple[str, list[Field[Any, Any]]]:
    meta, quote = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [each for each in meta.local_concrete_fields if not each.primary_key]
    columns = ", ".join(quote(str(each.column)) for each in fields)
    row = f"({', '.join('%s' for _each in fields)})"
    sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {', '.join([row] * number)}"
    if or_nothing:
        sql = f"{sql} ON CONFLICT DO NOTHING"
    return f"{sql} RETURNING {quote(str(meta.pk.column))}" if returning else sql, fields
