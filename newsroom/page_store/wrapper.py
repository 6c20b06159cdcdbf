"""Stands before Django: a stored page is sent without entering it.

There are two doors to it: the WSGI application here, which asks Django for what isn't stored, and
that of the server itself (newsroom/gateway/door.py), for what lies in the memory of the process.
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from newsroom import cdn
from newsroom.page_store import pages, watching
from newsroom.page_store.declared import declared_at, is_host_of_site
from newsroom.page_store.pages import IDENTITY, NOT_MODIFIED, OK, Headers, Page
from newsroom.page_store.store import store
from newsroom.page_store.watching import Watch
from newsroom.proxies import scheme_of

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]
type Answer = tuple[str, Headers, bytes]

# Of a request that is answered for everybody, all that the view is given of its headers.
HEADERS_KEPT = frozenset({"HTTP_HOST"})
# A page with one of these was made for somebody.
NOT_FOR_ALL = frozenset({"set-cookie", "content-encoding"})
USED_EVERY = 600  # seconds: so exactly it is known when a page was used last


@dataclass(slots=True)
class Asked:
    """Of a request all that chooses among stored pages, and the form in which one is sent. The path
    is that of PEP 3333; `accepts`, `has` and `since` are Accept-Encoding, If-None-Match and
    If-Modified-Since."""

    method: str
    scheme: str
    host: str
    path: str
    query: str
    accepts: str
    has: str
    since: str


class PageStore:
    """The WSGI application: `django`, and what it has drawn before.

    A page is sent from the store as long as nothing has changed that it shows. What is not for
    everybody passes by: other methods than GET and HEAD, requests with a session or an
    authorisation, and addresses whose view is not `stored`.
    """

    def __init__(self, django: Application) -> None:
        self.has_cdn = cdn.is_there()
        self.draws = django
        self.django = cdn.keeping_nothing_else(django) if self.has_cdn else django
        self.session = f"{settings.SESSION_COOKIE_NAME}="
        self.closed = str(settings.STATE.maintenance)
        self.store = store()

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or self.is_personal(environ):
            return self.django(environ, start)
        asked = _asked(environ)
        place = self.place(asked)
        if place is None:
            return self.django(environ, start)
        key, query = place
        now = time.time()
        page = self.right(self.store.memory.get(key), now)
        if page is None:
            if not is_stored(asked.path):
                return self.django(environ, start)
            page = self.stored(key, now) or self.drawn(key, environ, query)
        status, headers, body = self.answer(page, key, asked)
        start(status, headers)
        return (body,) if body else ()

    def is_personal(self, environ: Environ) -> bool:
        cookies = environ.get("HTTP_COOKIE")
        if cookies is not None and self.session in cookies:
            return True
        return "HTTP_AUTHORIZATION" in environ

    def place(self, asked: Asked) -> tuple[str, str] | None:
        """The key of the page, if it is stored, and of its query what the view knows; None where
        the answer is never stored."""
        if os.path.exists(self.closed):
            return None
        query = asked.query
        if query:
            declared = declared_at(_text(asked.path))
            known = declared.canonical(query) if declared else None
            if known is None:
                return None
            query = known
        if not is_host_of_site(asked.host):
            return None
        return f"{asked.scheme}:{asked.path}?{query}", query

    def at_hand(self, key: str, asked: Asked) -> Answer | None:
        """The answer, if the memory of this process has it as it is to be sent: this never waits
        for anything."""
        page = self.right(self.store.memory.get(key), time.time())
        if page is None:
            return None
        encoding = pages.encoding_for(asked.accepts)
        if encoding == IDENTITY or encoding not in page.bodies:
            return None
        return self.answer(page, key, asked)

    def right(self, page: Page | None, now: float) -> Page | None:
        """The page, if nothing that it shows has changed, and no moment has come that ends it."""
        if page is None or not page.covers(now) or not self.store.generations.holds(page.proof):
            return None
        return page

    def stored(self, key: str, now: float) -> Page | None:
        """From the shelf that all processes share, if it is right."""
        page = self.right(self.store.shelf.get(key), now)
        if page is not None:
            self.store.memory.put(key, page)
        return page

    def drawn(self, key: str, environ: Environ, query: str) -> Page:
        """By Django, unless another one has just done it while this one waited."""
        with self.store.turns.turn(key):
            kept, now = self.store.memory.get(key), time.time()
            page = self.right(kept, now) or self.stored(key, now)
            return page or self.draw(key, environ, query)

    def draw(self, key: str, environ: Environ, query: str) -> Page:
        """The page as Django draws it; stored, unless what it shows changed meanwhile."""
        encoding = pages.encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        answered: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> None:
            answered.append((status, headers))

        watching.wind_the_clocks()
        with watching.watching(Watch(self.store.generations.clock())) as watch:
            response = self.draws(_for_everybody(environ, query), start)
            try:
                text = b"".join(response)
            finally:
                if close := getattr(response, "close", None):
                    close()
        status, headers = answered[-1]
        page = pages.page_of(
            text,
            headers,
            encoding,
            begun=watch.begun,
            ends=watch.ends,
            proof=watch.proof(),
            status=status,
            tags=tuple(sorted(watch.depends_on())),
            stamp=watch.stamp,
            former=self.store.memory.get(key) or self.store.shelf.get(key),
        )
        is_public = is_for_all(status, headers) and not watch.has_written
        if is_public and self.right(page, time.time()):
            self.put(key, page)
        else:
            page.tags = ()  # nor is any cache in front to keep it
        return page

    def put(self, key: str, page: Page) -> None:
        self.store.memory.put(key, page)
        if page.status == OK:
            self.store.shelf.put(key, page)
        else:
            page.tags = ()

    def answer(self, page: Page, key: str, asked: Asked) -> Answer:
        encoding = pages.encoding_for(asked.accepts)
        if encoding != IDENTITY and encoding not in page.bodies:
            page.add(encoding)
            if page.status == OK and self.store.memory.get(key) is page:
                self.put(key, page)
        now = time.time()
        encoded = page.encoded(encoding)
        is_dated = page.is_dated(now)
        if now - page.used_at > USED_EVERY:
            page.used_at = now
            self.store.shelf.touch(key)
        if page.status == OK and pages.has_it(encoded, asked.has, asked.since, is_dated=is_dated):
            status, body = NOT_MODIFIED, b""
            headers = encoded.unchanged_dated if is_dated else encoded.unchanged_undated
        else:
            status, body = page.status, encoded.body
            headers = encoded.dated if is_dated else encoded.undated
        if self.has_cdn:
            headers = cdn.with_its_headers(headers, page, now)
        return status, headers, b"" if asked.method == "HEAD" else body


def is_for_all(status: str, headers: Headers) -> bool:
    """Whether an answer may be stored: nothing in it depends on who asked."""
    told = {name.lower(): value.lower() for name, value in headers}
    return (
        status in pages.KEPT
        and not told.keys() & NOT_FOR_ALL
        and told.get("vary", "accept-encoding") == "accept-encoding"
        and "no-store" not in told.get("cache-control", "")
    )


def is_stored(path: str) -> bool:
    """Whether the view at this path, as PEP 3333 has it, is `stored`."""
    return declared_at(_text(path)) is not None


def _asked(environ: Environ) -> Asked:
    return Asked(
        environ["REQUEST_METHOD"],
        scheme_of(environ),
        environ.get("HTTP_HOST", ""),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT_ENCODING", ""),
        environ.get("HTTP_IF_NONE_MATCH", ""),
        environ.get("HTTP_IF_MODIFIED_SINCE", ""),
    )


def _for_everybody(environ: Environ, query: str) -> Environ:
    """The request without all in which one reader's differs from another's."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") or name in HEADERS_KEPT
    }
    return kept | {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": query,
        "wsgi.url_scheme": scheme_of(environ),
    }


def _text(path: str) -> str:
    """PATH_INFO as Django reads it: the bytes of the path, written as Latin-1 (PEP 3333)."""
    return path.encode("iso-8859-1").decode("utf-8", "replace")
