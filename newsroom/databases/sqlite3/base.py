import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base

from newsroom.databases.sqlite3.operations import DatabaseOperations
from newsroom.databases.sqlite3.queue import Queue, queue_for
from newsroom.page_store.changes import NoticesChanges
from newsroom.page_store.statements import tables_of
from newsroom.turns import waiting

LONG = 1.0  # seconds; whoever has waited longer for its turn waits less for SQLite


class DatabaseWrapper(NoticesChanges, base.DatabaseWrapper):
    """Django's own, which also tells the page store what was changed, and writes in turn."""

    ops_class = DatabaseOperations
    turn: Queue | None = None  # while it writes

    def _start_transaction_under_autocommit(self) -> None:
        with self._patience():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """A transaction begins, or a lone statement writes, when it is its turn; where that has
        not come within the time that SQLite may be waited for, it is tried nevertheless."""
        if self.is_in_memory_db() or self.turn:
            yield
            return
        queue, most = queue_for(str(self.settings_dict["NAME"])), self._timeout()
        begun = time.monotonic()
        if queue.enter(most):
            self.turn = queue
        waited = time.monotonic() - begun
        try:
            if waited > LONG:
                self._wait_for_sqlite(max(0.0, most - waited))
            yield
        except BaseException:
            self._leave()
            raise
        finally:
            if waited > LONG:
                self._wait_for_sqlite(most)

    def _timeout(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", 5))

    def _wait_for_sqlite(self, seconds: float) -> None:
        if self.connection is not None:
            self.connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def _leave(self) -> None:
        if turn := self.turn:
            self.turn = None
            turn.leave()

    def _notice(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if self.in_atomic_block or not tables_of(str(sql)).written:
            return super()._notice(execute, sql, params, many, context)
        with self._patience():
            result = super()._notice(execute, sql, params, many, context)
        if self.get_autocommit():
            self._leave()
        return result

    def _commit(self) -> None:
        if self.turn:
            waiting()  # for the disk
        super()._commit()
        self._leave()

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)
        if autocommit:
            self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def finish(self, cursor: Any) -> None:
        cursor.fetch_ahead()


class Cursor(base.SQLiteCursorWrapper):
    """A lone statement that changes rows and gives them (RETURNING) is committed by SQLite only
    after the last of them was fetched. `fetch_ahead` does that, and keeps them."""

    ahead: list[Any] | None = None

    def fetch_ahead(self) -> None:
        self.ahead = super().fetchall() if self.description else None

    def execute(self, query: Any, params: Any = None) -> Any:
        self.ahead = None
        return super().execute(query, params)

    def executemany(self, query: Any, param_list: Any) -> Any:
        self.ahead = None
        return super().executemany(query, param_list)

    def fetchone(self) -> Any:
        if self.ahead is None:
            return super().fetchone()
        return self.ahead.pop(0) if self.ahead else None

    def fetchmany(self, size: int | None = 1) -> Any:
        if self.ahead is None:
            return super().fetchmany(size)
        rows, self.ahead = self.ahead[:size], self.ahead[size:]
        return rows

    def fetchall(self) -> Any:
        if self.ahead is None:
            return super().fetchall()
        rows, self.ahead = self.ahead, []
        return rows

    def __next__(self) -> Any:
        if self.ahead is None:
            return super().__next__()
        if not self.ahead:
            raise StopIteration
        return self.ahead.pop(0)
