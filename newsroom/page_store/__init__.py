"""Finished pages, kept until something they show has changed.

A view that is `stored` is drawn once. While it reads, the tables are noted; when anybody writes to
one of them, the page is drawn anew for the next reader. Nobody has to say what a page depends on,
nor what a change makes old: saying more (`shows`, `changes_only`) only makes it finer.

    statements, changes, watching, kinds   what is read and written
    generations, shared_table, owners      the proof that nothing changed
    pages, shelves, rendering, build       finished pages, and where they lie
    redis_server, _generations, _pages     the same for several machines, in Redis
    declared, wrapper                      views, and the WSGI application in front of them
    remembering                            the same for what functions give
"""

from newsroom.page_store.changes import changes_only
from newsroom.page_store.declared import AsWritten, as_given, one_of, stored
from newsroom.page_store.kinds import kind, never_shown
from newsroom.page_store.remembering import clock_of, remembered
from newsroom.page_store.watching import carries, changes_at, for_once, may_lag, shows

__all__ = [
    "AsWritten",
    "as_given",
    "carries",
    "changes_at",
    "changes_only",
    "clock_of",
    "for_once",
    "kind",
    "may_lag",
    "never_shown",
    "one_of",
    "remembered",
    "shows",
    "stored",
]
