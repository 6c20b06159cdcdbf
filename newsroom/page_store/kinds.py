"""Tags smaller than a table: `replies:12` is of the kind `replies`.

An app says of each kind which tables are written within `changes_only("replies:…")`, and which of
them nobody reads but for what the kind names.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple


class Kind(NamedTuple):
    name: str
    written: frozenset[str]  # changes_only() narrows what is written to these tables, and no others
    read: frozenset[str]  # who reads one without saying of what depends on all of the kind


_kinds: dict[str, Kind] = {}
_never_shown: set[str] = set()


def kind(name: str, *, written: Collection[str], read: Collection[str]) -> None:
    """Make a kind known, when the apps are set up.

    `read` is a part of `written`. Pages that show what is in the other tables of `written`, and
    changes within `changes_only`, call `shows` for it.
    """
    _kinds[name] = Kind(name, frozenset(written), frozenset(read))


def never_shown(*tables: str) -> None:
    """No page that is for everybody shows what is in them: their changes make nothing old, and go
    on while the store cannot be told of any. What reads one all the same is never stored."""
    _never_shown.update(tables)


def shown(tables: frozenset[str]) -> frozenset[str]:
    return tables - _never_shown


def kind_of(tag: str) -> str:
    return tag.partition(":")[0]


def narrowed(table: str, tags: Iterable[str]) -> list[str]:
    """Those of `tags` that stand for a change of the table, with their kinds; else itself."""
    of_table = [tag for tag in tags if table in _kinds[kind_of(tag)].written]
    return [*of_table, *map(kind_of, of_table)] or [table]


def depended_on(tables: Iterable[str], tags: Collection[str]) -> set[str]:
    """All tags that something depends on which read `tables` and said that it shows `tags`."""
    said = {kind_of(tag) for tag in tags}
    read = set(tables)
    implied = {each.name for each in _kinds.values() if each.read & read and each.name not in said}
    return read | set(tags) | implied
