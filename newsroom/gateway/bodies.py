"""What a client sends, read before a thread is taken for it, and within limits."""

import asyncio
import io
import tempfile
import time
from collections.abc import AsyncIterator
from typing import IO

from newsroom.gateway.protocol import Client, Headers

# A little more than the largest picture; deploy/nginx.conf allows as much.
LARGEST = 30 * 1024 * 1024
# More than that of one body lies in a temporary file; of all that are being read or answered,
# no more than that is taken in.
IN_MEMORY = 64 * 1024
OF_ALL = 400 * 1024 * 1024
# A client that is silent for so long goes, and so does one that sends less in a second.
SILENCE = 15.0
BEGINNING = 15.0  # seconds, in which it may be slower
LEAST_RATE = 1000  # bytes
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class Refused(Exception):
    """The body is not read to its end; `status` says why."""

    def __init__(self, status: int) -> None:
        self.status = status


class Bodies:
    """Reads bodies, and counts what all of them take together."""

    def __init__(self) -> None:
        self.taken = 0

    async def read(self, client: Client, method: str, headers: Headers) -> tuple[IO[bytes], int]:
        """The body from its beginning, and its size, to be handed to `done`. Raises Refused."""
        expected = size_told(headers)
        if method in WITHOUT_BODY or not (expected or "transfer-encoding" in headers):
            return io.BytesIO(), 0
        if expected is not None and expected > LARGEST:
            raise Refused(413)
        body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by `done`
        size = 0
        try:
            async for part in _parts(client):
                size += len(part)
                self.taken += len(part)
                if size > LARGEST:
                    raise Refused(413)
                if self.taken > OF_ALL:
                    raise Refused(503)
                body.write(part)
            if expected is not None and size != expected:
                raise Refused(400)
        except BaseException:
            self.done(body, size)
            raise
        body.seek(0)
        return body, size

    def done(self, body: IO[bytes], size: int) -> None:
        self.taken -= size
        body.close()


def size_told(headers: Headers) -> int | None:
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() else None


async def _parts(client: Client) -> AsyncIterator[bytes]:
    """The parts of a body as they come. Raises Refused where the client is too slow, or goes."""
    begun, size = time.monotonic(), 0
    parts = aiter(client)
    has_ended = False
    while True:
        try:
            part = await asyncio.wait_for(anext(parts), SILENCE)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Refused(408) from None
        if not part:
            # One empty part ends a body; where it breaks off, another one comes before that.
            if has_ended:
                raise Refused(400)
            has_ended = True
            continue
        size += len(part)
        if size < (time.monotonic() - begun - BEGINNING) * LEAST_RATE:
            raise Refused(408)
        yield part
