"""The store of this process, as the settings want it."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from newsroom.page_store.build import folder_of_pages
from newsroom.page_store.generations import Generations
from newsroom.page_store.rendering import Turns
from newsroom.page_store.shared_table import SharedTable
from newsroom.page_store.shelves import Files, Memory, Shelf


@dataclass(frozen=True)
class Store:
    generations: Generations
    memory: Memory
    shelf: Shelf
    turns: Turns


@cache
def store() -> Store:
    """Made at first use, not when the settings are read."""
    folder = settings.STATE.pages
    return Store(
        SharedTable(folder),
        Memory(settings.PAGES_IN_MEMORY),
        Files(folder_of_pages(), settings.PAGES_ON_DISK),
        Turns(folder / "turns"),
    )
