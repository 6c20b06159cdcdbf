"""What the page store answers: to which requests, in which encodings, with which headers."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import override_settings
from django.urls import include, path

from newsroom.page_store import changes_at, stored
from newsroom.page_store import pages as finished
from newsroom.tests.asking import ask
from newsroom.tests.clock import NOON

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(__name__),
    pytest.mark.usefixtures("clock"),
]

WORDS = "<p>Words of a page.</p>\n" * 60
drawn: list[HttpRequest] = []


def _draw(request, **context):
    drawn.append(request)
    return HttpResponse(f"{WORDS}{context or ''}{request.GET.get('page', '')}")


@stored()
def plain(request):
    return _draw(request)


@stored(query=("page", "order"))
def listed(request):
    return _draw(request)


def passing(request):
    return _draw(request)


@stored()
def failing(request, kind):
    drawn.append(request)
    if kind == "missing":
        raise Http404
    if kind == "moved":
        return HttpResponseRedirect("/plain/")
    if kind == "cookie":
        answer = HttpResponse(WORDS)
        answer.set_cookie("taste", "sweet")
        return answer
    if kind == "private":
        return HttpResponse(WORDS, headers={"Cache-Control": "no-store"})
    if kind == "varied":
        return HttpResponse(WORDS, headers={"Vary": "Cookie"})
    return HttpResponse(WORDS, status=int(kind))


@stored()
def named(request, name):
    return _draw(request, name=name)


@stored()
def soon(request):
    changes_at(NOON + timedelta(minutes=5))
    return _draw(request)


urlpatterns = [
    path("plain/", plain),
    path("listed/", listed),
    path("passing/", passing),
    path("soon/", soon),
    path("failing/<str:kind>/", failing),
    path("named/<str:name>/", named),
    path("", include("newsroom.urls")),
]


@pytest.fixture(autouse=True)
def _no_site(monkeypatch):
    """These pages show nothing of the site, and ask no database."""
    drawn.clear()
    for view in (plain, listed, passing, failing, named, soon):
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


@pytest.mark.parametrize("kind", ["missing", "moved", "410", "503", "cookie", "private", "varied"])
def test_only_what_is_right_for_everybody_is_kept(pages, kind):
    first, second = ask(pages, f"/failing/{kind}/"), ask(pages, f"/failing/{kind}/")
    assert len(drawn) == 2
    assert first == second
    assert "accept-encoding" in first.headers["vary"].lower()
    expected = {"missing": 404, "moved": 302, "410": 410, "503": 503}
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


def test_hosts_and_schemes_have_pages_of_their_own(pages):
    assert ask(pages, "/plain/", host="localhost:8000").code == 200
    assert ask(pages, "/plain/", host="127.0.0.1").code == 200
    assert len(drawn) == 2
    assert ask(pages, "/plain/", host="evil.example").code == 400
    assert ask(pages, "/plain/", host="evil.example").code == 400


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
        patch.setitem(globals(), "_draw", slowly)
        assert ask(pages, "/soon/").code == 200
    ask(pages, "/soon/")
    assert len(drawn) == 2


@override_settings(DEBUG=False)
def test_a_view_that_fails_is_answered_and_not_kept(pages):
    for _ in range(2):
        assert ask(pages, "/failing/nonsense/").code == 500
    assert len(drawn) == 2
