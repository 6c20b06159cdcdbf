"""What `make run` does once the virtual environment is there: `manage.py serve`."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running import (
    ROOT,
    FirstStart,
    Running,
    environment,
    manage,
    running,
    spare_port,
    stop,
)

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(scope="module")
def folder(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a newsroom has been started before, and stopped."""
    folder = tmp_path_factory.mktemp("served")
    first_start.copied_to(folder)
    return folder


@dataclass(frozen=True)
class SecondStart:
    """What was stored before it and after."""

    newsroom: Running
    before: list[str]
    after: list[str]


@pytest.fixture(scope="module")
def second_start(
    first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecondStart]:
    """Running, with two server processes. Its environment names a proxy that nobody answers at."""
    # Of a copy: whoever else copies the state meanwhile finds it at rest.
    at_rest = tmp_path_factory.mktemp("at-rest")
    first_start.copied_to(at_rest)
    before = content(at_rest / "state")
    folder, proxy = tmp_path_factory.mktemp("running"), "http://127.0.0.1:9"
    with first_start.again(folder, WORKERS="2", http_proxy=proxy) as newsroom:
        yield SecondStart(newsroom, before, content(newsroom.state))


@pytest.fixture
def newsroom(second_start: SecondStart) -> Running:
    return second_start.newsroom


def refused(**others: str) -> str:
    """What a start prints that does not come about."""
    result = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(Path("/nonexistent"), spare_port()) | others,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert result.returncode == 1
    return result.stdout + result.stderr


def processes_of(newsroom: Running) -> dict[int, str]:
    """The processes of this newsroom, by their number, with their names."""
    found = {}
    for process in Path("/proc").iterdir():
        try:
            variables = (process / "environ").read_bytes().decode(errors="replace").split("\0")
            if f"NEWSROOM_STATE={newsroom.state}" in variables:
                found[int(process.name)] = (process / "comm").read_text().strip()
        except (OSError, NotADirectoryError):
            continue
    return found


def mail_worker_of(newsroom: Running) -> int | None:
    """Its number, if there is one."""
    return next((n for n, name in processes_of(newsroom).items() if name == "newsroom mail"), None)


def wait_until(happened: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def content(state: Path) -> list[str]:
    """Every row of the database but what the workers leave behind."""
    of_workers = re.compile(
        'INSERT INTO "?(django_tasks_database|newsroom_(periodicjob|signoflife)|articles_shareimage'
        "|comments_(dayfigure|learnedmodel)|sqlite_sequence)"
    )
    with sqlite3.connect(state / "db.sqlite3") as database:
        return [line for line in database.iterdump() if not of_workers.match(line)]


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_first_start_names_the_address_the_staff_the_password_and_the_state(
    first_start: FirstStart,
) -> None:
    assert f"{first_start.url}/" in first_start.printed
    assert "editor or moderator" in first_start.printed
    assert str(first_start.state) in first_start.printed
    assert len(first_start.password) >= 12
    assert "Pentagon chief" in first_start.front


def test_a_second_start_changes_nothing_and_names_the_way_to_a_new_password(
    second_start: SecondStart,
) -> None:
    assert "make demo-password makes a new one" in second_start.newsroom.printed
    assert second_start.after == second_start.before


def test_a_new_demo_password_lets_the_editor_in(newsroom: Running) -> None:
    password = manage(newsroom, "demo_password").strip()
    check = "from django.contrib.auth import authenticate as a;"
    check += f"print(a(username='editor', password='{password}'))"
    assert manage(newsroom, "shell", "--no-imports", "-c", check).strip() == "editor"


def test_without_the_demo_it_starts_empty_and_names_the_first_administrators_command(
    tmp_path: Path,
) -> None:
    with running(tmp_path, NEWSROOM_DEMO="0") as newsroom:
        assert f"NEWSROOM_STATE={newsroom.state} .venv/bin/python manage.py createsuperuser" in (
            newsroom.printed
        )
        assert "Nothing has been published yet." in fetch(f"{newsroom.url}/")[1]


def test_the_state_is_for_its_owner_alone(folder: Path) -> None:
    state = folder / "state"
    assert state.stat().st_mode & 0o777 == 0o700
    keys = {key.name: key.stat().st_mode & 0o777 for key in (state / "keys").iterdir()}
    assert keys == {
        "secret.key": 0o600,
        "address-public.pem": 0o600,
        "address-private.pem": 0o600,
        "address-fingerprint.key": 0o600,
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_and_other_signals_stop_everything_that_was_started(
    folder: Path, number: int
) -> None:
    with running(folder) as newsroom:
        assert len(processes_of(newsroom)) >= 4  # itself, the server and its worker, two workers
        assert stop(newsroom, number) == 0
        assert processes_of(newsroom) == {}


def test_they_share_the_memory_of_the_program(newsroom: Running) -> None:
    names = sorted(processes_of(newsroom).values())
    assert names[:-1] == [
        *("newsroom mail", "newsroom web", "newsroom web", "newsroom web", "newsroom worker")
    ]
    fetch(f"{newsroom.url}/")
    megabytes = sum(map(share_of_memory, processes_of(newsroom)))
    # 61 of these would be in each of the six.
    assert megabytes < 250


def share_of_memory(process: int) -> float:
    """What is in its memory alone, and its part of what several have in theirs."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    found = re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)
    assert found
    return int(found[1]) / 1024


def test_a_worker_that_died_is_started_again(newsroom: Running) -> None:
    number = mail_worker_of(newsroom)
    assert number
    os.kill(number, signal.SIGKILL)
    wait_until(lambda: mail_worker_of(newsroom) not in {None, number})
    assert "mail worker ended" in newsroom.printed


def test_a_server_process_that_died_is_started_again(newsroom: Running) -> None:
    def web() -> set[int]:
        return {n for n, name in processes_of(newsroom).items() if name == "newsroom web"}

    assert len(web()) == 3  # one that watches over two that answer
    died = max(web())
    os.kill(died, signal.SIGKILL)
    wait_until(lambda: len(web() - {died}) == 3)
    assert fetch(f"{newsroom.url}/healthz")[0] == 200


def test_readers_who_keep_their_connections_keep_nobody_else_waiting(newsroom: Running) -> None:
    port = int(newsroom.url.rpartition(":")[2])
    with contextlib.ExitStack() as idle:
        for _ in range(300):
            idle.enter_context(socket.create_connection(("127.0.0.1", port)))
        assert fetch(f"{newsroom.url}/healthz")[0] == 200


def test_a_taken_port_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        printed = refused(NEWSROOM_STATE=str(tmp_path / "state"), PORT=str(port))
    assert re.fullmatch(rf"newsroom: port {port} on 127\.0\.0\.1 is not free .*PORT=…\n", printed)


def test_another_start_from_the_same_state_is_refused_in_one_line(newsroom: Running) -> None:
    printed = refused(NEWSROOM_STATE=str(newsroom.state))
    assert printed.count("\n") == 1
    assert f"is running from {newsroom.state} already" in printed


def test_a_relative_state_directory_is_the_same_for_all_processes(tmp_path: Path) -> None:
    serve = (sys.executable, str(ROOT / "manage.py"), "serve")
    with running(
        tmp_path, command=serve, cwd=tmp_path, NEWSROOM_STATE="state", NEWSROOM_DEMO="0"
    ) as newsroom:
        assert fetch(f"{newsroom.url}/")[0] == 200
        assert (tmp_path / "state" / "db.sqlite3").exists()


def test_a_proxy_of_the_environment_is_not_asked(newsroom: Running) -> None:
    assert str(newsroom.state) in newsroom.printed


def test_a_state_directory_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    printed = refused(NEWSROOM_STATE=str(tmp_path / "file" / "state"))
    assert printed.count("\n") == 1
    assert "is not writable" in printed and "NEWSROOM_STATE=…" in printed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80a"),
        ("HOST", "somewhere"),
        ("LOG_LEVEL", "verbose"),
        ("SITE_URL", "https://zeitung.köln"),
        ("SITE_URL", "news.example.org"),
        ("SITE_URL", "https://news.example.org/paper"),
        ("DATABASE_URL", "mysql://localhost/news"),
        ("TRUSTED_PROXIES", "10.0.0.300"),
        ("NEWSROOM_DEMO", "maybe"),
        ("SMTP_URL", "mail.example.org"),
    ],
)
def test_a_mistyped_variable_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    printed = refused(**{"NEWSROOM_STATE": str(tmp_path / "state"), name: value})
    assert printed.startswith("newsroom: ") and name in printed and printed.count("\n") == 1
