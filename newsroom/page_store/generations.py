"""How often what a tag names has changed: the proof that what was made of it is still right.

A tag is a word for something that pages show: a table of the database, or something smaller
(`replies:12`). Each has a slot with a number: the reading of the clock of changes when it changed
last. What was drawn when that clock stood at N holds as long as no slot it depends on shows more
than N. A tag that is about to change is marked first, which makes its number larger than any.

Tags share 65,536 slots by their checksum. Two that meet in one slot are drawn anew together, which
costs a little and is never wrong. All that is drawn depends on the first slot, EVERYTHING.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NewType, Protocol
from zlib import crc32

from django.db import OperationalError

SLOTS = 1 << 16

Slot = NewType("Slot", int)
EVERYTHING = Slot(0)


class StoreAway(OperationalError):
    """The store of pages cannot be told of a change, so that the change must not be committed:
    its transaction is rolled back as if the database had refused it."""


@lru_cache(maxsize=16_384)
def slot_of(tag: str) -> Slot:
    return Slot(1 + crc32(tag.encode()) % (SLOTS - 1))


def slots_of(tags: Iterable[str]) -> tuple[Slot, ...]:
    return tuple(sorted({slot_of(tag) for tag in tags}))


@dataclass(slots=True)
class Proof:
    """What something that was drawn depends on, and the clock of changes when that began.

    `checked` belongs to the generations, which remember in it when they looked last.
    """

    since: int
    slots: tuple[Slot, ...]
    checked: int = -1


@dataclass(frozen=True, slots=True)
class Mark:
    """Slots that are about to change, until `release` is called with it."""

    slots: tuple[Slot, ...]
    rows: tuple[int, ...] = ()
    table: int = 0


class Generations(Protocol):
    """The slots, shared by all processes that read and write one database."""

    def clock(self) -> int:
        """The reading of the clock of changes; to be taken before the first thing is read."""

    def holds(self, proof: Proof) -> bool:
        """Whether nothing that `proof` names has changed since, or is about to."""

    def mark(self, slots: Collection[Slot]) -> Mark:
        """Before a commit: nothing that depends on them holds until `release`. Raises StoreAway."""

    def release(self, mark: Mark) -> None:
        """After the commit, or after it failed: they have changed now. What cannot be told yet is
        told later, and they stay marked until then."""

    def forget_all(self) -> None:
        """From now on nothing holds that was drawn before."""

    def trouble(self) -> str:
        """Why they cannot be told of a change just now, in short words; empty if they can."""
