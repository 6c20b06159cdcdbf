"""What is asked for on every page and changes once a month: kept until a change proves it old."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from newsroom.page_store import watching
from newsroom.page_store.generations import Proof
from newsroom.page_store.store import store
from newsroom.page_store.watching import Watch

MOST = 512

_values: OrderedDict[tuple[Any, ...], "Value"] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Value:
    value: Any
    proof: Proof
    depends_on: set[str]
    begun: float
    ends: float

    def holds(self) -> bool:
        return self.begun <= time.time() < self.ends and store().generations.holds(self.proof)


def remembered[**Given, Answer](function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Ask `function` once, and again when something it read has changed.

    Its arguments are hashable, it only reads, and what it gives is changed by nobody: all threads
    of the process share it. Whatever page uses it depends on what it read. Within a transaction
    that has written it is asked each time.
    """

    is_clock = getattr(function, "is_clock", False)

    @wraps(function)
    def answer(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        # A clock knows no end of what it reads, but for the moment that it tells of.
        if watching.is_changing() or (watching.asks_a_clock() and not is_clock):
            return function(*args, **kwargs)
        key = (function, args, *sorted(kwargs.items()))
        found = _values.get(key)
        if found is None or not found.holds():
            found = _ask(function, args, kwargs)
            _values[key] = found
            while len(_values) > MOST:
                _values.popitem(last=False)
        if around := watching.current():
            around.take_in(found.depends_on, found.ends)
        value: Answer = found.value
        return value

    return answer


def _ask(function: Callable[..., Any], args: Any, kwargs: Any) -> Value:
    watch = Watch(store().generations.clock())
    with watching.watching(watch):
        value = function(*args, **kwargs)
    if watch.has_written:
        raise RuntimeError("what is remembered must not write")
    return Value(value, watch.proof(), watch.depends_on(), watch.begun, watch.ends)


def clock_of(table: str, next_change: Callable[[], datetime | None]) -> None:
    """Whatever reads `table` lasts at most until the moment that `next_change` gives, if any.

    It is asked once, and again when that moment has come or the table has changed.
    """

    def tell() -> float:
        asked_at = time.time()
        watching.changes_at(next_change())
        return asked_at

    tell.is_clock = True  # type: ignore[attr-defined]
    watching.clocks[table] = remembered(tell)


def forget() -> None:
    """All values of this process."""
    _values.clear()
