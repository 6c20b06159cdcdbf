"""What is read while something is drawn: of that it depends, and the clock may end it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from newsroom.page_store.generations import EVERYTHING, Proof, slots_of
from newsroom.page_store.kinds import depended_on, shown
from newsroom.page_store.statements import Tables

NEVER = float("inf")


@dataclass
class Watch:
    """What was read since the clock of changes stood at `since`, and the time was `begun`."""

    since: int
    begun: float = field(default_factory=time.time)
    ends: float = NEVER
    tables: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    taken_in: set[str] = field(default_factory=set)
    has_written: bool = False
    stamp: str = ""

    def proof(self) -> Proof:
        return Proof(self.since, (EVERYTHING, *slots_of(self.depends_on())))

    def depends_on(self) -> set[str]:
        return depended_on(self.tables, self.tags) | self.taken_in

    def take_in(self, depends_on: set[str], ends: float) -> None:
        """It has used something that was drawn apart: what this says of itself (`shows`) is not
        said of that."""
        self.taken_in |= depends_on
        self.ends = min(self.ends, ends)

    def be_for_once(self) -> None:
        """It is right now, and nobody knows for how long."""
        self.ends = min(self.ends, self.begun)


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)
_asks_a_clock: ContextVar[bool] = ContextVar("asks_a_clock", default=False)
# For a table, what tells by `changes_at` when the clock changes what it shows, and gives when it
# was asked. See clock_of().
clocks: dict[str, Callable[[], float]] = {}


def current() -> Watch | None:
    return _watch.get()


def note(tables: Tables) -> None:
    watch = _watch.get()
    if watch is not None:
        watch.tables |= tables.read
        if shown(tables.read) != tables.read:
            watch.be_for_once()
        watch.has_written = watch.has_written or bool(tables.written)


@contextmanager
def watching(watch: Watch) -> Iterator[Watch]:
    """What is read within is noted in it, and in no watch around."""
    token = _watch.set(watch)
    try:
        yield watch
        _ask_the_clocks(watch)
    finally:
        _watch.reset(token)


def _ask_the_clocks(watch: Watch) -> None:
    """Not for what a clock itself reads, which ends at the moment that it tells of.

    One that was asked only after the watch had begun may have been too late to tell of a moment
    between.
    """
    if _asks_a_clock.get():
        return
    token = _asks_a_clock.set(True)
    try:
        for table in sorted(watch.tables & clocks.keys()):
            if clocks[table]() > watch.begun:
                watch.be_for_once()
    except DatabaseError:
        watch.be_for_once()
    finally:
        _asks_a_clock.reset(token)


def wind_the_clocks() -> None:
    """Before a watch begins: ask those that have nothing to tell any more."""
    _ask_the_clocks(Watch(0, tables=set(clocks)))


def asks_a_clock() -> bool:
    return _asks_a_clock.get()


def shows(*tags: str) -> None:
    """What is being drawn shows what these tags name (see kinds.py)."""
    if watch := _watch.get():
        watch.tags.update(tags)


def changes_at(moment: datetime | None) -> None:
    """What is being drawn will be another at that moment, without any change in the database.
    A moment before that was begun, or None, is none."""
    watch = _watch.get()
    if watch and moment is not None and moment.timestamp() > watch.begun:
        watch.ends = min(watch.ends, moment.timestamp())


def carries(stamp: str) -> None:
    """What is being drawn has `stamp` in its text, which tells when that was and nothing else:
    the same page drawn earlier is as good."""
    if watch := _watch.get():
        watch.stamp = stamp


def for_once() -> None:
    """What is being drawn is asked for so seldom that it is not worth keeping."""
    if watch := _watch.get():
        watch.be_for_once()


@contextmanager
def may_lag(*, minutes: int) -> Iterator[None]:
    """What is read within merely informs: it may be so old, and its changes raise nothing."""
    around = _watch.get()
    with watching(Watch(0)):
        yield
    if around:
        around.ends = min(around.ends, around.begun + timedelta(minutes=minutes).total_seconds())


def is_changing() -> bool:
    """Whether this thread has written what it has not committed: nobody else may see it."""
    return getattr(connection, "has_written", False)
