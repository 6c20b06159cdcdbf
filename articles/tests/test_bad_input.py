"""Whatever is asked of a public address, the answer is a page or a refusal, never a failure."""

import re
from itertools import cycle

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from articles.tests.factories import (
    make_article,
    make_author,
    make_page,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from tests.soak import some_of

pytestmark = pytest.mark.django_db

EXISTING = {"slug": "known", "int": "1", "str": "known", "yyyy": "2026", "mm": "03"}
TAKES_POSTS_ALONE = {
    "articles/<slug:slug>/read/",
    "articles/<slug:slug>/comments/preview/",
    "comments/bounces/<str:secret>/",
    "comments/status/",
}
JUNK = [
    "%00",
    "known%00",
    "%ff%fe",
    "%c3%28",
    "%0d%0aSet-Cookie:a=b",
    "..%2f..%2fetc%2fpasswd",
    "..",
    "%2e%2e",
    "known%0a",
    "known;a=b",
    "'%20OR%201=1--",
    "%3Cscript%3E",
    "{{7*7}}",
    "%",
    "%zz",
    "-1",
    "0",
    "1e9",
    "9" * 30,
    "9" * 5000,
    "x" * 5000,
    "日本",
    "١",
    "%F0%9F%97%9E",
    "-",
    "_",
]
QUERIES = [
    *("page", "=", "&&&", "?", "page=%00", "page=%ff", "page[]=1", "page=1&page=2"),
    *(f"{name}={value}" for name in ("page", "reply_to") for value in ("-1", "junk", "9" * 5000)),
    "&".join(f"a{number}=b" for number in range(2000)),
    "a=" + "b" * 20_000,
]
METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
CONTENT_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "junk")


def routes(patterns=None, before=""):
    """The routes of all public addresses, as they stand in the urls."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route


def filled(route, value=None):
    """The route as a path: with `value` in the place of what varies, else with what exists."""
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: value or EXISTING[found[1]], route)


ROUTES = sorted(routes())
VARYING = [route for route in ROUTES if "<" in route]


@pytest.fixture(scope="module", autouse=True)
def _known(for_all_tests):
    """Something at each address that varies."""
    make_article(
        slug="known",
        section=make_section(slug="known"),
        topics=[make_topic(slug="known")],
        authors=[make_author(slug="known")],
        source=make_source(slug="known"),
        by=make_staff(),
    )
    make_page(slug="known")


@pytest.fixture
def reader():
    """A browser that gets the page a reader would, also where the site fails."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def assert_no_failure(response, *asked):
    assert response.status_code < 500, asked
    if response.streaming:
        response.getvalue()


def test_all_public_addresses_are_asked():
    assert {"", "articles/<slug:slug>/", "feeds/latest.rss", "media/<str:name>"} <= set(ROUTES)
    assert len(ROUTES) >= 15


@pytest.mark.parametrize("route", VARYING)
def test_junk_in_the_place_of_a_name_is_not_found(reader, route):
    for junk in JUNK:
        response = reader.get(filled(route, junk))
        refused = {405} if route in TAKES_POSTS_ALONE else {301, 302, 404}
        assert response.status_code in refused | {404}, junk
        assert not response.cookies


@pytest.mark.parametrize("route", ROUTES)
def test_junk_in_the_query_changes_no_address_into_a_failure(reader, route):
    for query in QUERIES:
        assert_no_failure(reader.get(f"{filled(route)}?{query}"), route, query[:50])


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_is_read_and_its_head_alone_too(reader, route):
    page, head = reader.get(filled(route)), reader.head(filled(route))
    assert page.status_code in ({405} if route in TAKES_POSTS_ALONE else {200, 302, 404})
    assert head.status_code == page.status_code
    assert head.content == b""


def assert_refused(reader, route, method, content_type):
    response = reader.generic(method, filled(route), b"\x00\xff=&", content_type)
    assert_no_failure(response, route, method, content_type)
    assert response.status_code >= 400 or method in {"OPTIONS", "TRACE"}, method


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_posted_where_it_is_not_offered_is_refused(reader, route):
    for content_type in CONTENT_TYPES:
        assert_refused(reader, route, "POST", content_type)


@pytest.mark.sqlite_only  # a long walk, alike on both: no view reads what these send
@pytest.mark.parametrize("route", ROUTES)
def test_a_method_that_is_not_offered_is_refused(reader, route):
    for method, content_type in zip(METHODS, cycle(CONTENT_TYPES), strict=False):
        assert_refused(reader, route, method, content_type)


FOR_THE_DATABASE = [
    {"Cookie": "sessionid=" + "x" * 5000},
    {"Cookie": r'sessionid="\000\377"; csrftoken=\x00; messages="junk"'},
    {"X-Forwarded-For": "junk, \x00"},
]
# Read before it is known what is asked for, so that some of the addresses say it of all.
FOR_MIDDLEWARE = [
    {"Host": "evil.example"},
    {"Host": "testserver:junk"},
    {"Host": "test\x00server"},
    {"Accept-Language": "junk;q=two,,,*;q=9" * 50},
    {"If-Modified-Since": "yesterday"},
    {"If-None-Match": 'W/"junk'},
    {"Range": "bytes=9-1"},
    {"Sec-Fetch-Site": "junk"},
    {"Origin": "junk"},
    {"X-Forwarded-Proto": "junk"},
    {"Content-Length": "junk"},
]


def assert_no_failure_with(reader, routes, headers):
    for route in routes:
        assert_no_failure(reader.get(filled(route), headers=headers), route)
        assert_no_failure(reader.post(filled(route), headers=headers), route)


@pytest.mark.parametrize("headers", FOR_THE_DATABASE, ids=lambda headers: next(iter(headers)))
def test_junk_in_a_header_is_no_failure(reader, headers):
    assert_no_failure_with(reader, ROUTES, headers)


@pytest.mark.soak
@pytest.mark.sqlite_only  # alike on both
@pytest.mark.parametrize("headers", FOR_MIDDLEWARE, ids=lambda headers: next(iter(headers)))
def test_junk_in_a_header_that_no_view_reads_is_no_failure(reader, headers):
    assert_no_failure_with(reader, some_of(ROUTES), headers)


@pytest.mark.parametrize(
    "path", ["/", "//", "//evil.example/", "/./", "/../", "/known", "/articles/known", "/admin"]
)
def test_an_address_that_is_nearly_one_leads_nowhere_else(reader, path):
    response = reader.get(path)
    assert response.status_code in {200, 301, 404}
    assert not response.get("Location", "").startswith(("//", "http"))
