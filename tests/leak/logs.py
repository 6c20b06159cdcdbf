"""Hears everything that is logged, whatever the settings say."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SQL = "django.db.backends"
TEMPLATES = "django.template"


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def sql(self) -> list[logging.LogRecord]:
        """Logged only while debugging; its parameters are what the database is given."""
        return [record for record in self.records if record.name.startswith(SQL)]

    @property
    def others(self) -> list[logging.LogRecord]:
        return [record for record in self.records if not record.name.startswith(SQL)]


@contextmanager
def everything_logged(*, sql: bool = False, templates: bool = True) -> Iterator[Heard]:
    """All loggers at DEBUG; with `sql` the queries too, as if the site were being debugged.

    Without `templates` it takes far less time: Django's templates log their whole context for
    each variable that is not there.
    """
    heard = Heard()
    known = (logging.getLogger(name) for name in list(logging.root.manager.loggerDict))
    loggers = [logging.root, *known]
    before = [(logger, logger.level, logger.disabled) for logger in loggers]
    deaf = [logger for logger in loggers if logger is logging.root or not logger.propagate]
    debugged = connection.force_debug_cursor
    connection.force_debug_cursor = sql
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
    if not templates:
        logging.getLogger(TEMPLATES).setLevel(logging.INFO)
    for logger in deaf:
        logger.addHandler(heard)
    try:
        yield heard
    finally:
        connection.force_debug_cursor = debugged
        for logger in deaf:
            logger.removeHandler(heard)
        for logger, level, disabled in before:
            logger.setLevel(level)
            logger.disabled = disabled
