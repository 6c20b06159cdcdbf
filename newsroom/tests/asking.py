"""Asking the newsroom as its server does: through the WSGI application, page store and all."""

import gzip
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote_to_bytes

import brotli
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections

from newsroom.page_store.changes import telling
from newsroom.page_store.wrapper import PageStore

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    """`sent` is what went over the wire; the names of the headers are in small letters."""

    status: str
    headers: dict[str, str]
    sent: bytes

    @property
    def code(self) -> int:
        return int(self.status[:3])

    @property
    def text(self) -> str:
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
        text: bytes = unpack.get(self.headers.get("content-encoding", ""), bytes)(self.sent)
        return text.decode()


def ask(application: Application, address: str, *, method: str = "GET", **headers: str) -> Answer:
    """Headers by their names in small letters, with low lines: `accept_encoding="br"`.

    What the test's own transaction has written counts as committed, and its connection stays open,
    as with Django's test client.
    """
    if connection.in_atomic_block:
        with telling(connection.changed):  # type: ignore[attr-defined]
            connection.changed, connection.has_written = set(), False  # type: ignore[attr-defined]
        with patch.object(connections["default"], "close_if_unusable_or_obsolete"):
            return _asked(application, address, method, headers)
    return _asked(application, address, method, headers)


def _asked(application: Application, address: str, method: str, headers: dict[str, str]) -> Answer:
    answered: list[Any] = []

    def start(status: str, told: Any, exc_info: Any = None) -> None:
        answered.append((status, told))

    parts = application(environ_of(address, method, headers), start)
    try:
        sent = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    status, told = answered[-1]
    return Answer(status, {name.lower(): value for name, value in told}, sent)


def environ_of(address: str, method: str = "GET", headers: Any = None) -> dict[str, Any]:
    """A request as PEP 3333 has it."""
    path, _, query = address.partition("?")
    scheme, _, host = settings.SITE_URL.partition("://")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("iso-8859-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_HOST": host,
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    return environ | {f"HTTP_{name.upper()}": value for name, value in (headers or {}).items()}


def noting_what_is_drawn() -> tuple[PageStore, list[str]]:
    """The application with the page store before it, and the paths that it had to draw."""
    drawn: list[str] = []
    django = WSGIHandler()

    def noted(environ: Any, start: Any) -> Any:
        drawn.append(environ["PATH_INFO"])
        return django(environ, start)

    return PageStore(noted), drawn
