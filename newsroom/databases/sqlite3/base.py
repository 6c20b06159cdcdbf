from typing import Any

from django.db.backends.sqlite3 import base

from newsroom.databases.sqlite3.operations import DatabaseOperations
from newsroom.page_store.changes import NoticesChanges


class DatabaseWrapper(NoticesChanges, base.DatabaseWrapper):
    """Django's own, which also tells the page store what was changed."""

    ops_class = DatabaseOperations

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
