from django.db.backends.sqlite3 import base

from newsroom.page_store.changes import NoticesChanges


class DatabaseWrapper(NoticesChanges, base.DatabaseWrapper):
    """Django's own, which also tells the page store what was changed."""
