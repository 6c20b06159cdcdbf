"""Which format a document of an agency has, by what it holds and never by its name."""

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from articles.importers import closed_xml
from articles.importers.errors import Place, Refused
from articles.importers.wire import bounds, iptc7901, newsml_1, newsml_g2, ninjs, nitf
from articles.importers.wire import feeds as feed_format
from articles.importers.wire.document import WireDocument

MOST_BYTES = 20 * 1024 * 1024

# By the local name of the root element.
READERS: dict[str, Callable[[Any], list[WireDocument]]] = {
    "newsItem": newsml_g2.read,
    "newsMessage": newsml_g2.read,
    "packageItem": newsml_g2.read,
    "NewsML": newsml_1.read,
    "nitf": nitf.read,
}
FEEDS = frozenset({"rss", "feed", "RDF"})
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read(data: bytes, name: str = "") -> list[WireDocument]:
    """The documents in `data`: several in a feed or a message, else one.

    Raises Refused for more than MOST_BYTES, for what is in no known format, is broken, or tries to
    have something fetched or expanded.
    """
    place = Place(name)
    if len(data) > MOST_BYTES:
        raise Refused(_("A wire has 20 MB at most."), place)
    if iptc7901.is_meant(data):
        documents = iptc7901.read(data)
    elif _bare(data)[:1] in {b"{", b"["}:
        documents = ninjs.read(_json(data, place))
    else:
        documents = _xml(data, name)
    if not documents:
        raise Refused(_("There is nothing in it to be read."), place)
    return [bounds.bounded(document, place) for document in documents]


def _bare(data: bytes) -> bytes:
    for mark in MARKS:
        data = data.removeprefix(mark)
    return data[:4096].replace(b"\0", b"").lstrip()


def _json(data: bytes, place: Place) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise Refused(_("This is no whole JSON."), Place(place.file, line)) from None


def _xml(data: bytes, name: str) -> list[WireDocument]:
    if _bare(data)[:1] != b"<":
        raise Refused(_("This is in no format of wires that is known."), Place(name))
    root = closed_xml.parse(data, name)
    kind = closed_xml.local(root)
    if kind in FEEDS:
        return feed_format.read(data)
    if kind not in READERS:
        raise Refused(
            _("This is in no format of wires that is known: it begins with %s.") % kind[:40],
            Place(name, root.sourceline or 0),
        )
    return READERS[kind](root)
