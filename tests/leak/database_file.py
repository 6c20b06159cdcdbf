"""The bytes of an SQLite database as they lie on the disk, its write-ahead log among them."""

from collections.abc import Iterator
from pathlib import Path


def of_database(file: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(file.parent.glob(f"{file.name}*")):
        yield path.name, path.read_bytes()
