"""Which tables an SQL statement reads and writes.

What cannot be told apart is taken for the wider: every table of the models that a statement names
is read, and one that is neither a query nor a plain change writes all it names.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from django.apps import apps

WORD = re.compile(r"\w+")
# The table follows at once; SQLite has `INSERT OR IGNORE INTO`.
CHANGE = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO"
    r"|UPDATE(?:\s+OR\s+\w+|\s+ONLY)?|DELETE\s+FROM)\b",
    re.I,
)
# The row lock of a query, and the end of an upsert, change no further table.
NO_CHANGE = re.compile(r"\b(?:FOR|DO)\s+(?:NO\s+KEY\s+)?UPDATE\b", re.I)
QUERY = re.compile(r"\s*(?:\(\s*)*(?:SELECT|WITH|EXPLAIN|PRAGMA|VALUES)\b", re.I)


class Tables(NamedTuple):
    read: frozenset[str]
    written: frozenset[str]


@cache
def _tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


@lru_cache(maxsize=4096)
def tables_of(sql: str) -> Tables:
    """Of the tables of the models. `sql` has places for its values, which so play no part."""
    sql = NO_CHANGE.sub(" ", sql)
    named = frozenset(word for word in WORD.findall(sql) if word in _tables())
    changes = list(CHANGE.finditer(sql))
    if not changes:
        is_query = QUERY.match(sql) is not None
        return Tables(named, frozenset() if is_query else named)
    targets = {found[0] for each in changes if (found := WORD.search(sql, each.end()))}
    is_known = targets <= _tables()
    return Tables(named, frozenset(targets) if is_known else named)
