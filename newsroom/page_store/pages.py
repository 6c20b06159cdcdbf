"""A finished page: compressed, with its headers, ready to be sent."""

import gzip
from collections.abc import Collection
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from hashlib import blake2b

import brotli

from newsroom.page_store.generations import Proof

type Headers = list[tuple[str, str]]

OK, NOT_MODIFIED = "200 OK", "304 Not Modified"
# That there is nothing at an address is an answer as good as another, until something changes.
KEPT = frozenset({OK, "404 Not Found", "410 Gone"})
BROTLI, GZIP, IDENTITY = "br", "gzip", "identity"
# One step more costs half as long again for a twentieth less, and the first reader waits for it.
BROTLI_QUALITY, GZIP_LEVEL = 4, 4
# Stand in a 304, too (RFC 9110, 15.4.5); the rest is known to whoever has the page.
IN_A_304 = frozenset(
    {"cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary"}
)
# Told anew for each encoding.
OF_AN_ENCODING = frozenset({"content-length", "etag", "last-modified", "vary"})


@dataclass(slots=True)
class Encoded:
    """A page in one encoding. It has a date once that is sure to be its own alone."""

    body: bytes
    etag: str
    date: str
    undated: Headers
    dated: Headers
    unchanged_undated: Headers
    unchanged_dated: Headers


@dataclass(slots=True)
class Page:
    """The answer to a GET, for everybody alike, from `begun` on and before `ends` (seconds since
    1970), while its proof holds. `tags` are for caches in front of the newsroom.

    `digest` is of all its text, `content` of all but its stamp (see `watching.carries`).
    """

    headers: Headers
    digest: str
    content: str
    begun: float
    ends: float
    proof: Proof
    tags: tuple[str, ...] = ()
    status: str = OK
    bodies: dict[str, bytes] = field(default_factory=dict)  # by encoding; never identity
    used_at: float = 0.0
    _encoded: dict[str, Encoded] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes it takes in memory, about."""
        return 2000 + sum(map(len, self.bodies.values()))

    def covers(self, now: float) -> bool:
        return self.begun <= now < self.ends

    def add(self, encoding: str) -> None:
        """Compress it so, unless it has been already."""
        if encoding != IDENTITY and encoding not in self.bodies:
            self.bodies[encoding] = compress(self.text(), encoding)

    def text(self) -> bytes:
        if GZIP in self.bodies:
            return gzip.decompress(self.bodies[GZIP])
        text: bytes = brotli.decompress(self.bodies[BROTLI])
        return text

    def encoded(self, encoding: str) -> Encoded:
        found = self._encoded.get(encoding)
        if found is None:
            found = self._encode(encoding)
            if encoding != IDENTITY:
                self._encoded[encoding] = found
        return found

    def _encode(self, encoding: str) -> Encoded:
        body = self.text() if encoding == IDENTITY else self.bodies[encoding]
        etag = f'"{self.digest}"' if encoding == IDENTITY else f'"{self.digest}-{encoding}"'
        date = formatdate(self.begun, usegmt=True)
        undated = [*self.headers]
        if self.status == OK:
            undated.append(("ETag", etag))
        if encoding != IDENTITY:
            undated.append(("Content-Encoding", encoding))
        unchanged = [header for header in undated if header[0].lower() in IN_A_304]
        undated.append(("Content-Length", str(len(body))))
        dates = [("Last-Modified", date)] if self.status == OK else []
        return Encoded(body, etag, date, undated, undated + dates, unchanged, unchanged + dates)

    def is_dated(self, now: float) -> bool:
        """Dates count in seconds: within the second of the first, another page may follow."""
        return now >= int(self.begun) + 1


def page_of(
    text: bytes,
    headers: Collection[tuple[str, str]],
    encoding: str,
    *,
    begun: float,
    ends: float,
    proof: Proof,
    status: str = OK,
    tags: tuple[str, ...] = (),
    stamp: str = "",
    former: Page | None = None,
) -> Page:
    """Finish what was drawn: `text` is not compressed yet, and `encoding` asked for first.

    Where it is the `former` page but for its stamp, it becomes that one, byte for byte.
    """
    kept = [header for header in headers if header[0].lower() not in OF_AN_ENCODING]
    varies = ", ".join(value for name, value in headers if name.lower() == "vary")
    if "accept-encoding" not in varies.lower():
        varies = f"{varies}, Accept-Encoding".removeprefix(", ")
    kept.append(("Vary", varies))
    content = digest = _digest(text)
    if stamp:
        content = _digest(text.replace(stamp.encode(), b""))
    page = Page(kept, digest, content, begun, ends, proof, tags, status, used_at=begun)
    first = GZIP if encoding == IDENTITY else encoding
    if former and (former.content, former.headers, former.status) == (content, kept, status):
        page.digest, page.bodies = former.digest, dict(former.bodies)
        page.add(first)
    else:
        page.bodies[first] = compress(text, first)
    return page


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=12).hexdigest()


def compress(text: bytes, encoding: str) -> bytes:
    if encoding == BROTLI:
        packed: bytes = brotli.compress(text, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        return packed
    return gzip.compress(text, GZIP_LEVEL, mtime=0)


@lru_cache(maxsize=512)
def encoding_for(accepted: str) -> str:
    """What to send to a browser that sends this Accept-Encoding (RFC 9110, 12.5.3): br before
    gzip before nothing, as far as it takes them."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            weights[name.strip()] = float(weight) if parameter.strip() else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    usual = weights.get("*", 0.0)
    for encoding in (BROTLI, GZIP):
        if weights.get(encoding, usual) > 0:
            return encoding
    return IDENTITY


def has_it(page: Encoded, tags: str, since: str, *, is_dated: bool) -> bool:
    """Whether the browser, which says If-None-Match and If-Modified-Since so, has this very page
    (RFC 9110, 13.2.2). Its date counts only where it is the same: clocks may be set back."""
    if tags:
        return page.etag in tags or tags.strip() == "*"
    return is_dated and since == page.date
