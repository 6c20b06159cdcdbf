"""What the application gives, sent as fast as the client takes it."""

import array
import contextlib
import fcntl
import os
import select
import termios
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.util import FileWrapper

from newsroom import turns
from newsroom.gateway.protocol import Client

type Environ = dict[str, Any]
type Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
type Told = list[tuple[str, str]]

# What is larger is sent from its file, or a part at a time.
AT_ONCE = 128 * 1024
PART = 32 * 1024
STEP = 0.005
# A client that takes nothing for so long has gone, even if its system doesn't say so.
SILENCE = 120.0
# Each keeps a thread and perhaps a connection to the database for as long as it lasts.
MOST_STREAMS = 16
streams = threading.BoundedSemaphore(MOST_STREAMS)


def respond(application: Application, environ: Environ, client: Client) -> None:
    """Answer the request. Returns when the application has nothing more to give."""
    told: list[tuple[int, Told]] = []

    def start(status: str, headers: Told, exc_info: Any = None) -> None:
        told[:] = [(int(status[:3]), headers)]

    parts = application(environ, start)
    try:
        status, headers = told[0]
        if environ["REQUEST_METHOD"] == "HEAD" or status in (204, 304):
            client.response_empty(status, headers)
        elif isinstance(parts, FileWrapper):
            send_file(parts, client, status, headers)
        else:
            send(iter(parts), client, status, headers)
    finally:
        if close := getattr(parts, "close", None):
            close()


def send_file(file: FileWrapper, client: Client, status: int, headers: Told) -> None:
    """By the server itself, which opens it anew, if it is large and told how long it is: all of
    it, or a part (newsroom/byte_ranges.py)."""
    path = getattr(file.filelike, "name", None)
    size = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    if size > AT_ONCE and isinstance(path, str) and os.path.isabs(path):
        start = tell(file)
        if status == 206 or start:
            client.response_file_range(status, headers, path, start, start + size)
        else:
            client.response_file(status, headers, path)
    else:
        send(iter(file), client, status, headers)


def tell(file: FileWrapper) -> int:
    place: int = file.filelike.tell()
    return place


def send(parts: Iterator[bytes], client: Client, status: int, headers: Told) -> None:
    first, has_ended = gathered(parts, AT_ONCE)
    if has_ended:
        client.response_bytes(status, headers, first)
    elif streams.acquire(blocking=False):
        try:
            turns.leave()
            stream(first, parts, client, status, headers)
        finally:
            streams.release()
    else:
        client.response_bytes(503, [("Retry-After", "30")], b"")


def gathered(parts: Iterator[bytes], size: int) -> tuple[bytes, bool]:
    """The next parts, until they have that size; and whether these are all."""
    taken, length = [], 0
    for part in parts:
        taken.append(part)
        length += len(part)
        if length >= size:
            return b"".join(taken), False
    return b"".join(taken), True


def stream(
    first: bytes, parts: Iterator[bytes], client: Client, status: int, headers: Told
) -> None:
    """Through a pipe, from which the server reads when the client has taken what it sent before:
    what it is handed directly it would keep in memory, however much that is."""
    reader, writer = os.pipe()
    try:
        os.set_blocking(writer, False)
        client.response_file(status, headers, f"/dev/fd/{reader}")
        with contextlib.suppress(BrokenPipeError, TimeoutError):  # the client has gone
            sent = os.write(writer, first)
            _wait_until_read(reader, sent)
            os.close(reader)
            reader = -1
            _write(writer, first[sent:])
            has_ended = False
            while not has_ended:
                part, has_ended = gathered(parts, PART)
                _write(writer, part)
    finally:
        os.close(writer)
        if reader >= 0:
            os.close(reader)


def _wait_until_read(reader: int, sent: int) -> None:
    """Until the server has opened its end, so that ours may be closed. Raises TimeoutError."""
    deadline = time.monotonic() + SILENCE
    left = array.array("i", [sent])
    while left[0] >= sent:
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(STEP)
        fcntl.ioctl(reader, termios.FIONREAD, left)


def _write(writer: int, part: bytes) -> None:
    """Raises BrokenPipeError where the client has gone, TimeoutError where it takes nothing."""
    rest, ready = memoryview(part), select.poll()
    ready.register(writer, select.POLLOUT)
    while rest:
        if not ready.poll(SILENCE * 1000):
            raise TimeoutError
        with contextlib.suppress(BlockingIOError):
            rest = rest[os.write(writer, rest) :]
