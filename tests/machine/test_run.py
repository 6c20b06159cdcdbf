import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import psycopg
import pytest

from tests.machine.browser import PLAYWRIGHTS_OWN

pytestmark = pytest.mark.sqlite_only  # once is enough: Django's database has no part in it

START_OF_TESTS = """
import fcntl, os, pathlib, subprocess, time, pytest

on_postgresql = "DATABASE_URL" in os.environ
pytestmark = pytest.mark.django_db
"""


def test_all_tests_run_on_sqlite_and_on_postgresql_what_it_can_change(tmp_path: Path) -> None:
    run = _run(
        tmp_path,
        """
        pytestmark = []

        @pytest.fixture
        def db():
            return "a database"

        @pytest.fixture
        def comment(db):
            return "in it"

        @pytest.mark.django_db
        @pytest.mark.browser
        def test_in_the_browser():
            assert not on_postgresql

        @pytest.mark.django_db
        @pytest.mark.sqlite_only
        def test_a_lock_of_sqlite():
            assert not on_postgresql

        def test_that_asks_for_no_database():
            assert not on_postgresql

        @pytest.mark.django_db
        def test_that_asks_for_a_database():
            pass

        def test_whose_fixture_asks_for_it(comment):
            pass

        @pytest.mark.parametrize("case", range(5))
        @pytest.mark.django_db
        def test_of_many_cases(case):
            assert not on_postgresql or case in (0, 4)

        @pytest.mark.parametrize("case", range(5))
        @pytest.mark.each_case
        @pytest.mark.django_db
        def test_of_cases_on_which_the_database_decides(case):
            pass
        """,
    )
    assert run.returncode == 0
    sqlite, postgresql = run.stdout.split("\n== PostgreSQL", 1)
    assert "15 passed" in sqlite
    assert "9 passed, 6 deselected" in postgresql


@pytest.mark.parametrize("fails_on_postgresql", [True, False])
def test_both_databases_are_tried_and_a_failure_on_one_is_a_failure(
    tmp_path: Path, *, fails_on_postgresql: bool
) -> None:
    run = _run(
        tmp_path,
        f"""
        def test_that_depends_on_the_database():
            assert on_postgresql is not {fails_on_postgresql}
        """,
    )
    assert run.returncode == 1
    sqlite, postgresql = run.stdout.splitlines()[-2:]
    assert sqlite.startswith("== SQLite: " + ("passed" if fails_on_postgresql else "FAILED"))
    assert postgresql.startswith("== PostgreSQL ")
    assert (": FAILED (exit code 1) in " in postgresql) is fails_on_postgresql


def test_what_is_compiled_is_kept_for_the_other_processes_of_the_run(tmp_path: Path) -> None:
    run = _run(
        tmp_path,
        """
        import sys

        def test_that_it_may_be_written():
            assert not sys.dont_write_bytecode
        """,
        PYTHONDONTWRITEBYTECODE="1",
    )
    assert run.returncode == 0


def test_marks_that_are_asked_for_hold_on_both_databases(tmp_path: Path) -> None:
    run = _run(
        tmp_path,
        """
        @pytest.mark.browser
        def test_in_the_browser():
            assert not on_postgresql

        def test_not_asked_for():
            raise AssertionError
        """,
        "-m",
        "browser",
    )
    assert run.returncode == 0
    assert ": no tests in " in run.stdout.splitlines()[-1]


def test_a_run_that_finds_no_tests_at_all_is_a_failure(tmp_path: Path) -> None:
    assert _run(tmp_path, "").returncode == 5


def test_a_missing_browser_ends_the_run_at_once_with_one_line(tmp_path: Path) -> None:
    run = _run(tmp_path, "def test_anything(): pass", CHROMIUM="/nowhere/chromium")
    assert run.returncode == 2
    assert run.stderr.strip().startswith("CHROMIUM names /nowhere/chromium")
    assert len(run.stderr.strip().splitlines()) == 1
    assert "== SQLite" not in run.stdout


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_nothing_behind(
    tmp_path: Path, request_to_stop: signal.Signals
) -> None:
    command, environment = _command(
        tmp_path,
        f"""
        def test_that_takes_long():
            if on_postgresql:
                held = open("{tmp_path}/held", "w")
                fcntl.flock(held, fcntl.LOCK_EX)
                subprocess.Popen(["sleep", "60"], pass_fds=[held.fileno()])
                pathlib.Path("{tmp_path}/url").write_text(os.environ["DATABASE_URL"])
                time.sleep(60)
        """,
    )
    with subprocess.Popen(command, env={**environment, "TEST_WORKERS": "1"}) as run:
        url = _text_once_there(tmp_path / "url")
        run.send_signal(request_to_stop)
        assert run.wait(30) == 128 + request_to_stop
    with (tmp_path / "held").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while a process holds it
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(url)


def _run(
    tmp_path: Path, tests: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    command, usual_environment = _command(tmp_path, tests)
    return subprocess.run(
        [*command, *arguments],
        env={**usual_environment, **environment},
        capture_output=True,
        text=True,
    )


def _command(tmp_path: Path, tests: str) -> tuple[list[str], dict[str, str]]:
    """Return what runs these tests and no others, without a browser, and its environment."""
    file = tmp_path / "test_for_the_run.py"
    file.write_text(START_OF_TESTS + dedent(tests))
    apart = ["-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:django"]
    environment = {**os.environ, "CHROMIUM": PLAYWRIGHTS_OWN, "TEST_WORKERS": "0"}
    environment.pop("TEST_DATABASE_URL", None)
    environment.pop("PYTEST_ADDOPTS", None)
    return [sys.executable, "-m", "tests.run", *apart, str(file)], environment


def _text_once_there(file: Path) -> str:
    give_up_at = time.monotonic() + 30
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < give_up_at, f"{file} did not appear"
        time.sleep(0.05)
    return file.read_text()
