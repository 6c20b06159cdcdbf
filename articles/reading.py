"""Counts how often a piece is read: told by a script on its page, and by nothing about its reader.

The counts wait in the memory of the process. A thread writes them, in one small transaction every
few seconds, so that no reader waits for it. What waits is lost when a process is killed: these are
figures that inform, no more.
"""

import atexit
import logging
import threading
from collections import Counter

from django.db import DatabaseError, connection
from django.utils import timezone

from articles.models import Activity
from articles.models.activity import Hour

logger = logging.getLogger(__name__)

EVERY_SECONDS, EVERY_READS = 10, 200
# While the database takes nothing, the hours of so many pieces are kept in memory, and no more.
MOST_WAITING = 10_000


class Reads:
    """What was read and is not in the database yet. Any thread may count."""

    def __init__(self) -> None:
        self._waiting: Counter[Hour] = Counter()
        self._lock = threading.Lock()
        self._is_due = threading.Event()
        self._writer: threading.Thread | None = None

    def count(self, article: int) -> None:
        """One more now, of a piece by its primary key."""
        hour = Hour.of(article, timezone.now())
        with self._lock:
            if hour in self._waiting or len(self._waiting) < MOST_WAITING:
                self._waiting[hour] += 1
            if self._waiting.total() >= EVERY_READS:
                self._is_due.set()
        self.start()

    def write(self) -> None:
        """Write what waits. What the database can't take now goes on waiting."""
        with self._lock:
            reads, self._waiting = self._waiting, Counter()
        if not reads:
            return
        try:
            Activity.objects.add_reads(reads)
        except DatabaseError as error:
            logger.warning("What was read is written later: %s", type(error).__name__)
            with self._lock:
                self._waiting.update(reads)

    def start(self) -> None:
        """Have it written from now on, by a thread of this process."""
        with self._lock:
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write_again, daemon=True)
                self._writer.start()

    def _write_again(self) -> None:
        while True:
            self._is_due.wait(EVERY_SECONDS)
            self._is_due.clear()
            try:
                self.write()
            finally:
                connection.close()

    @property
    def waiting(self) -> int:
        return self._waiting.total()


reads = Reads()
atexit.register(reads.write)
