"""How programs find feeds, fetch them again, and are told that a hub would tell them more."""

from datetime import timedelta

import pytest
from django.utils.http import http_date

from articles.feeds.subjects import PIECES, TOMBSTONES
from articles.models import Article
from articles.tests.factories import (
    make_article,
    make_author,
    make_page,
    make_section,
    make_source,
    make_topic,
    save_version,
)
from articles.tests.parsing import MIMES, feed_at, json_at, xml_of
from articles.tests.surfaces import FEEDS, make_piece
from newsroom.tests.browsing import dom, links
from newsroom.tests.clock import NOON, SITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HUB = "https://hub.example/"
ALL = [
    f"{path}.{extension}{query}"
    for _what, path, query in FEEDS
    for extension in ("rss", "atom", "json")
]
# Of each way to find pieces, and each format.
SOME = ["/feeds/latest.rss", "/topics/japan/feed.atom", "/search/feed.json?q=ferry"]
AT = "{http://purl.org/atompub/tombstones/1.0}"


@pytest.fixture
def piece(editor, clock):
    """On all of FEEDS since noon."""
    article = make_piece()
    article.publish(by=editor)
    return article


# --- What is in the feed of a list --------------------------------------------------------------


def links_in(client, path):
    if ".json" in path:
        return [item["url"].removeprefix(SITE) for item in json_at(client, path)["items"]]
    return [entry.link.removeprefix(SITE) for entry in feed_at(client, path).entries]


def test_the_feed_of_a_list_holds_what_belongs_to_it_newest_first(client, editor):
    belongs = {
        "section": make_section(name="World"),
        "topics": [make_topic("Japan")],
        "authors": [make_author("Maud", slug="maud")],
        "source": make_source("AFP"),
        "by": editor,
    }
    make_article(slug="elsewhere", by=editor, at=NOON)
    for number in range(PIECES + 2):
        at = NOON - number * MINUTE
        make_article(slug=f"n-{number}", headline=f"Ferry {number}", at=at, **belongs)
    for path in ALL:
        if "latest" not in path:
            expected = [f"/articles/n-{number}/" for number in range(PIECES)]
            assert links_in(client, path) == expected, path


def test_the_search_feed_takes_the_filters_of_the_search_page(client, piece, editor):
    make_article(headline="Ferry in port", slug="port", by=editor)
    found = "/search/feed.atom?q=ferry&section=world&utm_source=x"
    assert links_in(client, found) == ["/articles/ferry-to-run-again/"]
    assert links_in(client, "/search/feed.atom?q=ferry+-port") == ["/articles/ferry-to-run-again/"]
    [own] = [link.href for link in feed_at(client, found).feed.links if link.rel == "self"]
    assert own == f"{SITE}/search/feed.atom?q=ferry&section=world"


@pytest.mark.parametrize("query", ["", "?q=", "?q=-port", "?section=world", "?q=%22%22"])
@pytest.mark.usefixtures("piece")
def test_a_search_without_words_has_an_empty_feed(client, query):
    for extension in ("rss", "atom", "json"):
        assert links_in(client, f"/search/feed.{extension}{query}") == []


@pytest.mark.usefixtures("piece")
def test_search_engines_are_told_to_keep_searches_out_and_nothing_else(client):
    for path in ALL:
        noindex = client.get(path).headers.get("X-Robots-Tag") == "noindex"
        assert noindex is path.startswith("/search/")


@pytest.mark.parametrize("kind", ["sections", "topics", "authors", "sources"])
def test_a_list_that_is_not_there_has_no_feed(client, kind):
    for extension in ("rss", "atom", "json"):
        assert client.get(f"/{kind}/no-such/feed.{extension}").status_code == 404


def test_the_feed_of_a_list_keeps_its_name_when_its_address_changes(client, piece):
    before = feed_at(client, "/sections/world/feed.atom").feed.id
    piece.section.slug = "abroad"
    piece.section.save()
    assert feed_at(client, "/sections/abroad/feed.atom").feed.id == before


@pytest.mark.parametrize("path", [path for path in ALL if ".atom" in path and "search" not in path])
def test_an_atom_feed_tells_what_is_gone_from_its_own_list(client, editor, piece, path):
    make_article(by=editor).withdraw(by=editor)
    name = feed_at(client, path).entries[0].id
    piece.withdraw(by=editor, reason="It does not run.")
    stones = xml_of(client.get(path), "atom").findall(f"{AT}deleted-entry")
    assert name in [stone.get("ref") for stone in stones]
    assert len(stones) == (2 if "latest" in path else 1)


def test_the_last_that_are_gone_are_told_and_no_more(client, editor):
    section = make_section()
    for _ in range(TOMBSTONES + 1):
        make_article(by=editor, section=section).withdraw(by=editor)
    stones = xml_of(client.get("/feeds/latest.atom"), "atom").findall(f"{AT}deleted-entry")
    assert len(stones) == TOMBSTONES


@pytest.mark.usefixtures("piece")
def test_addresses_are_those_of_the_site_whatever_host_was_asked(client):
    for path in ALL:
        by_another_name = client.get(path, headers={"host": "127.0.0.1"})
        assert by_another_name.content == client.get(path).content
        assert b"127.0.0.1" not in by_another_name.content


# --- Fetching it again --------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*ALL, "/corrections/feed.atom"])
def test_who_has_the_feed_is_not_sent_it_again(client, clock, piece, editor, path):
    piece.correct(by=editor, kind="update", text="It ran.")
    first = client.get(path)
    assert first["Cache-Control"] == "no-cache"
    clock.shift(HOUR)
    known = {"If-None-Match": first["ETag"]}
    again = client.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert client.head(path, headers=known).status_code == 304
    head = client.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    for method in (client.post, client.put, client.delete):
        assert method(path).status_code == 405


CHANGES = {
    "a correction": lambda piece, by: piece.correct(by=by, kind="update", text="It ran."),
    "a change of words": lambda piece, by: save_version(piece, by=by, headline="Ferry sank"),
    "a minor change": lambda piece, by: save_version(
        piece, by=by, body="<p>A body.</p>", is_minor=True
    ),
    "another address": lambda piece, by: save_version(piece, by=by, slug="boat"),
    "a withdrawal": lambda piece, by: piece.withdraw(by=by),
}


@pytest.mark.parametrize("path", SOME)
@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_it_is_sent_again(client, clock, editor, piece, path, change):
    first = client.get(path)
    clock.shift(HOUR)
    CHANGES[change](piece, editor)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.usefixtures("piece")
def test_a_date_alone_does_not_prove_that_nothing_changed(client, clock):
    """Such as the name of an author, of which no piece keeps a date."""
    first = client.get("/authors/maud/feed.rss")
    clock.shift(HOUR)
    author = Article.objects.get().authors.get()
    author.name = "Maud Hale"
    author.save()
    since = {"If-Modified-Since": http_date((NOON + HOUR).timestamp())}
    again = client.get("/authors/maud/feed.rss", headers=since)
    assert again.status_code == 200
    assert "Maud Hale" in again.content.decode()
    assert "Last-Modified" not in first.headers


@pytest.mark.parametrize("path", ["/sections/world/feed.rss", "/sections/world/feed.json"])
def test_a_piece_that_moved_to_another_section_changes_both_feeds(
    client, clock, editor, piece, path
):
    first = client.get(path)
    clock.shift(HOUR)
    piece.move_to(make_section(name="Sport"), by=editor)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", SOME)
def test_a_piece_whose_moment_has_come_is_sent_without_anybody_doing_anything(
    client, clock, editor, path
):
    article = make_piece()
    article.schedule(by=editor, at=NOON + HOUR)
    first = client.get(path)
    clock.shift(HOUR)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", ["/feeds/latest.rss", "/feeds/latest.atom", "/feeds/latest.json"])
def test_an_empty_feed_stays_the_same(client, clock, path):
    first = client.get(path)
    clock.shift(HOUR)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.usefixtures("piece")
def test_junk_in_the_conditions_is_no_failure(client):
    for headers in ({"If-None-Match": "junk"}, {"If-Modified-Since": "yesterday"}):
        assert client.get("/feeds/latest.atom", headers=headers).status_code == 200


# --- The hub ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for path in ALL if "search" not in path])
@pytest.mark.usefixtures("piece")
def test_a_feed_names_the_hub_and_itself(client, settings, path):
    settings.WEBSUB_HUB = HUB
    response = client.get(path)
    assert response["Link"] == f'<{HUB}>; rel="hub", <{SITE}{path}>; rel="self"'
    if ".json" in path:
        document = json_at(client, path)
        assert document["hubs"] == [{"type": "WebSub", "url": HUB}]
    else:
        named = {link.rel: link.href for link in feed_at(client, path).feed.links}
        assert (named["hub"], named["self"]) == (HUB, f"{SITE}{path}")


def test_no_hub_is_named_where_there_is_none_or_it_is_told_nothing(client, settings):
    for hub, paths in (("", ALL), (HUB, [path for path in ALL if "search" in path])):
        settings.WEBSUB_HUB = hub
        make_everything()
        for path in paths:
            response = client.get(path)
            assert response.status_code == 200
            assert "Link" not in response.headers
            assert b"hub" not in response.content


def make_everything():
    if not Article.objects.exists():
        make_piece()


# --- How they are found -------------------------------------------------------------------------


def alternates(client, path):
    """The feeds that the head of a page names, by their types."""
    found = dom(client.get(path)).findall(".//head/link[@rel='alternate']")
    assert all(link.get("title") for link in found)
    return [(link.get("type"), link.get("href")) for link in found]


def in_each_format(stem, query=""):
    return [
        (mime.partition(";")[0], f"{stem}.{extension}{query}") for extension, mime in MIMES.items()
    ]


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/", []),
        ("/about/", []),
        ("/sections/world/", in_each_format("/sections/world/feed")),
        ("/topics/japan/", in_each_format("/topics/japan/feed")),
        ("/authors/maud/", in_each_format("/authors/maud/feed")),
        ("/sources/afp/", in_each_format("/sources/afp/feed")),
        ("/search/", []),
        (
            "/search/?q=ferry+%26&section=world&order=newest",
            in_each_format("/search/feed", "?q=ferry+%26&section=world"),
        ),
        (
            "/articles/ferry-to-run-again/",
            [
                ("application/atom+xml", "/comments/picks.atom"),
                ("application/atom+xml", "/articles/ferry-to-run-again/comments.atom"),
            ],
        ),
    ],
)
@pytest.mark.usefixtures("piece")
def test_the_head_of_a_page_names_the_feeds_of_the_paper_and_its_own(client, path, own):
    make_page("About")
    found = alternates(client, path)
    assert found == in_each_format("/feeds/latest") + own
    for mime, address in found:
        response = client.get(address)
        assert response.status_code == 200
        assert response["Content-Type"].partition(";")[0] == mime


def test_the_page_of_a_list_has_a_link_to_its_feed(client, piece):
    for path in ("/sections/world/", "/topics/japan/", "/authors/maud/", "/sources/afp/"):
        assert f"{path}feed.rss" in links(client.get(path))
