"""Runs a throw-away PostgreSQL server for a test run."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.machine import MachineLacks
from tests.machine.postgres_programs import postgres_programs

SECONDS_TO_START = 30
SECONDS_TO_STOP = 10
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"

# Nothing here outlives the run, so nothing need survive a power cut.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a PostgreSQL server that is gone afterwards.

    If the environment variable TEST_DATABASE_URL is set, that server is used instead and left
    running. Raises MachineLacks where no server can be had or it does not start.
    """
    if existing := os.environ.get("TEST_DATABASE_URL"):
        yield existing
        return
    programs = postgres_programs()
    owner = _unprivileged_account()
    # Root's own TMPDIR may be a place that nobody else can enter; /tmp never is.
    parent = "/tmp" if owner else None
    with tempfile.TemporaryDirectory(prefix="newsroom-postgres-", dir=parent) as room:
        cluster = Cluster(programs, Path(room), owner)
        cluster.create()
        with cluster.running() as url:
            yield url


def version(url: str) -> str:
    """Return the version of the server as it names itself, such as "15.4"."""
    with psycopg.connect(url) as connection:
        return (connection.info.parameter_status("server_version") or "unknown").split()[0]


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Return whom to run the server as, or None for ourselves: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


class Cluster:
    """A server whose data, log and password are in one directory, its room."""

    def __init__(self, programs: Path, room: Path, owner: pwd.struct_passwd | None) -> None:
        self.programs = programs
        self.room = room
        self.owner = owner
        self.data = room / "data"
        self.log = room / "log"
        self.password = secrets.token_hex()

    def create(self) -> None:
        self._hand_over(self.room)
        if not self._can_run_programs():
            self._copy_programs()
        password_file = self.room / "password"
        password_file.write_text(self.password)
        self._hand_over(password_file)
        initdb = self._start(
            "initdb",
            f"--pgdata={self.data}",
            "--username=newsroom",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            f"--locale={LOCALE}",
            "--no-sync",
        )
        if initdb.wait() != 0:
            raise MachineLacks(f"PostgreSQL's initdb failed:\n{self._last_words()}")

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run the server and yield the URL of an empty database."""
        port = _spare_port()
        address = f"postgres://newsroom:{self.password}@127.0.0.1:{port}"
        settings = (f"-c{name}={value}" for name, value in SETTINGS.items())
        server = self._start("postgres", f"-D{self.data}", f"-p{port}", *settings)
        try:
            self._create_database(server, f"{address}/postgres")
            yield f"{address}/newsroom"
        finally:
            _stop(server)

    def _create_database(self, server: subprocess.Popen[bytes], url: str) -> None:
        give_up_at = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute("CREATE DATABASE newsroom")
                return
            except psycopg.OperationalError as not_yet:
                if server.poll() is not None or time.monotonic() > give_up_at:
                    message = f"PostgreSQL did not start:\n{self._last_words()}"
                    raise MachineLacks(message) from not_yet
            time.sleep(0.05)

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])

    def _start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self.programs / program, *arguments],
                cwd=self.room,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self.owner.pw_uid if self.owner else None,
                group=self.owner.pw_gid if self.owner else None,
                extra_groups=[] if self.owner else None,
                # A Ctrl-C in the terminal is for the run, which stops the server when it is done.
                start_new_session=True,
            )

    def _can_run_programs(self) -> bool:
        try:
            return self._start("postgres", "--version").wait() == 0
        except PermissionError:
            return False

    def _copy_programs(self) -> None:
        # The wheel's programs lie in the virtual environment, and root's checkout may be in a
        # directory that the owner cannot enter. They look for their libraries in a directory
        # beside their package, so that is copied too, to the same place relative to them.
        installation = self.programs.parent
        package = self.room / "programs" / installation.parent.name
        shutil.copytree(installation, package / installation.name)
        libraries = installation.parent.with_suffix(".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, package.with_suffix(".libs"))
        self._hand_over(self.room / "programs")
        self.programs = package / installation.name / self.programs.name

    def _hand_over(self, path: Path) -> None:
        if self.owner:
            for each in (path, *path.rglob("*")):
                os.chown(each, self.owner.pw_uid, self.owner.pw_gid, follow_symlinks=False)


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _stop(server: subprocess.Popen[bytes]) -> None:
    # Ask for a fast shutdown, then an immediate one: see PostgreSQL's "Shutting Down the Server".
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(request)
        try:
            server.wait(SECONDS_TO_STOP)
            return
        except subprocess.TimeoutExpired:
            continue
