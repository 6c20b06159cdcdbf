"""Who writes next: those who want to write to a file of SQLite's get their turn as they came.

SQLite lets one write at a time, and whoever finds it busy sleeps and looks again, longer each time:
so who came last is often first, and some wait for seconds. Here the threads of a process stand in a
line, and the first of each process asks for two locks of the system that go with the process that
holds them: one says who is next, the other who writes. Nothing depends on that but the order:
SQLite's own lock decides.
"""

import fcntl
import os
import threading
import time
from collections import deque
from contextlib import suppress

from newsroom.turns import waiting

LOOK_EVERY = 0.0005  # seconds; one thread of each process that waits looks whether it is free


class Queue:
    """Of one process, for one database."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.lock = threading.Lock()
        self.line = deque[threading.Lock]()
        self.is_taken = False
        self.next_one = self.writer = -1  # files

    def enter(self, seconds: float) -> bool:
        """Wait for the turn, which lasts until `leave`. False where it doesn't come in time."""
        deadline = time.monotonic() + seconds
        if not self._is_first(seconds):
            return False
        self._open_files()
        if self._is_free() or self._lock_files(deadline):
            return True
        self._call_next()
        return False

    def leave(self) -> None:
        _unlock(self.writer)
        self._call_next()

    def _is_first(self, seconds: float) -> bool:
        """Wait to be the first of this process."""
        with self.lock:
            if not self.is_taken:
                self.is_taken = True
                return True
            my_turn = threading.Lock()
            my_turn.acquire()
            self.line.append(my_turn)
        waiting()
        if my_turn.acquire(timeout=max(seconds, 0)):
            return True
        with self.lock:
            if my_turn in self.line:
                self.line.remove(my_turn)
                return False
        return True  # called just now

    def _call_next(self) -> None:
        with self.lock:
            if self.line:
                self.line.popleft().release()
            else:
                self.is_taken = False

    def _is_free(self) -> bool:
        """Whether the turn could be had at once."""
        if not _locked(self.next_one):
            return False
        is_free = _locked(self.writer)
        _unlock(self.next_one)
        return is_free

    def _lock_files(self, deadline: float) -> bool:
        """Whoever is next waits alone for the one who writes: nobody comes before it."""
        waiting()
        is_next = False
        while time.monotonic() < deadline:
            is_next = is_next or _locked(self.next_one)
            if is_next and _locked(self.writer):
                break
            time.sleep(LOOK_EVERY)
        else:
            if is_next:
                _unlock(self.next_one)
            return False
        _unlock(self.next_one)
        return True

    def _open_files(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        if self.writer < 0:
            with suppress(OSError):
                self.next_one = os.open(f"{self.database}-next", flags, 0o600)
                self.writer = os.open(f"{self.database}-writer", flags, 0o600)

    def close(self) -> None:
        for file in (self.next_one, self.writer):
            if file >= 0:
                os.close(file)


def _locked(file: int) -> bool:
    """Also where there is no file, or a file system without locks: then nobody waits for them."""
    try:
        if file >= 0:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _unlock(file: int) -> None:
    with suppress(OSError):
        if file >= 0:
            fcntl.flock(file, fcntl.LOCK_UN)


_queues: dict[str, Queue] = {}


def queue_for(database: str) -> Queue:
    return _queues.get(database) or _queues.setdefault(database, Queue(database))


def _begin_anew() -> None:
    """A process made from another would hold the same locks by the same files."""
    for queue in _queues.values():
        queue.close()
    _queues.clear()


os.register_at_fork(after_in_child=_begin_anew)
