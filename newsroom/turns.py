"""The threads that answer requests, of which few work at a time.

Two threads of one process that draw pages take half as long again for each, since SQLite lets the
interpreter go at every step. So a thread works only while it has a permit, of which there is one on
SQLite; the others wait. Whoever begins to wait itself hands its permit on.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable

from django.db import connections

log = logging.getLogger(__name__)

type Job = Callable[[], None]

# Threads beside those with a permit that may wait for something. The one used last goes on, and one
# that is not used ends: each has a connection to the database, and so a few megabytes.
MOST_WAITING = 3
IDLE_SECONDS = 60.0


class Full(Exception):
    """More is waiting than could be answered in time: ask again later."""


def waiting() -> None:
    """To be called by a thread that is about to wait, for a lock of the database say: another one
    may work meanwhile. It goes on without a permit; on threads without one it does nothing."""
    thread = getattr(_current, "thread", None)
    if thread is not None:
        thread.turns.hand_on(thread)


def leave() -> None:
    """To be called by a thread that will be busy for as long as a client takes: it hands its permit
    on, and another thread may take its place."""
    thread = getattr(_current, "thread", None)
    if thread is not None:
        thread.turns.let_leave(thread)


_current = threading.local()


class Turns:
    """Does jobs in the order in which they come, `permits` of them at a time.

    No more than `most_waiting` wait.
    """

    def __init__(self, permits: int, most_waiting: int = 1024) -> None:
        self.permits, self.most_waiting = permits, most_waiting
        self.most_threads = permits + MOST_WAITING
        self.lock = threading.Condition()
        self.jobs: deque[Job] = deque()
        self.idle: list[Thread] = []
        self.threads = 0  # that have not left
        self.unfinished = 0

    def do(self, job: Job) -> None:
        """Have it done by a thread, soon. Raises Full."""
        with self.lock:
            if len(self.jobs) >= self.most_waiting:
                raise Full
            self.unfinished += 1
            self.jobs.append(job)
            self._begin()

    def join(self, seconds: float) -> bool:
        """Wait until nothing is left to be done; whether that is so."""
        with self.lock:
            return self.lock.wait_for(lambda: self.unfinished == 0, seconds)

    def hand_on(self, thread: "Thread") -> None:
        with self.lock:
            if thread.has_permit:
                thread.has_permit = False
                self.permits += 1
                self._begin()

    def let_leave(self, thread: "Thread") -> None:
        with self.lock:
            if not thread.has_left:
                thread.has_left = True
                self.threads -= 1
        self.hand_on(thread)
        with self.lock:
            self._begin()

    def _begin(self) -> None:
        """Have as many jobs begun as permits and threads are there for."""
        while self.jobs and self.permits:
            if self.idle:
                thread = self.idle.pop()
            elif self.threads < self.most_threads:
                self.threads += 1
                thread = Thread(self)
                thread.start()
            else:
                return
            self.permits -= 1
            thread.take(self.jobs.popleft())

    def next_for(self, thread: "Thread") -> bool:
        """Give the thread that has done its job another one, or let it rest; False where it is to
        end."""
        with self.lock:
            self.unfinished -= 1
            if not self.unfinished:
                self.lock.notify_all()
            if thread.has_permit:
                thread.has_permit = False
                self.permits += 1
            if thread.has_left:
                self._begin()
                return False
            self.idle.append(thread)
            self._begin()
            return True

    def may_end(self, thread: "Thread") -> bool:
        """Whether a thread that nobody has used may end: it may have been called just now."""
        with self.lock:
            if thread not in self.idle:
                return False
            self.idle.remove(thread)
            self.threads -= 1
            return True


class Thread(threading.Thread):
    def __init__(self, turns: Turns) -> None:
        super().__init__(name="answers", daemon=True)
        self.turns = turns
        self.job: Job | None = None
        self.has_permit = self.has_left = False
        self.is_called = threading.Semaphore(0)

    def take(self, job: Job) -> None:
        self.job, self.has_permit = job, True
        self.is_called.release()

    def run(self) -> None:
        _current.thread = self
        try:
            while True:
                if not self.is_called.acquire(timeout=IDLE_SECONDS):
                    if self.turns.may_end(self):
                        return
                    continue
                job, self.job = self.job, None
                assert job
                try:
                    job()
                except Exception:
                    log.exception("A request was not answered.")
                del job  # and with it the request, before this one rests
                if not self.turns.next_for(self):
                    return
        finally:
            connections.close_all()
