"""Jobs that are due again and again are enqueued once, whatever happened in between."""

import os
import signal
import sqlite3
import subprocess
import sys
import time as clock_of_the_machine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from django.tasks import Task, TaskResultStatus
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from newsroom import periodic
from newsroom import settings as settings_file
from newsroom.models import PeriodicJob, SiteSettings
from newsroom.periodic import Scheduler, enqueue_due

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
JOB = "newsroom.tasks.give_sign_of_life"
MINUTES = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def one_job(settings):
    settings.PERIODIC_JOBS = {JOB: MINUTES}


def waiting():
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY).count()


def work():
    """Have all tasks done, as the worker does."""
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)


def test_a_job_is_enqueued_at_the_start_and_then_at_its_pace(clock):
    assert enqueue_due() == [JOB]
    work()
    assert enqueue_due() == []
    clock.shift(299)
    assert enqueue_due() == []
    clock.shift(1)
    assert enqueue_due() == [JOB]
    assert waiting() == 1


def test_after_a_long_stop_it_is_enqueued_once(clock):
    enqueue_due()
    work()
    clock.shift(timedelta(days=30))
    assert enqueue_due() == [JOB]
    assert enqueue_due() == []
    assert PeriodicJob.objects.get().next_at == NOW + timedelta(days=30) + MINUTES


def test_while_its_worker_stands_still_no_second_one_waits(clock):
    for _look in range(5):
        enqueue_due()
        clock.shift(MINUTES)
    assert waiting() == 1
    work()
    enqueue_due()
    assert waiting() == 1


def test_a_worker_that_was_killed_over_a_job_holds_no_other_up(clock):
    enqueue_due()
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    clock.shift(MINUTES)
    assert enqueue_due() == [JOB]


def test_a_result_that_was_cleared_away_holds_none_up(clock):
    enqueue_due()
    DBTaskResult.objects.all().delete()
    clock.shift(MINUTES)
    assert enqueue_due() == [JOB]


def test_a_clock_that_was_ahead_and_was_set_back_stops_nothing(clock):
    clock.shift(timedelta(days=365))
    enqueue_due()
    work()
    clock.move_to(NOW)
    assert enqueue_due() == [JOB]
    work()
    clock.shift(MINUTES)
    assert enqueue_due() == [JOB]


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        (datetime(2026, 3, 2, 12, tzinfo=UTC), "UTC", datetime(2026, 3, 3, 3, 20, tzinfo=UTC)),
        (datetime(2026, 3, 2, 3, 20, tzinfo=UTC), "UTC", datetime(2026, 3, 3, 3, 20, tzinfo=UTC)),
        (datetime(2026, 3, 2, 3, 19, tzinfo=UTC), "UTC", datetime(2026, 3, 2, 3, 20, tzinfo=UTC)),
        # At night there, which is in the evening here.
        (NOW, "Asia/Tokyo", datetime(2026, 3, 2, 18, 20, tzinfo=UTC)),
        # In the night before clocks are set forward, and in the next.
        (
            datetime(2026, 3, 28, 12, tzinfo=UTC),
            "Europe/Berlin",
            datetime(2026, 3, 29, 1, 20, tzinfo=UTC),
        ),  # noqa: E501
    ],
    ids=["tomorrow", "just now", "today", "in another zone", "clocks set forward"],
)
def test_a_nightly_job_has_its_time_of_day_on_the_sites_clock(clock, settings, now, zone, due):
    settings.PERIODIC_JOBS = {JOB: time(3, 20)}
    SiteSettings(time_zone=zone).save()
    clock.move_to(now)
    assert enqueue_due() == []
    assert PeriodicJob.objects.get().next_at == due
    clock.move_to(due - timedelta(seconds=1))
    assert enqueue_due() == []
    clock.move_to(due)
    assert enqueue_due() == [JOB]
    assert enqueue_due() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_several_that_find_it_due_at_once_one_enqueues():
    def enqueue(_number):
        try:
            return periodic._run(JOB, MINUTES)
        finally:
            if connection.vendor != "sqlite":
                connection.close()

    if connection.vendor == "sqlite":
        # There a transaction that may write begins when the one before has ended.
        found = [enqueue(number) for number in range(4)]
    else:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(enqueue, range(4)))
    assert sorted(found) == [False, False, False, True]
    assert waiting() == 1


def test_looking_in_vain_writes_nothing(clock, django_assert_num_queries):
    enqueue_due()
    with django_assert_num_queries(1):
        enqueue_due()


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_a_database_that_is_away_for_a_while_does_not_end_the_scheduler(monkeypatch, caplog, error):
    def fail():
        raise error("secret words")

    monkeypatch.setattr(periodic, "enqueue_due", fail)
    monkeypatch.setattr(periodic, "close_old_connections", lambda: None)
    Scheduler().look()
    assert error.__name__ in caplog.text
    assert "secret" not in caplog.text


def test_every_job_of_the_settings_is_a_task():
    assert len(settings_file.PERIODIC_JOBS) >= 3
    for name, every in settings_file.PERIODIC_JOBS.items():
        assert isinstance(import_string(name), Task), name
        assert isinstance(every, timedelta | time)


@pytest.mark.parametrize(
    ("queue", "batch", "looks"),
    [
        ("default", False, True),
        ("*", False, True),
        ("mail", False, False),
        ("default", True, False),
    ],
)
def test_the_worker_of_the_default_queue_is_the_one_that_looks(monkeypatch, queue, batch, looks):
    started = []
    monkeypatch.setattr(Scheduler, "start", lambda self: started.append(self))
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.Worker.run", lambda self: 0)
    monkeypatch.setattr(
        "django_tasks_db.management.commands.db_worker.Worker.configure_signals", lambda self: 0
    )
    call_command("db_worker", queue_name=queue, batch=batch, startup_delay=False)
    assert bool(started) == looks


@pytest.mark.sqlite_only
def test_a_real_worker_enqueues_and_does_what_is_due_also_after_kill_9(tmp_path):
    state = tmp_path / "real"
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    options: Any = {
        "cwd": project.BASE_DIR,
        "env": environment | {"NEWSROOM_STATE": str(state), "DJANGO_SETTINGS_MODULE": SETTINGS},
    }
    subprocess.run([sys.executable, "-c", PREPARE], check=True, **options)
    for signs in (1, 2):
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "-v0"],
            stderr=subprocess.DEVNULL,
            **options,
        )
        try:
            deadline = clock_of_the_machine.monotonic() + 60
            while asked(state, DONE) != [(signs,)]:
                assert clock_of_the_machine.monotonic() < deadline
                clock_of_the_machine.sleep(0.1)
        finally:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        asked(state, "UPDATE newsroom_periodicjob SET next_at = '2026-01-01 00:00:00'")


def asked(state, statement):
    with closing(sqlite3.connect(state / "db.sqlite3", timeout=20)) as database, database:
        return database.execute(statement).fetchall()


SETTINGS = "newsroom.settings"
PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("make_keys")
"""
DONE = """
SELECT count(*) FROM django_tasks_database_dbtaskresult
WHERE status = 'SUCCESSFUL' AND task_path LIKE '%give_sign_of_life'
"""
