import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.utils import load_backend

from newsroom.databases.sqlite3.queue import Queue, _locked, _unlock, queue_for

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db]

HOLDS = """
import sys, time
from newsroom.databases.sqlite3.queue import Queue
queue = Queue(sys.argv[1])
assert queue.enter(5)
print("in", flush=True)
time.sleep(60)
"""


def connect(file, timeout=5):
    """A connection of the newsroom's own backend to a file."""
    backend = load_backend("newsroom.databases.sqlite3")
    defaults: dict[str, Any] = {
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": 0,
        "TIME_ZONE": None,
    }
    defaults |= {"CONN_HEALTH_CHECKS": False, "USER": "", "PASSWORD": "", "HOST": "", "PORT": ""}
    options = {"timeout": timeout, "transaction_mode": "IMMEDIATE", "check_same_thread": False}
    made = backend.DatabaseWrapper(defaults | {"NAME": file, "OPTIONS": options}, "default")
    made.inc_thread_sharing()
    return made


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE newsroom_sitesettings (name)")
    return file


@pytest.fixture
def connected(file):
    made = []

    def one(**options):
        made.append(connect(file, **options))
        return made[-1]

    yield one
    for each in made:
        each.close()


def begin(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection):
    connection.commit()
    connection.set_autocommit(True)


def is_free(file):
    with closing(sqlite3.connect(file, timeout=0)) as database:
        database.execute("BEGIN IMMEDIATE")
    if entered := queue_for(str(file)).enter(0):
        queue_for(str(file)).leave()
    return entered


def stand_in_line(queue, number):
    while len(queue.line) < number:
        time.sleep(0.001)


def test_threads_write_in_the_order_in_which_they_came(tmp_path):
    queue, came = Queue(str(tmp_path / "db")), []

    def write(number):
        assert queue.enter(10)
        came.append(number)
        queue.leave()

    assert queue.enter(10)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        stand_in_line(queue, number + 1)
    queue.leave()
    for thread in threads:
        thread.join()
    assert came == list(range(8))


def test_who_waits_too_long_leaves_the_line_and_the_next_ones_come(tmp_path):
    queue = Queue(str(tmp_path / "db"))
    assert queue.enter(1)
    assert not queue.enter(0.01)
    assert not queue.line
    queue.leave()
    assert queue.enter(0)
    queue.leave()


def test_another_process_waits_and_nobody_comes_before_the_one_that_is_next(tmp_path):
    name = str(tmp_path / "db")
    writing, next_one, late = Queue(name), Queue(name), Queue(name)
    assert writing.enter(1)
    got = threading.Thread(target=next_one.enter, args=(10,))
    got.start()
    late._open_files()
    while _locked(late.next_one):
        _unlock(late.next_one)
        time.sleep(0.001)
    assert not late.enter(0.01)
    writing.leave()
    assert not late.enter(0)
    got.join()
    next_one.leave()
    assert late.enter(0)
    late.leave()


def test_the_turn_of_a_process_that_is_killed_goes_on(tmp_path):
    name = str(tmp_path / "db")
    command = [sys.executable, "-c", HOLDS, name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=os.getcwd()) as process:
        assert process.stdout
        assert process.stdout.readline() == b"in\n"
        queue = Queue(name)
        assert not queue.enter(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert queue.enter(5)
        queue.leave()


def test_without_files_for_it_threads_still_write_one_after_another(tmp_path):
    queue = Queue(str(tmp_path / "missing" / "db"))
    assert queue.enter(1)
    assert not queue.enter(0.01)
    queue.leave()
    assert queue.enter(0)
    queue.leave()


def test_a_transaction_holds_its_turn_until_it_ends(file, connected):
    first, second = connected(), connected(timeout=0.05)
    begin(first)
    with pytest.raises(OperationalError):
        begin(second)
    end(first)
    begin(second)
    second.rollback()
    second.set_autocommit(True)
    assert is_free(file)


def test_a_lone_statement_writes_in_its_turn_and_ends_it(file, connected):
    first = connected()
    with first.cursor() as cursor:
        cursor.execute("INSERT INTO newsroom_sitesettings VALUES ('one') RETURNING name")
        assert cursor.fetchone() == ("one",)
    assert first.turn is None
    assert is_free(file)


def test_a_statement_that_fails_ends_its_turn(file, connected):
    first = connected()
    with first.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("INSERT INTO newsroom_sitesettings (no_such) VALUES ('one')")
    assert is_free(file)


def test_a_connection_that_is_closed_in_a_transaction_ends_its_turn(file, connected):
    first = connected()
    begin(first)
    first.close()
    assert is_free(file)


def test_reading_takes_no_turn(file, connected):
    first, second = connected(), connected()
    begin(first)
    with second.cursor() as cursor:
        assert cursor.execute("SELECT * FROM newsroom_sitesettings").fetchall() == []
    end(first)


def test_where_somebody_else_holds_the_database_all_who_wait_give_up_at_the_same_time(
    file, connected
):
    """And not one after another, each after the whole time."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits, threads = [], []

        def write(connection):
            begun = time.monotonic()
            with pytest.raises(OperationalError):
                begin(connection)
            waits.append(time.monotonic() - begun)

        for _number in range(4):
            threads.append(threading.Thread(target=write, args=(connected(timeout=1.2),)))
            threads[-1].start()
        for thread in threads:
            thread.join()
    assert max(waits) < 2.4
    again = connected()
    begin(again)
    assert again.connection.execute("PRAGMA busy_timeout").fetchone() == (5000,)
    end(again)


def test_a_database_in_memory_needs_no_turn():
    with transaction.atomic():
        assert getattr(connection, "turn") is None  # noqa: B009 - of our own backend
