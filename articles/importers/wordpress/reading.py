"""Reads an export of WordPress (WXR 1.0 to 1.2) from beginning to end, an item at a time.

Elements go by their local names: the namespaces of WXR are written with http and https, and with
other versions. XML is read with every door closed, after mending.py has passed over it.
"""

import codecs
import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.importers.closed_xml import local
from articles.importers.errors import Place, Refused
from articles.importers.wordpress.dates import SiteClock
from articles.importers.wordpress.items import post_of
from articles.importers.wordpress.mending import Mender
from articles.importers.wordpress.records import (
    AuthorRecord,
    Mended,
    Record,
    SiteRecord,
    TermRecord,
)

PART = 64 * 1024
ADDRESSES = ("base_blog_url", "base_site_url", "link")
OF_CHANNEL = frozenset({"title", "language", "wxr_version", *ADDRESSES})
# Elements of the channel that are records of their own.
AUTHOR, TERMS = "author", frozenset({"category", "tag", "term"})


def read(
    source: BinaryIO | Path, name: str, *, progress: Callable[[int], None] | None = None
) -> Iterator[Record]:
    """Each record of the file, in its order; `progress` hears how many bytes were read.

    What was broken and read all the same is told by Mended records. Raises Refused, with line and
    item, where it cannot be read further, after all that was whole before.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from read(file, name, progress=progress)
        return
    reader = _Reader(name)
    done = 0
    while part := source.read(PART):
        done += len(part)
        yield from reader.feed(part)
        if progress:
            progress(done)
    yield from reader.feed(b"", is_last=True)


class _Reader:
    """A file on its way through decoding, mending and parsing."""

    def __init__(self, name: str) -> None:
        from lxml import etree  # noqa: PLC0415 - few processes read XML

        self.name = name
        self.error: type[Exception] = etree.XMLSyntaxError
        self.parser = etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            remove_comments=True,
            remove_pis=True,
        )
        self.told: deque[Record] = deque()
        self.mender = Mender(name, self._mended)
        self.decode = _decoder(self._undecodable)
        self.clock = SiteClock(timezone.now())
        self.channel: dict[str, str] = {}
        self.site_told = False
        self.depth = 0
        self.item = ""
        self.item_line = 0
        self.items = 0

    def feed(self, part: bytes, *, is_last: bool = False) -> Iterator[Record]:
        refused: Refused | None = None
        try:
            text = self.decode(part, is_last)
            mended = self.mender.feed(text, is_last=is_last)
            if mended:
                self.parser.feed(mended.encode())
            if is_last:
                self.parser.close()
        except Refused as error:
            refused = error
        except self.error as error:
            refused = self._broken(error)
        try:
            for event, element in self.parser.read_events():
                yield from self._event(event, element)
        except self.error as error:
            refused = refused or self._broken(error)
        yield from self._waiting()
        if refused:
            raise Refused(refused.reason, self._place(refused.place))
        if is_last and not self.site_told:
            yield self._site()

    def _broken(self, error: Any) -> Refused:
        line = getattr(error, "lineno", 0) or self.mender.line
        reason = str(getattr(error, "msg", error)).partition(", line ")[0]
        return Refused(_("It is broken: %s.") % reason, Place(self.name, line))

    def _place(self, place: Place) -> Place:
        item = self.item or (_("after item %d") % self.items if self.items else "")
        return Place(place.file or self.name, place.line, place.item or item)

    def _waiting(self) -> Iterator[Record]:
        while self.told:
            yield self.told.popleft()

    def _mended(self, what: str, line: int) -> None:
        self.told.append(Mended(what, Place(self.name, line, self.item)))

    def _undecodable(self) -> None:
        self._mended(_("Bytes that are no UTF-8 were read as Windows-1252."), self.mender.line)

    # --- Elements -----------------------------------------------------------------------------

    def _event(self, event: str, element: Any) -> Iterator[Record]:
        """Below <rss><channel>: what is read is forgotten, so that one item is in memory."""
        kind = local(element)
        if event == "start":
            self.depth += 1
            if self.depth == 3 and kind == "item":
                self.items += 1
                self.item_line = self._line(self.mender.starts)
                self.item = _("item %d") % self.items
            return
        self.depth -= 1
        if self.depth != 2:
            return
        if kind == "item":
            yield from self._begun()
            self._line(self.mender.ends)
            place = Place(self.name, self.item_line, self.item)
            post, mended = post_of(element, place, self.clock)
            yield from self._waiting()
            for what in mended:
                yield Mended(what, post.place)
            yield post
            self.item = ""
        elif kind == AUTHOR or kind in TERMS:
            record = _author(element) if kind == AUTHOR else _term(kind, element)
            if record is not None:
                yield from self._begun()
                yield record
        elif kind in OF_CHANNEL:
            self.channel.setdefault(kind, (element.text or "").strip())
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]

    def _line(self, lines: deque[int]) -> int:
        return lines.popleft() if lines else 0

    def _begun(self) -> Iterator[Record]:
        if not self.site_told:
            yield self._site()

    def _site(self) -> SiteRecord:
        self.site_told = True
        version = self.channel.get("wxr_version", "")
        address = next((self.channel[each] for each in ADDRESSES if self.channel.get(each)), "")
        if not version:
            self._mended(_("The file does not say its version of WXR: read as 1.2."), 0)
        return SiteRecord(
            address=address.rstrip("/"),
            title=self.channel.get("title", ""),
            language=self.channel.get("language", ""),
            version=version,
        )


def _decoder(tell: Callable[[], None]) -> Callable[[bytes, bool], str]:
    """UTF-8, or UTF-16 where it begins with its mark. Bytes that are none are read as
    Windows-1252, which old sites have left in their databases."""

    def mended(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        tell()
        wrong = error.object[error.start : error.end]
        return wrong.decode("cp1252", errors="replace"), error.end

    name = f"newsroom-wxr-{id(mended)}"
    codecs.register_error(name, mended)
    chosen: list[codecs.IncrementalDecoder] = []

    def decode(part: bytes, is_last: bool) -> str:
        if not chosen:
            is_wide = part.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            make = codecs.getincrementaldecoder("utf-16" if is_wide else "utf-8")
            chosen.append(make(errors="replace" if is_wide else name))
        text = chosen[0].decode(part, is_last)
        if is_last:
            with contextlib.suppress(AttributeError, LookupError):
                codecs.unregister_error(name)  # type: ignore[attr-defined]  # since 3.14
        return text

    return decode


def _values(element: Any) -> dict[str, str]:
    return {local(child): (child.text or "").strip() for child in element}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _author(element: Any) -> AuthorRecord | None:
    values = _values(element)
    login = values.get("author_login", "")
    whole = f"{values.get('author_first_name', '')} {values.get('author_last_name', '')}".strip()
    name = values.get("author_display_name") or whole or login
    number = _number(values.get("author_id", ""))
    return AuthorRecord(login or name, name, number) if login or name else None


def _term(kind: str, element: Any) -> TermRecord | None:
    values = _values(element)
    if kind == "category":
        names = ("category_nicename", "cat_name", "category_parent", "category_description")
        taxonomy = "category"
    elif kind == "tag":
        names, taxonomy = ("tag_slug", "tag_name", "", "tag_description"), "post_tag"
    else:
        names = ("term_slug", "term_name", "term_parent", "term_description")
        taxonomy = values.get("term_taxonomy", "")
    slug, name, parent, description = (values.get(each, "") for each in names)
    if not (slug or name):
        return None
    return TermRecord(
        taxonomy,
        slug or name,
        name or slug,
        parent,
        description,
        _number(values.get("term_id", "")),
    )
