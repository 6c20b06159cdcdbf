"""Wires as they come in for tests of the desk's pages."""

from itertools import count
from typing import Any

from articles.importers.wire.document import WireDocument
from articles.models import WireItem, WireStream
from articles.tests.factories import make_section, make_source
from articles.wire.receiving import receive
from newsroom.tests.factories import make_staff

_number = count(1)


def stream() -> WireStream:
    found = WireStream.objects.first()
    if found:
        return found
    return WireStream.objects.create(
        name="Harbour wire",
        kind=WireStream.Kind.BY_HAND,
        source=make_source("Harbour News", slug="harbour-news"),
        section=make_section(name="World", slug="world"),
        set_up_by=make_staff("Editors", username="who.set.it.up"),
    )


def bring(*, original: bytes = b"<wire/>", name: str = "wire.xml", **fields: Any) -> WireItem:
    """What a document with these fields became; with the guid of another, its next version."""
    number = next(_number)
    fields = {
        "format": "ninjs",
        "guid": f"urn:wire:{number}",
        "provider": "Harbour News",
        "headline": f"Wire {number}",
        "body": "<p>The text of the wire.</p>",
        "language": "en",
    } | fields
    received = receive(WireDocument(**fields), stream=stream(), original=original, name=name)
    return WireItem.objects.get(pk=received.item.pk)


def page_of(item: WireItem) -> str:
    return f"/admin/articles/wireitem/{item.pk}/"


def reading_of(item: WireItem) -> str:
    return f"{page_of(item)}change/"
