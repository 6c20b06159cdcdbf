"""The store of this process, as the settings want it."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from newsroom.page_store.build import folder_of_pages
from newsroom.page_store.generations import Generations
from newsroom.page_store.rendering import Turns
from newsroom.page_store.shared_table import SharedTable
from newsroom.page_store.shelves import Files, Memory, Shelf

OF_NOTHING = 16  # this part of the memory for pages may tell besides that there is nothing


@dataclass(frozen=True)
class Store:
    generations: Generations
    memory: Memory
    shelf: Shelf
    turns: Turns


@cache
def store() -> Store:
    """Made at first use, not when the settings are read."""
    missing = Memory(settings.PAGES_IN_MEMORY // OF_NOTHING)
    folder, memory = settings.STATE.pages, Memory(settings.PAGES_IN_MEMORY, missing=missing)
    if settings.REDIS_URL:
        from newsroom.page_store import redis_store  # noqa: PLC0415 - the client is an extra

        generations, shelf, turns = redis_store.parts(
            settings.REDIS_URL, folder=folder, limit=settings.PAGES_IN_REDIS
        )
        return Store(generations, memory, shelf, turns)
    return Store(
        SharedTable(folder),
        memory,
        Files(folder_of_pages(), settings.PAGES_ON_DISK),
        Turns(folder / "turns"),
    )
