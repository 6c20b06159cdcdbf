"""Checks of the machine, run at start-up with the database's own."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

FIXED_IN = (3, 51, 3)
BACKPORTED_TO = {(3, 44): 6, (3, 50): 7}


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can corrupt a database in WAL mode (sqlite.org, March 2026)."""
    if version < (3, 7, 0) or version >= FIXED_IN:
        return False
    return version[2] < BACKPORTED_TO.get(version[:2], 1000)


@register(Tags.database)
def sqlite_is_sound(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    uses_sqlite = any(connections[alias].vendor == "sqlite" for alias in databases or ())
    if not uses_sqlite or not has_wal_reset_bug(sqlite3.sqlite_version_info):
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} has a rare bug that can damage the database "
            "when several processes write.",
            hint="Use a Python with SQLite 3.51.3 or newer (or 3.50.7, 3.44.6), or PostgreSQL.",
            id="newsroom.W001",
        )
    ]
