"""The pictures of wires: brought when one is taken, and nothing else of the disk or the house."""

import threading
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from articles.importers.wire.document import Picture
from articles.models import Article, Image, WireEvent
from articles.tests.pictures import encoded, media_root
from articles.tests.wire_desk import bring, stream
from articles.wire.pictures import NotAllThere, take_in_all
from articles.wire.taking import take
from newsroom.tests.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]


@pytest.fixture
def directory(tmp_path):
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "boat.jpg").write_bytes(encoded())
    wire = stream()
    wire.kind, wire.location = "directory", str(folder)
    wire.save()
    return folder


def taken(*pictures):
    item = bring(pictures=pictures, rights="All rights reserved")
    return item, take(item, by=make_staff())


def test_a_picture_beside_the_document_leads_the_piece(directory):
    item, piece = taken(Picture("boat.jpg", "A boat", "The boat at dusk", "L. Aust"))
    take_in_all(item.pk)
    piece = Article.objects.get(pk=piece.pk)
    image = Image.objects.get()
    assert piece.lead_image == image
    assert (piece.lead_alt, piece.lead_caption, piece.lead_credit) == (
        *("A boat", "The boat at dusk", "L. Aust"),
    )
    assert (image.rights, image.uploaded_by) == ("All rights reserved", stream().set_up_by)
    take_in_all(item.pk)
    assert Image.objects.count() == 1


def test_a_piece_keeps_the_lead_that_the_desk_gave_it(directory):
    item, piece = taken(Picture("boat.jpg"))
    take_in_all(item.pk)
    chosen = Image.objects.get()
    (directory / "other.jpg").write_bytes(encoded(color="blue"))
    again = bring(
        guid=item.guid, provider=item.provider, version=2, pictures=(Picture("other.jpg"),)
    )
    take_in_all(again.pk)
    assert Article.objects.get(pk=piece.pk).lead_image == chosen


def test_its_picture_is_no_touch_of_the_desk(directory):
    item, piece = taken(Picture("boat.jpg"))
    take_in_all(item.pk)
    bring(
        guid=item.guid,
        provider=item.provider,
        version=2,
        body="<p>New.</p>",
        headline=item.headline,
    )
    assert Article.objects.get(pk=piece.pk).body == "<p>New.</p>"


@pytest.mark.parametrize(
    "address", ["../secret.jpg", "/etc/passwd", "file:///etc/passwd", "link.jpg", ".hidden.jpg"]
)
def test_nothing_else_is_read_from_the_disk(directory, address):
    (directory.parent / "secret.jpg").write_bytes(encoded())
    (directory / "link.jpg").symlink_to(directory.parent / "secret.jpg")
    (directory / ".hidden.jpg").write_bytes(encoded())
    item, _piece = taken(Picture(address))
    with suppress(NotAllThere):
        take_in_all(item.pk)
    assert not Image.objects.exists()


def test_a_picture_that_comes_after_its_document_is_waited_for(directory):
    item, piece = taken(Picture("late.jpg"))
    with pytest.raises(NotAllThere):
        take_in_all(item.pk)
    (directory / "late.jpg").write_bytes(encoded())
    take_in_all(item.pk)
    assert Article.objects.get(pk=piece.pk).lead_image is not None


def test_what_is_no_picture_is_told_once_to_the_desk(directory):
    (directory / "text.jpg").write_bytes(b"no picture")
    item, _piece = taken(Picture("text.jpg"))
    take_in_all(item.pk)
    take_in_all(item.pk)
    [event] = WireEvent.objects.filter(kind="picture")
    assert "text.jpg" in event.note and "no JPEG" in event.note


def test_a_picture_on_the_web_is_fetched(settings, tmp_path):
    settings.FETCH_ALSO_FROM = [ip_network("127.0.0.1")]
    (tmp_path / "boat.png").write_bytes(encoded("PNG"))

    class Files(SimpleHTTPRequestHandler):
        def __init__(self, *given, **named):
            super().__init__(*given, directory=str(tmp_path), **named)

        def log_message(self, format, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        item, piece = taken(Picture(f"{address}/boat.png"), Picture(f"{address}/absent.png"))
        take_in_all(item.pk)
    finally:
        server.shutdown()
        server.server_close()
    assert Article.objects.get(pk=piece.pk).lead_image is not None
    assert "404" in WireEvent.objects.get(kind="picture").note


def test_a_picture_within_the_house_is_refused():
    item, _piece = taken(Picture("http://10.0.0.1/secret.png"))
    take_in_all(item.pk)
    assert "not on the public internet" in WireEvent.objects.get(kind="picture").note
