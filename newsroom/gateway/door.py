"""The RSGI application: what is finished is answered at once, all else by a thread."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import IO

from django.conf import settings

from newsroom.gateway.answers import respond
from newsroom.gateway.bodies import Bodies, Refused
from newsroom.gateway.environ import address_of, environ_of, path_of
from newsroom.gateway.protocol import Client, Headers, Scope
from newsroom.page_store.wrapper import Answer, Asked, PageStore, is_stored
from newsroom.proxies import scheme_told
from newsroom.turns import Full, Turns

log = logging.getLogger(__name__)

# At its end a process finishes what it has begun, for so many seconds (newsroom/serving.py ends it
# by force after ten).
SECONDS_TO_FINISH = 8.0


class Door:
    """`pages` is the application, which all requests but those are given to whose answer it has at
    hand. Where the store is another server's, finding that out takes a thread."""

    def __init__(self, pages: PageStore, turns: Turns) -> None:
        self.pages, self.turns, self.bodies = pages, turns, Bodies()
        self.store_is_here = not settings.REDIS_URL
        self.drawing: dict[str, asyncio.Future[None]] = {}

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called before the first request."""

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called after the last one: what has begun is finished."""
        if not self.turns.join(SECONDS_TO_FINISH):
            log.error("Requests were still being answered when the server ended.")

    async def __rsgi__(self, scope: Scope, client: Client) -> None:
        headers = scope.headers
        asked, key = self.for_all(scope, headers), ""
        if asked is not None and (place := self.pages.place(asked)):
            key = place[0]
            if answer := self.pages.at_hand(key, asked):
                _send(client, answer)
                return
        if asked is None or not (key and is_stored(asked.path)):
            await self.pass_on(scope, headers, client)
            return
        if drawing := self.drawing.get(key):
            await drawing
            if answer := self.pages.at_hand(key, asked):
                _send(client, answer)
                return
        await self.pass_on(scope, headers, client, key)

    def for_all(self, scope: Scope, headers: Headers) -> Asked | None:
        """What is asked for, if the answer may be the same for everybody, and at hand."""
        if not self.store_is_here or scope.method not in ("GET", "HEAD"):
            return None
        return None if self.is_personal(headers) else asked_of(scope, headers)

    def is_personal(self, headers: Headers) -> bool:
        return "authorization" in headers or (
            "cookie" in headers
            and any(self.pages.session in cookies for cookies in headers.get_all("cookie"))
        )

    async def pass_on(self, scope: Scope, headers: Headers, client: Client, key: str = "") -> None:
        """To the application, in a thread. With a key, those who ask for the same page meanwhile
        wait for this one."""
        try:
            body, size = await self.bodies.read(client, scope.method, headers)
        except Refused as refused:
            _refuse(client, refused.status)
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if leads := bool(key) and key not in self.drawing:
            self.drawing[key] = done
        try:
            self.turns.do(self.job(scope, headers, client, body, size, done))
            await done
        except Full:
            done.set_result(None)
            _refuse(client, 503)
        finally:
            if leads:
                del self.drawing[key]
            self.bodies.done(body, size)

    def job(
        self,
        scope: Scope,
        headers: Headers,
        client: Client,
        body: IO[bytes],
        size: int,
        done: asyncio.Future[None],
    ) -> Callable[[], None]:
        loop = asyncio.get_running_loop()

        def job() -> None:
            try:
                respond(self.pages, environ_of(scope, headers, body, size), client)
            except Exception:
                log.exception("A request was not answered.")
                # If it has been answered in part, the server takes no second answer.
                client.response_bytes(500, [("Content-Type", "text/plain")], b"Server error\n")
            finally:
                # At the end of the process the loop may be closed, and nobody waits any more.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(done.set_result, None)

        return job


def asked_of(scope: Scope, headers: Headers) -> Asked:
    scheme = scope.scheme
    if told := headers.get("x-forwarded-proto", ""):
        scheme = scheme_told(told, address_of(scope), scheme)
    return Asked(
        scope.method,
        scheme,
        headers.get("host", ""),
        path_of(scope),
        scope.query_string,
        headers.get("accept-encoding", ""),
        headers.get("if-none-match", ""),
        headers.get("if-modified-since", ""),
    )


def _send(client: Client, answer: Answer) -> None:
    status, headers, body = answer
    if body:
        client.response_bytes(int(status[:3]), headers, body)
    else:
        client.response_empty(int(status[:3]), headers)


def _refuse(client: Client, status: int) -> None:
    told = [("Content-Type", "text/plain"), ("Connection", "close"), ("Cache-Control", "no-store")]
    if status == 503:
        told.append(("Retry-After", "10"))
    client.response_bytes(status, told, f"{status} {HTTPStatus(status).phrase}\n".encode())
