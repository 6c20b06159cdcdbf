"""Mistakes that somebody could make in the page store. Each must be found out."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext

from newsroom.page_store import changes, statements, watching
from newsroom.page_store.generations import slots_of
from newsroom.page_store.statements import Tables
from newsroom.page_store.store import store


def make(name: str) -> None:
    MISTAKES[name]()


def a_table_is_not_noticed() -> None:
    tables_of = statements.tables_of

    def without(sql: str) -> Tables:
        read, written = tables_of(sql)
        return Tables(read, written - {"newsroom_menuitem"})

    changes.tables_of = without  # type: ignore[attr-defined, assignment]


def the_mark_is_forgotten() -> None:
    @contextmanager
    def telling(tags: Collection[str]) -> Iterator[None]:
        yield
        if tags:
            table = store().generations
            table.release(table.mark(slots_of(tags)))

    changes.telling = telling


def it_is_released_before_the_commit() -> None:
    @contextmanager
    def telling(tags: Collection[str]) -> Iterator[None]:
        if tags:
            table = store().generations
            table.release(table.mark(slots_of(tags)))
        yield

    changes.telling = telling


def it_is_not_told() -> None:
    changes.telling = lambda tags: nullcontext()  # type: ignore[assignment, return-value]


def a_clock_is_missing() -> None:
    watching.clocks.pop("articles_article")


MISTAKES: dict[str, Callable[[], None]] = {
    mistake.__name__: mistake
    for mistake in (
        *(it_is_not_told, a_table_is_not_noticed, the_mark_is_forgotten),
        *(it_is_released_before_the_commit, a_clock_is_missing),
    )
}
