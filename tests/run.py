"""Runs the tests on SQLite and on PostgreSQL: python -m tests.run [pytest arguments]

SQLite's run is of all tests, PostgreSQL's of those to which the database can make a difference.
The arguments go to both runs. TEST_WORKERS says how many processes share the tests. To debug a
test, run pytest itself: here it can read nothing from the terminal.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from tests.machine import MachineLacks
from tests.machine.browser import PLAYWRIGHTS_OWN, browser
from tests.machine.postgres import postgres, version
from tests.soak import FULL

MOST_WORKERS = 4
SECONDS_TO_TIDY_UP = 15
NOT_ON_POSTGRESQL = "not browser and not sqlite_only"
if not FULL:
    # What is done at random, or walks far, goes on PostgreSQL in `make soak` alone.
    NOT_ON_POSTGRESQL += " and not soak"
NEEDS_A_DATABASE = ("-p", "tests.database_tests")

# Exit codes: pytest's own for "no tests ran", and ours for "the tests could not be run".
NO_TESTS = 5
CANNOT_RUN = 2


@dataclass(frozen=True)
class Result:
    database: str
    exit_code: int
    seconds: float

    def __str__(self) -> str:
        outcomes = {0: "passed", NO_TESTS: "no tests"}
        outcome = outcomes.get(self.exit_code, f"FAILED (exit code {self.exit_code})")
        return f"{self.database}: {outcome} in {self.seconds:.0f} s"


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    results: list[Result] = []
    try:
        _run_both(arguments, results)
    except MachineLacks as lack:
        print(f"\n{lack}", file=sys.stderr)
        return CANNOT_RUN
    finally:
        for result in results:
            print(f"== {result}", flush=True)
    return _exit_code(results, narrowed=bool(arguments))


def _run_both(arguments: list[str], results: list[Result]) -> None:
    environment = {**os.environ, "CHROMIUM": str(browser() or PLAYWRIGHTS_OWN)}
    environment.pop("DATABASE_URL", None)
    # Else each process that a test starts, and each that shares the tests, compiles them all anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    marks, arguments = _marks(arguments)
    command = [sys.executable, "-m", "pytest", f"-n{_workers()}", *arguments]

    results.append(_timed("SQLite", [*command, "-m", marks], environment))
    with postgres() as url:
        command += NEEDS_A_DATABASE
        marks = f"({marks}) and {NOT_ON_POSTGRESQL}" if marks else NOT_ON_POSTGRESQL
        environment["DATABASE_URL"] = url
        results.append(_timed(f"PostgreSQL {version(url)}", [*command, "-m", marks], environment))


def _marks(arguments: list[str]) -> tuple[str, list[str]]:
    """Take pytest's -m out of the arguments: it counts once, and PostgreSQL's run adds to it."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-m", default="")
    known, others = parser.parse_known_args(arguments)
    return known.m, others


def _workers() -> int:
    wanted = os.environ.get("TEST_WORKERS")
    if not wanted:
        # One more than there are processors: tests wait for browsers and servers.
        return min((os.cpu_count() or 1) + 1, MOST_WORKERS)
    if not wanted.isdecimal():
        raise MachineLacks(f"TEST_WORKERS is {wanted!r}, which is not a number of processes.")
    return int(wanted)


def _timed(database: str, command: list[str], environment: Mapping[str, str]) -> Result:
    print(f"\n== {database}", flush=True)
    started = time.monotonic()
    exit_code = _finished(command, environment)
    return Result(database, exit_code, time.monotonic() - started)


def _finished(command: list[str], environment: Mapping[str, str]) -> int:
    """Run the command to its end and return its exit code; nothing it started is left behind."""
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, process_group=0)
    try:
        return process.wait()
    except SystemExit:
        _signal_group(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_TIDY_UP)
        raise
    finally:
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def _signal_group(group: int, number: int) -> None:
    with suppress(ProcessLookupError):  # all its processes have ended
        os.killpg(group, number)


def _stop(signal_number: int, frame: FrameType | None) -> NoReturn:
    # A second Ctrl-C must not interrupt the tidying up after the first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + signal_number)


def _exit_code(results: list[Result], *, narrowed: bool) -> int:
    """Return the first failure; arguments may rightly have left one of the runs without tests."""
    codes = [result.exit_code for result in results]
    if narrowed:
        codes = [code for code in codes if code != NO_TESTS] or [NO_TESTS]
    return next((code for code in codes if code != 0), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
