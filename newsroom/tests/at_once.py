"""Several who act at the same moment, each with a connection to the database of its own."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections


@pytest.fixture
def in_threads(tmp_path):
    """Calls functions at once, each in a thread with a database connection of its own.

    The tests' SQLite database is in memory, where connections lock each other out at once
    instead of waiting in turn. So the threads get a copy in a file, as a newsroom has.
    """
    original = connection.settings_dict["NAME"]

    def run(*functions):
        start = Barrier(len(functions))

        def in_a_thread(function):
            start.wait()
            try:
                return function()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(functions)) as threads:
            running = [threads.submit(in_a_thread, function) for function in functions]
            return [each.result() for each in running]

    def run_on_a_copy(*functions):
        file = tmp_path / "db.sqlite3"
        if not file.exists():
            connection.ensure_connection()
            with sqlite3.connect(file) as copy:
                connection.connection.backup(copy)
                # As `serve` does by migrating before it starts the others: connections that turn
                # a file to WAL at once don't wait for each other, but fail.
                copy.execute("PRAGMA journal_mode=WAL")
            copy.close()
        connection.settings_dict["NAME"] = file
        try:
            return run(*functions)
        finally:
            connection.settings_dict["NAME"] = original

    return run_on_a_copy if connection.vendor == "sqlite" else run
