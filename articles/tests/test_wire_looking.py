"""How the worker looks into directories and feeds, and how wires are brought by hand."""

import json
import os
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article, WireItem, WireStream
from articles.tasks import look_at_wire, look_at_wires
from articles.tests.wire_desk import stream as made_stream
from articles.wire import looking
from articles.wire.looking import look_at

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples/wire"
LOOPBACK = [ip_network("127.0.0.1")]


def wire(kind, location):
    stream = made_stream()
    stream.kind, stream.location = kind, str(location)
    stream.save()
    return stream


@pytest.fixture
def directory(tmp_path):
    folder = tmp_path / "wire"
    folder.mkdir()
    return folder


@pytest.fixture
def stream(directory):
    return wire("directory", directory)


def lay(directory, name, text=None, *, age=60.0):
    """A file that somebody last wrote to so many seconds ago."""
    file = directory / name
    content = text if isinstance(text, bytes) else (text or one(name)).encode()
    file.write_bytes(content)
    then = time.time() - age
    os.utime(file, (then, then))
    return file


def one(guid, **fields):
    given = {"uri": guid, "headline": f"Headline {guid}", "body_text": "Text."} | fields
    return json.dumps(given)


def guids():
    return sorted(WireItem.objects.values_list("guid", flat=True))


def names(folder):
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


# --- A directory --------------------------------------------------------------------------------


def test_what_lies_in_a_directory_comes_in_oldest_first_and_is_put_away(directory, stream):
    lay(directory, "late", age=60)
    lay(directory, "early", age=600)
    look = look_at(stream)
    assert [each.item.guid for each in look.received] == ["early", "late"]
    assert names(directory) == ["done"] and names(directory / "done") == ["early", "late"]
    assert look_at(stream).received == []


def test_every_format_comes_in_by_a_directory(directory, stream):
    for sample in SAMPLES.iterdir():
        lay(directory, sample.name, sample.read_bytes())
    look = look_at(stream)
    assert look.refused == []
    assert {each.version.format for each in look.received if each.version} == {
        *("NewsML-G2", "NewsML 1", "NITF", "ninjs", "IPTC 7901", "RSS or Atom")
    }


def test_a_file_that_is_still_written_waits(directory, stream):
    lay(directory, "fresh", age=1)
    for name in (".hidden", "a.tmp", "b.part", "picture.JPG"):
        lay(directory, name)
    (directory / "folder").mkdir()
    (directory / "link").symlink_to(lay(directory.parent, "outside"))
    assert look_at(stream).received == []
    assert "done" not in names(directory)


def test_what_cannot_be_read_is_put_aside_with_the_reason(directory, stream):
    lay(directory, "bad.xml", "<nitf>")
    lay(directory, "good")
    look = look_at(stream)
    assert guids() == ["good"] and look.refused[0][0] == "bad.xml"
    assert names(directory / "refused") == ["bad.xml", "bad.xml.txt"]
    assert "no whole XML" in (directory / "refused/bad.xml.txt").read_text()
    stream.refresh_from_db()
    assert "bad.xml" in stream.failure and stream.failures == 0


def test_a_worker_that_was_killed_before_it_put_a_file_away_brings_it_once(directory, stream):
    file = lay(directory, "one")
    look_at(stream)
    (directory / "done/one").rename(file)
    lay(directory, "one")
    look_at(stream)
    assert WireItem.objects.get().versions.count() == 1
    assert names(directory / "done") == ["one"]


def test_a_directory_that_is_away_is_looked_at_less_and_less(directory, stream, time_machine):
    directory.rmdir()
    waits = []
    for _ in range(9):
        look_at(stream)
        waits.append(stream.next_look_at - stream.looked_at)
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert "cannot be read (FileNotFoundError)" in stream.failure
    directory.mkdir()
    look_at(stream)
    assert (stream.failure, stream.failures) == ("", 0)


def test_the_worker_looks_at_what_is_due_and_asks_again_when_somebody_wants_it(directory, stream):
    lay(directory, "one")
    look_at_wires.call()
    assert guids() == []  # in a task of its own
    look_at_wire.call(stream.pk)
    assert guids() == ["one"]
    lay(directory, "two")
    look_at_wire.call(stream.pk)
    assert guids() == ["one"]  # not due yet
    look_at_wire.call(stream.pk, is_asked=True)
    assert guids() == ["one", "two"]
    stream.refresh_from_db()
    stream.is_active, stream.next_look_at = False, timezone.now()
    stream.save()
    assert not WireStream.objects.due().exists()


# --- A feed -------------------------------------------------------------------------------------


class Feed(BaseHTTPRequestHandler):
    data = b""
    status = 200
    asked: list[str | None] = []

    def do_GET(self):
        known = self.headers.get("If-None-Match")
        type(self).asked.append(known)
        status = 304 if known == '"1"' and self.status == 200 else self.status
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.end_headers()
        if status == 200:
            self.wfile.write(self.data)

    def log_message(self, format, *args):
        pass


@contextmanager
def feed(data=b"", status=200):
    class One(Feed):
        asked: list[str | None] = []

    One.data, One.status = data, status
    server = ThreadingHTTPServer(("127.0.0.1", 0), One)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/feed", One.asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_feed_is_asked_only_for_what_is_new(settings):
    settings.FETCH_ALSO_FROM = LOOPBACK
    with feed((SAMPLES / "feed.rss").read_bytes()) as (address, asked):
        stream = wire("feed", address)
        assert len(look_at(stream).received) == 2
        assert look_at(stream).received == []
        assert asked == [None, '"1"']
    assert len(guids()) == 2


def test_a_feed_that_fails_says_so_and_is_left_in_peace(settings):
    settings.FETCH_ALSO_FROM = LOOPBACK
    with feed(status=500) as (address, _asked):
        stream = wire("feed", address)
        look_at(stream)
        look_at(stream)
    assert stream.failure == "It answered 500."
    assert stream.next_look_at - stream.looked_at == timedelta(minutes=2)


def test_a_feed_within_the_house_is_refused_unless_the_operator_allows_it():
    stream = wire("feed", "http://127.0.0.1:9/feed")
    look_at(stream)
    assert stream.failure == "This address is not on the public internet."


# --- By hand ------------------------------------------------------------------------------------


def test_the_command_brings_a_directory_and_says_what_became_of_it(directory, capsys):
    wire("by_hand", "")
    lay(directory, "one", age=0)
    lay(directory, "picture.jpg", b"\xff\xd8")
    call_command("import_wire", str(directory))
    said = capsys.readouterr().out
    assert "new" in said and "Headline one" in said and "1 received, 0 refused." in said
    call_command("import_wire", str(directory / "one"))
    assert "ignored" in capsys.readouterr().out


def test_the_command_fails_where_something_was_refused_and_brings_the_rest(directory, capsys):
    wire("by_hand", "")
    lay(directory, "bad", "<x/>")
    lay(directory, "good")
    with pytest.raises(CommandError, match="1 received, 1 refused"):
        call_command("import_wire", str(directory))
    assert guids() == ["good"]
    assert "bad" in capsys.readouterr().err


def test_the_command_asks_addresses(settings, capsys):
    settings.FETCH_ALSO_FROM = LOOPBACK
    wire("by_hand", "")
    with feed((SAMPLES / "feed.atom").read_bytes()) as (address, _asked):
        call_command("import_wire", address)
    assert "Lamp lit again" in capsys.readouterr().out


def test_the_command_needs_a_wire_and_a_place(directory):
    with pytest.raises(CommandError, match="Name the wire"):
        call_command("import_wire", str(directory))
    wire("by_hand", "")
    with pytest.raises(CommandError, match="There is no"):
        call_command("import_wire", str(directory / "absent"))
    with pytest.raises(CommandError, match="Name the wire"):
        call_command("import_wire", str(directory), wire="other")


# --- Without a person ---------------------------------------------------------------------------


def test_nothing_is_published_unless_an_editor_said_so(directory, stream):
    lay(directory, "one")
    look_at(stream)
    assert not Article.objects.exists()


def test_a_file_too_large_is_refused_without_being_read_whole(directory, stream, monkeypatch):
    monkeypatch.setattr(looking, "MOST_BYTES", 20)
    lay(directory, "large", "<nitf>" + " " * 100 + "</nitf>")
    look_at(stream)
    assert names(directory / "refused") == ["large", "large.txt"]


def test_a_file_that_cannot_be_read_hinders_no_other(directory, stream, monkeypatch):
    lay(directory, "denied", age=90)
    lay(directory, "other")
    read = looking._bytes_of

    def denied(file):
        if file.name == "denied":
            raise PermissionError
        return read(file)

    monkeypatch.setattr(looking, "_bytes_of", denied)
    look = look_at(stream)
    assert guids() == ["other"] and names(directory) == ["denied", "done"]
    assert look.refused == [("denied", "The file cannot be read (PermissionError).")]
