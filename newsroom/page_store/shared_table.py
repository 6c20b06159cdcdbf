"""The generations of one machine: a file that all its processes have in their memory.

To look something up is to read a number there, without a lock. Whoever writes holds the lock of
the file. It outlives its processes, and is worth nothing after the machine has started anew: what
was written last may not have reached the disk.
"""

import fcntl
import mmap
import os
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsroom.page_store.boot import boot_mark
from newsroom.page_store.generations import SLOTS, Mark, Proof, Slot, StoreAway
from newsroom.page_store.owners import NOBODY, Owners

# The numbers at the head of the table, 64 bits each.
LAYOUT, BOOT, CLOCK, STAMP, FLOOR, BORN, TOP = range(7)
FIRST_SLOT = 16
# Who has marked what: owner, slot and moment, three numbers a row, none from TOP on. Owners count
# from 1.
FIRST_ROW, ROW, ROWS = FIRST_SLOT + SLOTS, 3, 4096
NUMBERS = FIRST_ROW + ROW * ROWS
LAYOUT_NOW = 0x4E_45_57_53_00_00_00_02
MARKED = 1 << 63
# After so many seconds what a process had marked when it died is no longer being committed by the
# database either.
SETTLED = 10
LOOK_EVERY = 1.0  # seconds, for marks of the dead


class SharedTable:
    """Generations in a file of `folder`. See the protocol for what the methods promise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.owners = Owners(folder / "owners")
        self.inside = threading.RLock()
        self.looked_at = 0.0
        self._open()
        os.register_at_fork(after_in_child=self._open_again)

    def _open(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.file = os.open(self.folder / "generations", os.O_RDWR | os.O_CREAT, 0o600)
        with self._alone():
            if os.fstat(self.file).st_size != NUMBERS * 8:
                # Written, not only made so long: a disk that is full later is no harm.
                os.ftruncate(self.file, 0)
                os.pwrite(self.file, bytes(NUMBERS * 8), 0)
            self.map = mmap.mmap(self.file, NUMBERS * 8)
            self.numbers = memoryview(self.map).cast("Q")
            if (self.numbers[LAYOUT], self.numbers[BOOT]) != (LAYOUT_NOW, boot_mark()):
                self._begin()

    def _open_again(self) -> None:
        """In a child of the process: the lock of a file that both have open is held by both."""
        self.inside = threading.RLock()
        self.owners.leave()
        os.close(self.file)
        self._open()

    def _begin(self) -> None:
        self.map[FIRST_SLOT * 8 :] = bytes((NUMBERS - FIRST_SLOT) * 8)
        # Above that of any table before this one.
        self.numbers[CLOCK] = self.numbers[FLOOR] = time.time_ns()
        self.numbers[STAMP], self.numbers[BORN] = _random(), _random()
        self.numbers[TOP] = FIRST_ROW
        self.numbers[LAYOUT], self.numbers[BOOT] = LAYOUT_NOW, boot_mark()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.inside:
            fcntl.flock(self.file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self.file, fcntl.LOCK_UN)

    def _is_deleted(self) -> bool:
        """Somebody may have deleted the file: its processes would no longer hear of each other."""
        return os.fstat(self.file).st_nlink == 0

    def _follow(self) -> None:
        """To the file that is there now. The old one stays open, for threads that look at it."""
        with self.inside:
            if self._is_deleted():
                self.owners.leave()
                self._open()

    def clock(self) -> int:
        if self._is_deleted():
            self._follow()
        return self.numbers[CLOCK]

    def holds(self, proof: Proof) -> bool:
        if self._is_deleted():
            self._follow()
        numbers = self.numbers
        # Raised after each change of a slot: while it stands still, what held does so still.
        stamp = numbers[STAMP]
        if proof.checked == stamp:
            return True
        since = proof.since
        # Drawn before it was said that all is to be forgotten, or with another table.
        if not numbers[FLOOR] <= since <= numbers[CLOCK]:
            return False
        for slot in proof.slots:
            if numbers[FIRST_SLOT + slot] > since:
                if numbers[FIRST_SLOT + slot] >= MARKED:
                    self._look_for_the_dead(proof.slots)
                return False
        proof.checked = stamp
        return True

    def mark(self, slots: Collection[Slot]) -> Mark:
        try:
            self.clock()
            with self._alone():
                return self._mark(slots, self._owner(), int(time.monotonic()))
        except OSError as error:
            raise StoreAway(f"the store of pages cannot be written: {error.strerror}") from error

    def _mark(self, slots: Collection[Slot], owner: int, now: int) -> Mark:
        numbers = self.numbers
        free = (row for row in range(FIRST_ROW, NUMBERS, ROW) if not numbers[row])
        rows = tuple(row for row, _ in zip(free, slots, strict=False))
        if len(rows) < len(slots):
            raise StoreAway("too many changes are being committed at once")
        numbers[TOP] = max((numbers[TOP], *(row + ROW for row in rows)))
        for row, slot in zip(rows, slots, strict=True):
            numbers[row + 1], numbers[row + 2] = slot, now
            numbers[row] = owner
            numbers[FIRST_SLOT + slot] |= MARKED
        numbers[STAMP] += 1
        return Mark(tuple(slots), rows, numbers[BORN])

    def release(self, mark: Mark) -> None:
        while True:
            with self._alone():
                if self.numbers[BORN] == mark.table:
                    for row in mark.rows:
                        self.numbers[row] = 0
                self._raise(mark.slots)
            if not self._is_deleted():
                return
            self._follow()

    def forget_all(self) -> None:
        self.clock()
        with self._alone():
            self.numbers[CLOCK] += 1
            self.numbers[FLOOR] = self.numbers[CLOCK]
            self.numbers[STAMP] += 1

    def trouble(self) -> str:
        try:
            self.clock()
        except OSError as error:
            return f"its table cannot be read: {error.strerror}"
        is_full = all(self.numbers[row] for row in range(FIRST_ROW, NUMBERS, ROW))
        return "too many changes are being committed at once" if is_full else ""

    def _raise(self, slots: Collection[Slot]) -> None:
        """They have changed; those stay marked that somebody else is about to change, too."""
        still = {self.numbers[row + 1] for row in self._rows()}
        self.numbers[CLOCK] += 1
        for slot in slots:
            marked = MARKED if slot in still else 0
            self.numbers[FIRST_SLOT + slot] = self.numbers[CLOCK] | marked
        self.numbers[STAMP] += 1

    def _rows(self) -> Iterator[int]:
        """Where the rows of marks are that somebody has set."""
        numbers = self.numbers
        while numbers[TOP] > FIRST_ROW and not numbers[numbers[TOP] - ROW]:
            numbers[TOP] -= ROW
        return (row for row in range(FIRST_ROW, numbers[TOP], ROW) if numbers[row])

    def _owner(self) -> int:
        """The number of this process; the marks of a dead one that had it are left to nobody."""
        owner, is_new = self.owners.mine()
        if is_new:
            for row in self._rows():
                if self.numbers[row] == owner:
                    self.numbers[row] = NOBODY
        return owner

    def _look_for_the_dead(self, slots: tuple[Slot, ...]) -> None:
        """A process that was killed between its mark and the end of its commit: whether that was
        committed is settled after a while, and then its tags have changed."""
        now = time.monotonic()
        if now - self.looked_at < LOOK_EVERY:
            return
        self.looked_at = now
        with self._alone():
            marked = set()
            for row in list(self._rows()):
                owner, slot, since = self.numbers[row : row + ROW]
                if now - since >= SETTLED and self.owners.is_dead(owner):
                    self.numbers[row] = 0
                else:
                    marked.add(slot)
            left = [slot for slot in slots if self.numbers[FIRST_SLOT + slot] >= MARKED]
            self._raise([slot for slot in left if slot not in marked])


def _random() -> int:
    return int.from_bytes(os.urandom(7))
