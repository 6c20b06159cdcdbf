"""The bytes that an agency sent, for download by the desk: never shown by a browser."""

import pytest

from articles.models import WireVersion
from articles.tests.wire_desk import bring, page_of, reading_of
from newsroom.tests.browsing import links
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db

HOSTILE = b"<html><script>alert(1)</script>\x00\xff\xfe"


def original(client, item, number=1):
    return client.get(f"{page_of(item)}original/{number}/")


@pytest.fixture
def editor(client):
    editor = make_staff("Editors")
    client.force_login(editor)
    return editor


@pytest.mark.usefixtures("editor")
def test_it_gives_the_bytes_as_they_came(client):
    item = bring(original=HOSTILE, name="page.html")
    response = original(client, item)
    assert response.content == HOSTILE
    assert f"{page_of(item)}original/1/" in links(client.get(reading_of(item)))


@pytest.mark.usefixtures("editor")
def test_each_version_has_its_own(client):
    item = bring(original=b"first")
    bring(guid=item.guid, version=3, original=b"second", body="<p>New.</p>")
    assert original(client, item, 1).content == b"first"
    assert original(client, item, 3).content == b"second"
    assert original(client, item, 2).status_code == 404


@pytest.mark.usefixtures("editor")
def test_no_browser_shows_or_runs_it(client):
    response = original(client, bring(original=HOSTILE, name="page.html"))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="page.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\wires\\a b.xml", "a-b.xml"),
        ('x"; filename="y.exe', "x-filename-y.exe"),
        ("line\r\nSet-Cookie: a=b", "line-Set-Cookie-a-b"),
        ("https://wire.example/feed?x=1", "feed-x-1"),
    ],
)
def test_its_name_is_one_that_every_file_system_takes(client, name, saved):
    item = bring()
    WireVersion.objects.update(original_name=name)
    disposition = original(client, item)["Content-Disposition"]
    assert disposition == f'attachment; filename="{saved}"'


@pytest.mark.usefixtures("editor")
def test_without_a_name_it_gets_one(client):
    item = bring()
    for name in ("", "...", "///"):
        WireVersion.objects.update(original_name=name)
        assert f'"wire-{item.pk}-1.bin"' in original(client, item)["Content-Disposition"]


@pytest.mark.usefixtures("editor")
def test_it_is_for_the_desk_alone(client):
    item = bring()
    client.logout()
    assert "/admin/login/" in original(client, item)["Location"]
    client.force_login(make_staff("Moderators"))
    assert original(client, item).status_code == 403


@pytest.mark.usefixtures("editor")
def test_it_is_only_read(client):
    item = bring()
    assert client.post(f"{page_of(item)}original/1/").status_code == 405
    assert client.head(f"{page_of(item)}original/1/").status_code == 200


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30])
def test_a_version_that_there_is_not_is_not_found(client, number):
    address = f"{page_of(bring())}original/{number}/"
    assert client.get(address, follow=True).status_code == 404
