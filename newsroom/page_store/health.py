"""What /readyz says of the store of pages."""

from newsroom.health import Report, State
from newsroom.page_store.store import store


def store_of_pages() -> Report:
    """Whether it can be told of a change, without which none is made, and keeps what is drawn.

    Readers are served in any case.
    """
    parts = store()
    if trouble := parts.generations.trouble():
        words = f"nothing that readers see can be changed: {trouble}"
        return Report("pages", State.DEGRADED, words)
    if trouble := parts.shelf.trouble():
        return Report("pages", State.DEGRADED, trouble)
    return Report("pages", State.READY, parts.shelf.place)
