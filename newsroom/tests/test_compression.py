import gzip

import pytest

pytestmark = pytest.mark.django_db
TAKES = {"accept-encoding": "gzip, br"}


@pytest.mark.parametrize("path", ["/", "/feeds/latest.atom", "/no-such-page/"])
def test_what_readers_fetch_is_compressed_for_those_who_can_take_it(client, path):
    plain, small = client.get(path), client.get(path, headers=TAKES)
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content)
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]


def test_a_compressed_feed_is_known_by_its_tag(client):
    first = client.get("/feeds/latest.atom", headers=TAKES)
    known = TAKES | {"if-none-match": first["ETag"]}
    assert client.get("/feeds/latest.atom", headers=known).status_code == 304


@pytest.mark.parametrize("path", ["/admin/login/", "/favicon.ico"])
def test_pages_with_tokens_and_pictures_are_not(client, path):
    assert "Content-Encoding" not in client.get(path, headers=TAKES)


def test_what_answers_a_form_is_not(client):
    assert "Content-Encoding" not in client.post("/", headers=TAKES)
