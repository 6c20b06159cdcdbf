"""The files of an export, as they are given: plain, compressed, or from the standard input. Each
is read twice."""

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from articles.importers.errors import Place, Refused
from articles.importers.wordpress.reading import read
from articles.importers.wordpress.records import Record

GZIP = b"\x1f\x8b"


class Source:
    """A file of an export. Raises OSError where it can't be opened."""

    def __init__(self, path: Path, name: str = "") -> None:
        self.path, self.name = path, name or path.name
        with path.open("rb") as file:
            self.is_compressed = file.read(2) == GZIP
        self.size = path.stat().st_size

    def records(self, told: Callable[[int], None] | None = None) -> Iterator[Record]:
        """What it holds, one after the other; `told` hears how many of its bytes were read. Raises
        Refused where it is broken, after all that was whole before."""
        try:
            with self.path.open("rb") as file:
                if not self.is_compressed:
                    yield from read(file, self.name, progress=told)
                    return
                with gzip.open(file) as plain:
                    heard = (lambda _done: told(file.tell())) if told else None
                    yield from read(cast("BinaryIO", plain), self.name, progress=heard)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise Refused(_("The compressed file is broken."), Place(self.name)) from None


@contextmanager
def spooled(stream: BinaryIO, folder: Path | None = None) -> Iterator[Source]:
    """What comes from the standard input, in a file meanwhile."""
    with tempfile.NamedTemporaryFile(prefix="newsroom-import-", dir=folder) as file:
        shutil.copyfileobj(stream, file, 1024 * 1024)
        file.flush()
        yield Source(Path(file.name), "-")
