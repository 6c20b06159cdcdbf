"""Which processes live: each holds the lock of a numbered file, which the system lets go when it
dies, however that happens."""

import fcntl
import os
from pathlib import Path

NOBODY = 1 << 32
MOST = 4096


class Owners:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = self.process = 0
        self.file = -1

    def mine(self) -> tuple[int, bool]:
        """The number of this process, and whether it has taken it just now."""
        if self.process == os.getpid():
            return self.number, False
        self.leave()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1, MOST):
            if (file := self._take(number)) is not None:
                self.number, self.file, self.process = number, file, os.getpid()
                return number, True
        raise OSError("too many processes use the store of pages")

    def leave(self) -> None:
        """Let the number go. A child of the process that took it only closes its copy."""
        if self.file >= 0:
            os.close(self.file)
        self.number, self.process, self.file = 0, 0, -1

    def is_dead(self, owner: int) -> bool:
        if owner == NOBODY:
            return True
        if owner == self.number and self.process == os.getpid():
            return False
        file = self._take(owner)
        if file is None:
            return False
        os.close(file)
        return True

    def _take(self, number: int) -> int | None:
        file = os.open(self.folder / str(number), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return file
