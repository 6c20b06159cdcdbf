"""What a connection to the database has changed, and telling it when that is committed.

The backends of newsroom/databases/ have this as their first base. Whatever writes through Django is
noticed there, so that no page can be stale because somebody forgot to say what they changed: a
statement raises the tags of the tables it writes, unless it stands within `changes_only`.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from newsroom.page_store import watching
from newsroom.page_store.generations import EVERYTHING, slots_of
from newsroom.page_store.kinds import narrowed, shown
from newsroom.page_store.statements import tables_of
from newsroom.page_store.store import store

# More slots than that are not told one by one: everything has changed then.
MOST_SLOTS = 1000

# What is written just now changes for readers; None: whatever the tables hold.
_only: ContextVar[tuple[str, ...] | None] = ContextVar("changes_only", default=None)


# Each is called with the tags that a transaction raises, at its end: what it writes is committed
# with the rest. A lone statement is a transaction that begins after this.
before_commit: list[Callable[[Collection[str]], None]] = []


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


@contextmanager
def telling(tags: Collection[str]) -> Iterator[None]:
    """What these tags name is changed for all others within: by a commit, or a lone statement."""
    if not tags:
        yield
        return
    slots = slots_of(tags)
    mark = store().generations.mark(slots if len(slots) <= MOST_SLOTS else (EVERYTHING,))
    try:
        yield
    finally:
        # Also where the connection broke: nobody knows whether that was committed.
        store().generations.release(mark)


class NoticesChanges:
    """For a DatabaseWrapper: notices what it reads and writes, and tells of it when it commits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begin_anew()
        self.execute_wrappers.append(self._notice)  # type: ignore[attr-defined]

    def _begin_anew(self) -> None:
        self.changed: set[str] = set()  # what its transaction will have changed for others
        self.has_written = False

    def _notice(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        tables = tables_of(str(sql))
        watching.note(tables)
        if not tables.written:
            return execute(sql, params, many, context)
        tags = self._tags(tables.written)
        if self.in_atomic_block or not self.get_autocommit():  # type: ignore[attr-defined]
            self.has_written = True
            self.changed |= tags
            return execute(sql, params, many, context)
        self._say_before(tags)
        with telling(tags):
            result = execute(sql, params, many, context)
            self.finish(context["cursor"].cursor)
            return result

    @staticmethod
    def _say_before(tags: Collection[str]) -> None:
        if tags:
            for say in before_commit:
                say(frozenset(tags))

    def finish(self, cursor: Any) -> None:
        """After a change by a lone statement: have it committed, where it isn't already."""

    @staticmethod
    def _tags(written: frozenset[str]) -> set[str]:
        only, written = _only.get(), shown(written)
        if only is None:
            return set(written)
        if not only:
            return set()
        return {tag for table in written for tag in narrowed(table, only)}

    def _commit(self) -> None:
        self._through(super()._commit)  # type: ignore[misc]

    def _set_autocommit(self, autocommit: bool) -> None:
        # SQLite commits by that what is open.
        self._through(partial(super()._set_autocommit, autocommit))  # type: ignore[misc]

    def _through(self, commit: Callable[[], object]) -> None:
        self._say_before(self.changed)
        with telling(self.changed):
            commit()
        self._begin_anew()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._begin_anew()

    def connect(self) -> None:
        self._begin_anew()
        super().connect()  # type: ignore[misc]

    def run_and_clear_commit_hooks(self) -> None:
        """What they write is not a part of what stood within `changes_only`."""
        token = _only.set(None)
        try:
            super().run_and_clear_commit_hooks()  # type: ignore[misc]
        finally:
            _only.reset(token)
