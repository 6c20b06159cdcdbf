"""A newsroom that runs as it does for its users: `manage.py serve` in a state of its own."""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STARTED = "Ctrl-C stops it."
START_SECONDS = 90

# What a shell is told that stays open: run each line, which is code as JSON, and answer what it
# prints, as JSON too.
RUN_EACH_LINE = """
import contextlib, io, json, sys
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(json.loads(line), {})
    print(json.dumps(printed.getvalue()), flush=True)
"""
STOP_SECONDS = 20


@dataclass
class Running:
    """A started newsroom. `printed` is all it has written to its terminal so far, `first_start`
    what was known before it; `sessions` are the cookies of those who have logged in, by their
    username."""

    url: str
    state: Path
    process: subprocess.Popen[str]
    log: Path = field(repr=False)
    sessions: dict[str, Any] = field(default_factory=dict, repr=False)
    shell: subprocess.Popen[str] | None = field(default=None, repr=False)
    first_start: "FirstStart | None" = field(default=None, repr=False)

    @property
    def printed(self) -> str:
        return self.log.read_text()

    @property
    def password(self) -> str:
        """The password printed for the demo's staff on the first start."""
        if self.first_start:
            return self.first_start.password
        return password_in(self.printed)

    def run(self, code: str) -> str:
        """What this code prints in the newsroom's own state. Quicker from the second time on than
        manage(), as its shell stays open."""
        if self.shell is None or self.shell.poll() is not None:
            self.shell = _open_shell(self)
        assert self.shell.stdin and self.shell.stdout
        print(json.dumps(code), file=self.shell.stdin, flush=True)
        answer = self.shell.stdout.readline()
        assert answer, "The code failed: see what it wrote to the terminal."
        printed: str = json.loads(answer)
        return printed


def password_in(printed: str) -> str:
    found = re.search(r"Password +(\S+)$", printed, re.MULTILINE)
    assert found, printed
    return found[1]


@dataclass(frozen=True)
class FirstStart:
    """What a newsroom said and showed when it was started for the first time. It has been stopped
    since."""

    state: Path
    url: str
    printed: str = field(repr=False)
    front: str = field(repr=False)

    @property
    def password(self) -> str:
        return password_in(self.printed)

    def copied_to(self, folder: Path) -> None:
        """Let a newsroom in this folder begin with the state that this one ended with."""
        shutil.copytree(self.state, folder / "state")

    @contextmanager
    def again(self, folder: Path, **others: Any) -> Iterator[Running]:
        """Start a copy of it in this folder, which takes a fifth of what the first start took."""
        self.copied_to(folder)
        with running(folder, **others) as newsroom:
            newsroom.first_start = self
            yield newsroom


def started_once(folder: Path) -> FirstStart:
    """Start the demo newsroom in this folder and stop it, or tell of that if another process has
    done so already."""
    kept = folder / "first-start.json"
    with (folder / "first-start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with running(folder) as newsroom:
                with urllib.request.urlopen(f"{newsroom.url}/") as answer:
                    front = answer.read().decode()
                told = {"url": newsroom.url, "printed": newsroom.printed, "front": front}
            kept.write_text(json.dumps(told))
    return FirstStart(folder / "state", **json.loads(kept.read_text()))


def _open_shell(newsroom: Running) -> subprocess.Popen[str]:
    port = int(newsroom.url.rpartition(":")[2])
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c", RUN_EACH_LINE],
        cwd=ROOT,
        env=environment(newsroom.state, port),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(state: Path, port: int, **others: str) -> dict[str, str]:
    """The environment of a newsroom of its own, with none of this test run's settings in it."""
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SITE_URL", "SMTP_URL", "NEWSROOM_DEMO"}
    ours |= {"SITE_LANGUAGE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"NEWSROOM_STATE": str(state), "PORT": str(port)} | others


@contextmanager
def running(
    folder: Path,
    *,
    command: tuple[str, ...] = (sys.executable, "manage.py", "serve"),
    cwd: Path = ROOT,
    port: int | None = None,
    seconds: float = START_SECONDS,
    **others: str,
) -> Iterator[Running]:
    """Start a newsroom whose state is folder/state, wait for its banner, and end it with Ctrl-C.

    Raises AssertionError with all it printed where it does not start.
    """
    port = port or spare_port()
    state, log = folder / "state", folder / f"printed-{port}"
    with log.open("w") as stream:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment(state, port, **others),
            stdout=stream,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    newsroom = Running(f"http://localhost:{port}", state, process, log)
    try:
        _wait_for_banner(newsroom, seconds)
        yield newsroom
    finally:
        stop(newsroom)


@contextmanager
def in_language(newsroom: Running, language: str) -> Iterator[Running]:
    """The same newsroom once more, by a web server whose interface is in another language. Those
    who have logged in at one are logged in at the other."""
    port = spare_port()
    command = [sys.executable, "-m", "granian", "newsroom.wsgi:application", "--no-ws"]
    command += ["--interface", "wsgi", "--log-level", "warning", "--port", str(port)]
    log = newsroom.log.with_name(f"printed-{port}")
    with log.open("w") as stream:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(newsroom.state, port, SITE_LANGUAGE=language),
            stdout=stream,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    other = Running(f"http://localhost:{port}", newsroom.state, process, log, newsroom.sessions)
    try:
        _wait_for_answer(other)
        yield other
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:  # a browser keeps a connection open
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for_answer(newsroom: Running) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert newsroom.process.poll() is None, newsroom.printed
        assert time.monotonic() < deadline, newsroom.printed
        try:
            urllib.request.urlopen(f"{newsroom.url}/healthz").close()
            return
        except OSError:
            time.sleep(0.05)


def _wait_for_banner(newsroom: Running, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while STARTED not in newsroom.printed:
        assert newsroom.process.poll() is None, newsroom.printed
        assert time.monotonic() < deadline, newsroom.printed
        time.sleep(0.05)


def stop(newsroom: Running, number: int = signal.SIGINT) -> int:
    """End it as Ctrl-C does, which a terminal sends to all of its process group."""
    if newsroom.shell:
        newsroom.shell.communicate()  # it ends with what it is told
        newsroom.shell = None
    if newsroom.process.poll() is None:
        os.killpg(newsroom.process.pid, number)
    try:
        return newsroom.process.wait(STOP_SECONDS)
    finally:
        if newsroom.process.poll() is None:
            os.killpg(newsroom.process.pid, signal.SIGKILL)


def manage(newsroom: Running, *arguments: str, others: Mapping[str, str] = {}) -> str:
    """What `manage.py` with these arguments prints, in the newsroom's own state."""
    port = int(newsroom.url.rpartition(":")[2])
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(newsroom.state, port, **others),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
