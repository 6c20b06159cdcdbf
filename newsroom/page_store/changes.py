"""What a connection to the database has changed, and telling it when that is committed.

The backends of newsroom/databases/ have this as their first base. Whatever writes through Django is
noticed there, so that no page can be stale because somebody forgot to say what they changed: a
statement raises the tags of the tables it writes, unless it stands within `changes_only`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from newsroom.page_store import watching
from newsroom.page_store.generations import slots_of
from newsroom.page_store.kinds import narrowed
from newsroom.page_store.statements import tables_of
from newsroom.page_store.store import store

# What is written just now changes for readers; None: whatever the tables hold.
_only: ContextVar[tuple[str, ...] | None] = ContextVar("changes_only", default=None)


@contextmanager
def changes_only(*tags: str) -> Iterator[None]:
    """What is written within changes for readers nothing but what `tags` name.

    Without a tag: nothing that readers see. Of tags, those tables are narrowed that their kind
    names (kinds.py); the innermost counts. Whoever says too little here makes pages stale.
    """
    token = _only.set(tags)
    try:
        yield
    finally:
        _only.reset(token)


class NoticesChanges:
    """For a DatabaseWrapper: notices what it reads and writes, and tells of it when it commits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed: set[str] = set()
        self.execute_wrappers.append(self._notice)  # type: ignore[attr-defined]

    def _notice(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        tables = tables_of(str(sql))
        watching.note(tables)
        if not tables.written:
            return execute(sql, params, many, context)
        tags = self._tags(tables.written)
        if not tags:
            return execute(sql, params, many, context)
        if not self.get_autocommit() or self.in_atomic_block:  # type: ignore[attr-defined]
            self.changed |= tags
            return execute(sql, params, many, context)
        mark = store().generations.mark(slots_of(tags))
        try:
            return execute(sql, params, many, context)
        finally:
            store().generations.release(mark)

    @staticmethod
    def _tags(written: frozenset[str]) -> set[str]:
        only = _only.get()
        if only is None:
            return set(written)
        if not only:
            return set()
        return {tag for table in written for tag in narrowed(table, only)}

    def commit(self) -> None:
        tags, self.changed = self.changed, set()
        if not tags:
            super().commit()  # type: ignore[misc]
            return
        mark = store().generations.mark(slots_of(tags))
        try:
            super().commit()  # type: ignore[misc]
        finally:
            # Also where the connection broke: nobody knows whether that was committed.
            store().generations.release(mark)

    def rollback(self) -> None:
        self.changed = set()
        super().rollback()  # type: ignore[misc]

    def close(self) -> None:
        super().close()  # type: ignore[misc]
        if not self.in_atomic_block:  # type: ignore[attr-defined]
            self.changed = set()
