"""What the page store answers: to which requests, in which encodings, with which headers."""

from ipaddress import ip_network

import pytest
from django.http import HttpResponse
from django.test import override_settings

from newsroom.page_store import pages as finished
from newsroom.page_store.store import store
from newsroom.tests import views_to_store
from newsroom.tests.asking import ask
from newsroom.tests.views_to_store import VIEWS, WORDS, drawn

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(views_to_store.__name__),
    pytest.mark.usefixtures("clock"),
]


@pytest.fixture(autouse=True)
def _no_site(monkeypatch):
    """These pages show nothing of the site, and ask no database."""
    drawn.clear()
    for view in VIEWS:
        vars(view)["needs_site"] = False


def test_a_page_is_drawn_once(pages):
    first, second = ask(pages, "/plain/"), ask(pages, "/plain/")
    assert len(drawn) == 1
    assert first == second
    assert first.status == "200 OK"
    assert first.text == WORDS
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["vary"] == "Accept-Encoding"
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert first.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("br ; q=1.0", "br"),
        ("*", "br"),
        ("br;q=0, *;q=0.5", "gzip"),
        ("*;q=0", None),
        ("gzip;q=0", None),
        ("identity", None),
        ("deflate", None),
        ("", None),
        (",,;;q=,", None),
        ("gzip;q=lots", None),
        ("br;q=nan", None),
        ("gzipped", None),
    ],
)
def test_a_page_is_sent_as_the_browser_takes_it(pages, accepted, encoding):
    for _ in range(2):
        answer = ask(pages, "/plain/", accept_encoding=accepted)
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["content-length"] == str(len(answer.sent))
        assert answer.text == WORDS
    assert len(drawn) == 1


def test_each_encoding_is_made_once(pages, monkeypatch):
    made = []
    compress = finished.compress

    def counted(text, encoding):
        made.append(encoding)
        return compress(text, encoding)

    monkeypatch.setattr(finished, "compress", counted)
    for accepted in ["br", "gzip", "", "br", "gzip", ""]:
        ask(pages, "/plain/", accept_encoding=accepted)
    assert sorted(made) == ["br", "gzip"]


def test_encodings_have_tags_of_their_own(pages):
    tags = {
        ask(pages, "/plain/", accept_encoding=each).headers["etag"] for each in ["br", "gzip", ""]
    }
    assert len(tags) == 3
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


@pytest.mark.parametrize("wrapped", ["{}", "W/{}", '"x", {}', '{} , "y"', "*"])
def test_whoever_has_the_page_is_told_so(pages, wrapped):
    page = ask(pages, "/plain/", accept_encoding="br")
    tag = wrapped.format(page.headers["etag"])
    answer = ask(pages, "/plain/", accept_encoding="br", if_none_match=tag)
    assert answer.status == "304 Not Modified"
    assert answer.sent == b""
    told = {"etag", "vary", "cache-control"}
    assert {name: answer.headers[name] for name in told} == {
        name: page.headers[name] for name in told
    }
    assert "content-type" not in answer.headers
    assert "content-length" not in answer.headers


def test_the_tag_of_another_encoding_or_page_is_none(pages):
    other = ask(pages, "/plain/", accept_encoding="gzip").headers["etag"]
    for tag in (other, '"0"', "nonsense"):
        answer = ask(pages, "/plain/", accept_encoding="br", if_none_match=tag)
        assert answer.status == "200 OK"


def test_dates_are_told_when_nothing_else_can_have_them(pages, clock):
    """They count in seconds: within the second of its drawing, another page may follow."""
    assert "last-modified" not in ask(pages, "/plain/").headers
    clock.shift(1)
    page = ask(pages, "/plain/")
    assert page.headers["last-modified"] == "Mon, 02 Mar 2026 12:00:00 GMT"
    same = ask(pages, "/plain/", if_modified_since=page.headers["last-modified"])
    assert same.status == "304 Not Modified"
    for date in ("Mon, 02 Mar 2026 12:00:01 GMT", "Mon, 02 Mar 2026 11:59:59 GMT", "yesterday"):
        assert ask(pages, "/plain/", if_modified_since=date).status == "200 OK"
    # The tag says more (RFC 9110, 13.2.2).
    date = page.headers["last-modified"]
    both = ask(pages, "/plain/", if_none_match='"other"', if_modified_since=date)
    assert both.status == "200 OK"


def test_head_is_the_same_without_the_page(pages):
    for _ in range(2):
        head = ask(pages, "/plain/", method="HEAD", accept_encoding="br")
        assert head.sent == b""
    page = ask(pages, "/plain/", accept_encoding="br")
    assert head.headers == page.headers
    assert len(drawn) == 1
    tag = page.headers["etag"]
    same = ask(pages, "/plain/", method="HEAD", accept_encoding="br", if_none_match=tag)
    assert same.status == "304 Not Modified"


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "DELETE"])
def test_other_methods_pass_by(pages, method):
    ask(pages, "/plain/")
    ask(pages, "/plain/", method=method, sec_fetch_site="same-origin")
    assert [request.method for request in drawn[1:]] in ([method], [])
    ask(pages, "/plain/")
    assert len([request for request in drawn if request.method == "GET"]) == 1


@pytest.mark.parametrize(
    "headers",
    [{"cookie": "a=b; sessionid=1"}, {"cookie": "sessionid="}, {"authorization": "Bearer x"}],
)
def test_what_is_asked_by_somebody_passes_by(pages, headers):
    ask(pages, "/plain/")
    for _ in range(2):
        ask(pages, "/plain/", **headers)
    assert len(drawn) == 3
    ask(pages, "/plain/")
    assert len(drawn) == 3


def test_other_cookies_and_headers_change_nothing_and_reach_no_view(pages):
    ask(pages, "/plain/", cookie="csrftoken=1", user_agent="x", accept_language="ja", referer="/")
    ask(pages, "/plain/", cookie="other=2")
    assert len(drawn) == 1
    known = {name for name in drawn[0].META if name.startswith("HTTP_")}
    assert known == {"HTTP_HOST"}


def test_views_that_are_not_stored_are_asked_each_time(pages):
    ask(pages, "/passing/")
    ask(pages, "/passing/?page=2")
    assert len(drawn) == 2


def test_parameters_that_the_view_does_not_know_are_nothing_to_it(pages):
    for query in ("", "?utm_source=x", "?fbclid=1&page=2", "?", "?%FF=%FF", "?page"):
        assert ask(pages, f"/plain/{query}").text == WORDS
    assert len(drawn) == 1


def test_of_those_that_it_knows_the_last_counts_in_any_order(pages):
    assert ask(pages, "/listed/?page=2&order=new").text == f"{WORDS}2"
    for query in ("order=new&page=2", "page=1&x=y&order=new&page=2", "page=%32&order=new"):
        assert ask(pages, f"/listed/?{query}").text == f"{WORDS}2"
    assert len(drawn) == 1
    assert ask(pages, "/listed/?page=3&order=new").text == f"{WORDS}3"
    assert ask(pages, "/listed/").text == WORDS
    assert len(drawn) == 3


def test_odd_values_are_kept_apart(pages):
    odd = ["page=%FF", "page=%EF%BF%BD", "page=%C3%A9", "page=é", "page=a%26order%3Db", "page=%00"]
    texts = [ask(pages, f"/listed/?{query}").text for query in odd]
    assert texts[2] == texts[3]
    assert texts[4] == f"{WORDS}a&order=b"
    assert len(drawn) == 5


def test_a_query_too_long_to_be_kept_passes_by(pages):
    for _ in range(2):
        assert ask(pages, f"/listed/?page={'1' * 500}").text == WORDS + "1" * 500
    assert len(drawn) == 2
    ask(pages, f"/listed/?unknown={'1' * 5000}")
    ask(pages, "/listed/")
    assert len(drawn) == 3


@pytest.mark.parametrize("kind", ["moved", "503", "cookie", "private", "varied"])
def test_only_what_is_right_for_everybody_is_kept(pages, kind):
    first, second = ask(pages, f"/failing/{kind}/"), ask(pages, f"/failing/{kind}/")
    assert len(drawn) == 2
    assert first == second
    assert "accept-encoding" in first.headers["vary"].lower()
    expected = {"moved": 302, "503": 503}
    assert first.code == expected.get(kind, 200)
    if kind == "cookie":
        assert "taste=sweet" in first.headers["set-cookie"]
    if kind == "varied":
        assert first.headers["vary"] == "Cookie, Accept-Encoding"
    if first.code != 200:
        assert "etag" not in first.headers


def test_addresses_in_any_bytes_have_pages_of_their_own(pages):
    for address in ("/named/caf%C3%A9/", "/named/%E6%97%A5/", "/named/a%20b/", "/named/A%20b/"):
        assert ask(pages, address).text == ask(pages, address).text
    assert len(drawn) == 4
    for address in ("/named/%FF/", "/named/%C3%28/"):
        assert ask(pages, address).code == 200
    assert ask(pages, "/%FF/").code == 404


@pytest.mark.parametrize(("kind", "status"), [("missing", 404), ("410", 410)])
def test_that_there_is_nothing_is_kept_until_something_changes(pages, kind, status):
    first, second = ask(pages, f"/failing/{kind}/"), ask(pages, f"/failing/{kind}/")
    assert len(drawn) == 1
    assert first == second
    assert first.code == status
    assert "etag" not in first.headers
    assert "last-modified" not in first.headers
    store().generations.forget_all()
    ask(pages, f"/failing/{kind}/")
    assert len(drawn) == 2


def test_addresses_of_nothing_crowd_out_no_page_and_are_bounded(pages):
    memory = store().memory
    assert memory.missing
    ask(pages, "/plain/")
    for number in range(400):
        assert ask(pages, f"/nothing/{number}/").code == 410
    assert [page.status for page in memory.pages.values()] == ["200 OK"]
    assert 100 < len(memory.missing.pages) < 400
    assert memory.missing.size <= memory.missing.limit


def test_whoever_finds_a_page_where_nothing_was_gets_it(pages, monkeypatch):
    memory = store().memory
    assert memory.missing
    assert ask(pages, "/failing/410/").code == 410
    monkeypatch.setattr(views_to_store, "IS_RIGHT", True)
    store().generations.forget_all()
    assert ask(pages, "/failing/410/").code == 200
    assert len(memory.pages) == 1
    assert not memory.missing.pages
    monkeypatch.setattr(views_to_store, "IS_RIGHT", False)
    store().generations.forget_all()
    assert ask(pages, "/failing/410/").code == 410
    assert (len(memory.pages), len(memory.missing.pages)) == (0, 1)


def test_all_hosts_of_the_site_share_a_page_and_at_others_there_is_none(pages):
    for host in ("localhost:8000", "127.0.0.1", "LOCALHOST", "localhost:9", "localhost."):
        assert ask(pages, "/plain/", host=host).code == 200
    assert len(drawn) == 1
    for host in ("evil.example", "", "localhost:port", "a b", f"{'a' * 300}.example"):
        for _ in range(2):
            assert ask(pages, "/plain/", host=host).code == 400
    assert len(store().memory.pages) == 1


def test_values_that_mean_nothing_make_no_page_of_their_own(pages):
    first = ask(pages, "/numbered/")
    for query in ("?page=1", "?page=01", "?page=no", "?page=", "?page=1&page="):
        assert ask(pages, f"/numbered/{query}") == first
    assert len(drawn) == 1
    assert ask(pages, "/numbered/?page=2").text == ask(pages, "/numbered/?page=002").text
    assert len(drawn) == 2


def test_what_is_drawn_for_once_is_answered_and_not_kept(pages):
    first, second = ask(pages, "/once/"), ask(pages, "/once/")
    assert first.code == second.code == 200
    assert len(drawn) == 2
    assert not store().memory.pages


def test_a_page_drawn_anew_is_the_same_byte_for_byte_but_for_what_changed(pages, monkeypatch):
    """Its stamp alone tells of another drawing."""
    first = ask(pages, "/stamped/", accept_encoding="br")
    store().generations.forget_all()
    again = ask(pages, "/stamped/", accept_encoding="br")
    assert len(drawn) == 2
    assert again == first
    assert "stamp-1." in again.text
    assert (
        ask(pages, "/stamped/", if_none_match=first.headers["etag"], accept_encoding="br").code
        == 304
    )
    monkeypatch.setattr(views_to_store, "WORDS", "Other words.")
    store().generations.forget_all()
    other = ask(pages, "/stamped/", accept_encoding="br")
    assert "stamp-3." in other.text
    assert other.headers["etag"] != first.headers["etag"]


def test_a_page_drawn_anew_keeps_its_bytes_where_only_its_file_is_left(pages):
    first = ask(pages, "/stamped/", accept_encoding="gzip")
    store().memory.drop("http:/stamped/?")
    store().generations.forget_all()
    assert ask(pages, "/stamped/", accept_encoding="gzip") == first
    assert ask(pages, "/stamped/").text == first.text
    assert len(drawn) == 2


def test_what_a_trusted_proxy_says_of_the_scheme_counts_and_of_a_stranger_not(pages, settings):
    ask(pages, "/plain/", x_forwarded_proto="https", x_forwarded_for="203.0.113.9")
    assert (len(drawn), drawn[0].scheme) == (1, "http")
    settings.TRUSTED_PROXIES = (ip_network("192.0.2.0/24"),)
    ask(pages, "/plain/", x_forwarded_proto="https", x_forwarded_for="203.0.113.9")
    assert (len(drawn), drawn[1].scheme) == (2, "https")
    ask(pages, "/plain/", x_forwarded_proto="gopher")
    assert len(drawn) == 2


def test_while_the_site_is_closed_nothing_stored_is_sent(pages, settings):
    ask(pages, "/plain/")
    settings.STATE.maintenance.touch()
    try:
        assert ask(pages, "/plain/").code == 503
    finally:
        settings.STATE.maintenance.unlink()
    assert ask(pages, "/plain/").code == 200
    assert len(drawn) == 1


def test_a_page_ends_when_the_clock_changes_it_and_does_not_begin_before_it_was_drawn(pages, clock):
    ask(pages, "/soon/")
    clock.shift(299)
    ask(pages, "/soon/")
    assert len(drawn) == 1
    clock.shift(1)
    ask(pages, "/soon/")
    assert len(drawn) == 2
    clock.shift(-400)
    ask(pages, "/soon/")
    assert len(drawn) == 3


def test_a_moment_that_comes_while_a_page_is_drawn_leaves_it_unkept(pages, clock, monkeypatch):
    clock.shift(299.9)

    def slowly(request, **context):
        clock.shift(1)
        drawn.append(request)
        return HttpResponse(WORDS)

    with monkeypatch.context() as patch:
        patch.setattr(views_to_store, "_draw", slowly)
        assert ask(pages, "/soon/").code == 200
    ask(pages, "/soon/")
    assert len(drawn) == 2


@override_settings(DEBUG=False)
def test_a_view_that_fails_is_answered_and_not_kept(pages):
    for _ in range(2):
        assert ask(pages, "/failing/nonsense/").code == 500
    assert len(drawn) == 2
