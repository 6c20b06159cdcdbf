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
LAYOUT, BOOT, CLOCK, STAMP, FLOOR = range(5)
FIRST_SLOT = 16
# Who has marked what: owner, slot and moment, three numbers a row. Owners count from 1.
FIRST_ROW, ROW, ROWS = FIRST_SLOT + SLOTS, 3, 4096
NUMBERS = FIRST_ROW + ROW * ROWS
LAYOUT_NOW = 0x4E_45_57_53_00_00_00_01
MARKED = 1 << 63
# After so many seconds what a process had marked when it died is no longer being committed by the
# database either.
SETTLED = 10
LOOK_EVERY = 1.0  # seconds, for marks of the dead


class SharedTable:
    """Generations in a file of `folder`. See the protocol for what the methods promise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.owners = Owners(folder / "owners")
        self.inside = threading.RLock()
        self.looked_at = 0.0
        self._open()
        os.register_at_fork(after_in_child=self._open_again)

    def _open(self) -> None:
        self.file = os.open(self.folder / "generations", os.O_RDWR | os.O_CREAT, 0o600)
        with self._alone():
            os.ftruncate(self.file, NUMBERS * 8)
            self.map = mmap.mmap(self.file, NUMBERS * 8)
            self.numbers = memoryview(self.map).cast("Q")
            if (self.numbers[LAYOUT], self.numbers[BOOT]) != (LAYOUT_NOW, boot_mark()):
                self._begin()

    def _open_again(self) -> None:
        """In a child of the process: the lock of a file that both have open is held by both."""
        self.inside = threading.RLock()
        os.close(self.file)
        self._open()

    def _begin(self) -> None:
        self.map[FIRST_SLOT * 8 :] = bytes((NUMBERS - FIRST_SLOT) * 8)
        # Above that of any table before this one.
        self.numbers[CLOCK] = self.numbers[FLOOR] = time.time_ns()
        self.numbers[STAMP] = int.from_bytes(os.urandom(7))
        self.numbers[LAYOUT], self.numbers[BOOT] = LAYOUT_NOW, boot_mark()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.inside:
            fcntl.flock(self.file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self.file, fcntl.LOCK_UN)

    def _follow(self) -> None:
        """Somebody may have deleted the file: its processes would no longer hear of each other."""
        with self.inside:
            if os.fstat(self.file).st_nlink == 0:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self.owners.leave()
                os.close(self.file)
                self._open()

    def clock(self) -> int:
        if os.fstat(self.file).st_nlink == 0:
            self._follow()
        return self.numbers[CLOCK]

    def holds(self, proof: Proof) -> bool:
        if os.fstat(self.file).st_nlink == 0:
            self._follow()
        numbers = self.numbers
        # Raised after each change of a slot: while it stands still, what held does so still.
        stamp = numbers[STAMP]
        if proof.checked == stamp:
            return True
        since = proof.since
        if since < numbers[FLOOR]:
            return False
        for slot in proof.slots:
            if numbers[FIRST_SLOT + slot] > since:
                if numbers[FIRST_SLOT + slot] >= MARKED:
                    self._look_for_the_dead(proof.slots)
                return False
        proof.checked = stamp
        return True

    def mark(self, slots: Collection[Slot]) -> Mark:
        self.clock()
        now = int(time.monotonic())
        with self._alone():
            owner, free = self._owner(), self._free_rows()
            rows = tuple(row for row, _ in zip(free, slots, strict=False))
            if len(rows) < len(slots):
                raise StoreAway("too many changes are being committed at once")
            for row, slot in zip(rows, slots, strict=True):
                self.numbers[row + 1], self.numbers[row + 2] = slot, now
                self.numbers[row] = owner
                self.numbers[FIRST_SLOT + slot] |= MARKED
            self.numbers[STAMP] += 1
        return Mark(tuple(slots), rows)

    def release(self, mark: Mark) -> None:
        with self._alone():
            for row in mark.rows:
                self.numbers[row] = 0
            self._raise(mark.slots)

    def forget_all(self) -> None:
        self.clock()
        with self._alone():
            self.numbers[CLOCK] += 1
            self.numbers[FLOOR] = self.numbers[CLOCK]
            self.numbers[STAMP] += 1

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
        return (row for row in range(FIRST_ROW, NUMBERS, ROW) if numbers[row])

    def _free_rows(self) -> Iterator[int]:
        numbers = self.numbers
        return (row for row in range(FIRST_ROW, NUMBERS, ROW) if not numbers[row])

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
            self._raise([slot for slot in slots if slot not in marked])
