"""Runs throw-away Redis servers for tests, and finds or installs the program."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.machine import MachineLacks, debian

SECONDS_TO_START = 10
# Debian's redis-server is a link to one of these, in a package that starts no server of its own.
PACKAGE = "redis-tools"
NAMES = ("redis-server", "valkey-server")
SAME_PROGRAM = "redis-check-rdb"


@cache
def program() -> Path:
    """The program of a Redis server. Safe to call from several processes at once.

    The machine's own comes first, then Debian's package: installed where we may, else fetched from
    Debian's archive and unpacked for this user. Raises MachineLacks.
    """
    if found := _on_machine():
        return found
    with debian.one_installer_at_a_time():
        found = _on_machine() or _installed() or _unpacked()
    if found:
        return found
    raise MachineLacks(
        "The tests need Redis, and neither could it be installed nor fetched from Debian.\n"
        f"Install one ({' or '.join(NAMES)} on PATH)."
    )


def _on_machine() -> Path | None:
    places = (shutil.which(name) for name in (*NAMES, SAME_PROGRAM))
    return next((Path(place) for place in places if place), None)


def _installed() -> Path | None:
    if debian.can_install() and debian.install(PACKAGE):
        return _on_machine()
    return None


def _unpacked() -> Path | None:
    folder = debian.unpacked(PACKAGE, needs=("libjemalloc2", "liblzf1", "libatomic1"))
    return folder / "usr/bin" / SAME_PROGRAM if folder else None


class Redis:
    """A server on a spare port. It can be killed and started again, empty or as it was saved."""

    def __init__(self, room: Path) -> None:
        self.room = room
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        """With these settings of redis.conf, `_` for `-`. Raises MachineLacks."""
        chosen = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self.room), "save": ""}
        chosen |= {name.replace("_", "-"): value for name, value in settings.items()}
        arguments = [word for name, value in chosen.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen(
            ["redis-server", *arguments],
            executable=program(),
            env=debian.with_libraries(program()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        give_up_at = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                raise MachineLacks(f"Redis did not start: {program()} {' '.join(arguments)}")
            time.sleep(0.01)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Connections are taken, and nothing is answered."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(100).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def redis_server() -> Iterator[Redis]:
    """One that runs, and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="newsroom-redis-") as room:
        server = Redis(Path(room))
        server.start()
        try:
            yield server
        finally:
            server.kill()
