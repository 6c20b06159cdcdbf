"""What it costs to serve a finished page from each of the places where it could lie.

    python -m bench.storing [--times N] [--seconds N]

Behind the server of the product (granian, one process, its RSGI interface), 20 KB compressed, of
one in PAGES pages asked for in turn: processor time of the server a request. LMDB is left out where
Python has no `lmdb`. For docs/decisions/page-store.md.
"""

import argparse
import asyncio
import gzip
import importlib.util
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import wrk

PAGES, SIZE = 250, 20_000
MAP = 64 << 20  # bytes of memory that LMDB maps
HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("content-encoding", "gzip"),
    ("cache-control", "no-cache"),
    ("etag", '"0123456789abcdef01234567-gzip"'),
    ("vary", "Accept-Encoding"),
]

type Get = Callable[[str], bytes]


def page(number: int) -> bytes:
    """Of compressed HTML, as good as any bytes."""
    return gzip.compress(random.Random(number).randbytes(SIZE), 1, mtime=0)


def in_dict(room: Path) -> Get:
    pages = {f"/{number}": page(number) for number in range(PAGES)}
    return pages.__getitem__


def in_files(room: Path) -> Get:
    """Opened, read and closed each time."""
    _write_files(room)

    def get(path: str) -> bytes:
        with open(f"{room}{path}", "rb", buffering=0) as file:
            return file.read()

    return get


def in_open_files(room: Path) -> Get:
    """Opened once: a page that is replaced would have to be told of."""
    _write_files(room)
    files = {f"/{n}": os.open(room / str(n), os.O_RDONLY) for n in range(PAGES)}
    return lambda path: os.pread(files[path], SIZE * 2, 0)


def in_lmdb(room: Path) -> Get:
    lmdb: Any = importlib.import_module("lmdb")
    store = lmdb.open(str(room), map_size=MAP, max_readers=64)
    with store.begin(write=True) as change:
        for number in range(PAGES):
            change.put(f"/{number}".encode(), page(number))

    def get(path: str) -> bytes:
        with store.begin() as reading:
            found: bytes = reading.get(path.encode())
        return found

    return get


def in_sqlite(room: Path) -> Get:
    store = sqlite3.connect(room / "pages.sqlite3", check_same_thread=False, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("CREATE TABLE page (path TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID")
    rows = [(f"/{number}", page(number)) for number in range(PAGES)]
    store.executemany("INSERT INTO page VALUES (?, ?)", rows)

    def get(path: str) -> bytes:
        found: bytes = store.execute("SELECT body FROM page WHERE path = ?", (path,)).fetchone()[0]
        return found

    return get


def _write_files(room: Path) -> None:
    for number in range(PAGES):
        (room / str(number)).write_bytes(page(number))


PLACES: dict[str, tuple[str, Callable[[Path], Get]]] = {
    "dict": ("dict of the process", in_dict),
    "lmdb": ("LMDB", in_lmdb),
    "open-files": ("file, open already", in_open_files),
    "files": ("file: open, read, close", in_files),
    "sqlite": ("SQLite, a blob a page", in_sqlite),
}


class Application:
    """The page at a path, from one of the PLACES."""

    def __init__(self, place: str, room: Path) -> None:
        self.get = PLACES[place][1](room)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        pass

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        protocol.response_bytes(200, HEADERS, self.get(scope.path))


def serve(place: str, port: int) -> None:
    from granian.constants import Interfaces  # noqa: PLC0415 - in the process that serves alone
    from granian.server.embed import Server  # noqa: PLC0415 - in the process that serves alone

    with tempfile.TemporaryDirectory(prefix="bench-storing-") as room:
        server = Server(
            Application(place, Path(room)), port=port, interface=Interfaces.RSGI, log_enabled=False
        )
        asyncio.run(server.serve())


def measured(place: str, *, times: int, seconds: int) -> wrk.Sample:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "bench.storing", "--serve", place, "--port", str(port)]
    with subprocess.Popen(command) as server:
        try:
            _wait_for(port, server)
            url, paths = f"http://127.0.0.1:{port}/0", [f"/{n}" for n in range(PAGES)]
            load = {"paths": paths, "connections": wrk.STORED_CONNECTIONS, "seconds": seconds}
            samples = [wrk.load(url, server.pid, **load) for _ in range(times)]  # type: ignore[arg-type]
        finally:
            server.terminate()
    return wrk.Sample.median_of(samples)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise wrk.Unanswered("the server did not start")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.storing", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--serve", choices=PLACES, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.serve:
        serve(told.serve, told.port)
        return
    print("| where the page lies | CPU a request | requests/s |\n|---|---|---|")
    for place, (name, _) in PLACES.items():
        if place == "lmdb" and importlib.util.find_spec("lmdb") is None:
            print(f"| {name} | not installed | |")
            continue
        sample = measured(place, times=told.times, seconds=told.seconds)
        print(f"| {name} | {sample.cpu * 1000:.0f} µs | {sample.per_second:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
