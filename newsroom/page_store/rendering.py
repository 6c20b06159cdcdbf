"""One draws a page, the others wait: when thousands ask for what was changed just now."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from newsroom.turns import waiting

WAIT = 2.0  # seconds at the most; then one draws it as well
STEP = 0.002
LOCKS = 64


class Turns:
    """Locks for the pages of a machine: of its threads, and by files of its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inside = [threading.Lock() for _ in range(LOCKS)]

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Within it nobody else on this machine draws the page, unless that takes longer than
        WAIT. Whoever had to wait looks first whether it is there."""
        number = crc32(key.encode("utf-8", "surrogateescape")) % LOCKS
        deadline = time.monotonic() + WAIT
        inside = self.inside[number]
        has_inside = inside.acquire(blocking=False)
        if not has_inside:
            waiting()
            has_inside = inside.acquire(timeout=WAIT)
        try:
            with self._opened(number) as file:
                while file and not _locked(file) and time.monotonic() < deadline:
                    waiting()
                    time.sleep(STEP)
                yield
        finally:
            if has_inside:
                inside.release()

    @contextmanager
    def _opened(self, number: int) -> Iterator[BinaryIO | None]:
        """The file of that number, whose lock is let go when it is closed; None where it cannot be
        made: each process then draws for itself."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = (self.folder / str(number)).open("ab", buffering=0)
        except OSError:
            yield None
            return
        with file:
            yield file


def _locked(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
