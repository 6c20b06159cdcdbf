"""What search engines are told to look at: the index, the pages of pieces, and the lists."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.sitemaps import lists
from articles.sitemaps.pieces import SPAN
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_page,
    make_section,
    make_source,
    make_topic,
    save_version,
)
from articles.tests.parsing import sitemap_at
from newsroom.models import SiteSettings
from newsroom.tests.clock import NOON, SITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ORIGINAL = "https://www.afp.example/story"


def places(client, path):
    """Path and last change of each entry; the whole is valid."""
    entries = {}
    for entry in sitemap_at(client, path):
        address, moment = entry.findtext(f"{S}loc"), entry.findtext(f"{S}lastmod")
        assert address.startswith(f"{SITE}/") and address not in entries
        entries[address.removeprefix(SITE)] = moment and datetime.fromisoformat(moment)
    return entries


def page_of(article):
    """The page that a piece stands on, by its primary key."""
    return f"/sitemap-pieces-{article.pk // SPAN + 1}.xml"


def pieces(client):
    """Of all pages that the index names."""
    found: dict[str, datetime | None] = {}
    for path in places(client, "/sitemap.xml"):
        if path.startswith("/sitemap-pieces-"):
            found |= places(client, path)
    return found


# --- Pieces -------------------------------------------------------------------------------------


def test_the_index_leads_to_what_readers_can_see(client, editor, clock):
    make_article(slug="shown", by=editor)
    make_article(slug="scheduled", at=NOON + HOUR, by=editor)
    make_article(slug="withdrawn", by=editor).withdraw(by=editor)
    make_draft(slug="draft")
    assert list(pieces(client)) == ["/articles/shown/"]
    clock.shift(HOUR)
    assert list(pieces(client)) == ["/articles/shown/", "/articles/scheduled/"]


@pytest.mark.parametrize(
    ("of_the_source", "own", "url", "is_there"),
    [
        (None, "", "", True),
        ("index", "", ORIGINAL, True),
        ("noindex", "", ORIGINAL, False),
        ("canonical", "", ORIGINAL, False),
        ("canonical", "", "", True),
        ("noindex", "index", ORIGINAL, True),
        ("canonical", "index", ORIGINAL, True),
        ("index", "noindex", ORIGINAL, False),
        ("index", "canonical", ORIGINAL, False),
        ("index", "canonical", "", True),
        (None, "noindex", "", False),
        (None, "canonical", ORIGINAL, False),
        (None, "canonical", "", True),
    ],
)
def test_only_what_search_engines_are_to_index_is_there(client, of_the_source, own, url, is_there):
    source = make_source(indexing=of_the_source) if of_the_source else None
    article = make_article(slug="fish", source=source, indexing=own, source_url=url)
    assert (article.indexed == "index") is is_there
    assert ("/articles/fish/" in pieces(client)) is is_there
    assert (b"/articles/fish/" in client.get("/sitemap-news.xml").content) is is_there


def test_a_piece_is_as_new_as_its_last_change_in_substance(client, editor, clock):
    article = make_article(slug="fish", by=editor)
    address = "/articles/fish/"
    assert pieces(client)[address] == NOON
    clock.shift(HOUR)
    save_version(article, by=editor, body="<p>A body.</p>", is_minor=True)
    assert pieces(client)[address] == NOON
    clock.shift(HOUR)
    article.correct(by=editor, kind="correction", text="It was Monday.")
    assert pieces(client)[address] == NOON + 2 * HOUR
    save_version(article, by=editor, slug="cod")
    assert pieces(client) == {"/articles/cod/": NOON + 2 * HOUR}


def test_the_index_dates_each_page_by_the_newest_of_its_pieces(client, editor):
    make_article(pk=SPAN - 1, at=NOON - DAY, by=editor)
    last = make_article(pk=SPAN - 2, at=NOON - 2 * DAY, by=editor)
    make_article(pk=SPAN, at=NOON - 3 * DAY, by=editor)
    make_article(pk=3 * SPAN + 7, at=NOON - 4 * DAY, by=editor)
    last.correct(by=editor, kind="update", text="New.")
    index = places(client, "/sitemap.xml")
    assert list(index)[0] == "/sitemap-lists.xml"
    assert [(path, index[path]) for path in list(index)[1:]] == [
        ("/sitemap-pieces-1.xml", NOON),
        ("/sitemap-pieces-2.xml", NOON - 3 * DAY),
        ("/sitemap-pieces-4.xml", NOON - 4 * DAY),
    ]
    assert index["/sitemap-lists.xml"] == NOON


def test_a_piece_stays_on_its_page(client, editor):
    first, second = (make_article(pk=pk, slug=f"n-{pk}", by=editor) for pk in (SPAN - 1, SPAN))
    for path, article in (("/sitemap-pieces-1.xml", first), ("/sitemap-pieces-2.xml", second)):
        assert path == page_of(article)
        assert list(places(client, path)) == [article.get_absolute_url()]
    first.withdraw(by=editor)
    assert client.get("/sitemap-pieces-1.xml").status_code == 404
    assert list(places(client, "/sitemap-pieces-2.xml")) == [second.get_absolute_url()]


@pytest.mark.parametrize("number", ["0", "2", "999999999999", "9" * 30, "9" * 5000, "-1", "x"])
def test_a_page_without_pieces_is_not_there(client, number):
    make_article(pk=5)
    assert client.get(f"/sitemap-pieces-{number}.xml").status_code == 404


def test_a_page_costs_one_query_however_many_pieces_it_has(client):
    first = make_article()
    template = Article.objects.get()
    counts = []
    for size in (1, 300):
        for number in range(size):
            template.pk, template.slug = None, f"copy-{size}-{number}"
            template.save(force_insert=True)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page_of(first))
        counts.append((len(queries), len(re.findall(b"<loc>", response.content))))
    assert counts == [(1, 2), (1, 302)]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "/sitemap-pieces-1.xml",
            "COVERING INDEX article_in_sitemaps (status=? AND id>? AND id<?)",
        ),
        ("/sitemap.xml", "INDEX article_newest_in_sitemap (<expr>=? AND status=? AND <expr><?)"),
    ],
)
def test_pieces_are_found_along_an_index_that_was_made_for_it(client, path, expected):
    make_article(pk=5)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    sql = next(query["sql"] for query in queries if '"changed_at"' in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = " ".join(row[-1] for row in cursor.fetchall())
    assert f" USING {expected}" in plan
    assert "SCAN" not in plan.replace("SCAN json_each", "")  # of the keys that are given
    assert "TEMP B-TREE" not in plan


# --- Lists --------------------------------------------------------------------------------------


def test_lists_with_something_in_them_are_there_with_the_newest_of_their_pieces(client, editor):
    world, japan, maud = make_section(name="World"), make_topic("Japan"), make_author("M", slug="m")
    both = {"section": world, "topics": [japan], "authors": [maud], "by": editor}
    make_article(at=NOON - 40 * DAY, source=make_source("AFP"), **both)
    make_article(at=NOON - DAY, **both).correct(by=editor, kind="update", text="New.")
    make_article(at=NOON + DAY, section=make_section(name="Later"), by=editor)
    make_section(name="Empty")
    make_topic("Nothing")
    make_author("Nobody", slug="nobody")
    make_source("None")
    found = places(client, "/sitemap-lists.xml")
    assert found == {
        "/": NOON,
        "/sections/world/": NOON,
        "/topics/japan/": NOON,
        "/authors/m/": NOON,
        "/sources/afp/": NOON - 40 * DAY,
        "/archive/2026/03/": NOON,
        "/archive/2026/01/": NOON - 40 * DAY,
    }
    for path in found:
        assert client.get(path).status_code == 200


def test_a_list_without_recent_pieces_is_there_without_a_date(client, monkeypatch, editor):
    monkeypatch.setattr(lists, "RECENT", 1)
    make_article(at=NOON - 40 * DAY, section=make_section(name="Old"), topics=[make_topic("Boats")])
    make_article(section=make_section(name="New"), topics=[make_topic("Trains")])
    found = places(client, "/sitemap-lists.xml")
    dated = {path for path, changed_at in found.items() if changed_at}
    assert dated == {"/", "/sections/new/", "/topics/trains/", "/archive/2026/03/"}
    assert found.keys() - dated == {"/sections/old/", "/topics/boats/", "/archive/2026/01/"}


def test_standing_pages_are_there(client):
    make_page("About")
    assert places(client, "/sitemap-lists.xml") == {"/": None, "/about/": NOON}


def test_a_newsroom_with_nothing_in_it_has_valid_sitemaps(client):
    assert places(client, "/sitemap-lists.xml") == {"/": None}
    assert places(client, "/sitemap.xml") == {"/sitemap-lists.xml": None}


def test_months_are_those_of_the_place_of_publication(client):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    make_article(at=datetime(2026, 1, 31, 23, tzinfo=UTC))
    found = places(client, "/sitemap-lists.xml")
    assert "/archive/2026/02/" in found and "/archive/2026/01/" not in found


# --- Fetching them again ------------------------------------------------------------------------


PATHS = ["/sitemap.xml", "/sitemap-lists.xml", "/sitemap-news.xml"]


@pytest.mark.parametrize("path", [*PATHS, "pieces"])
def test_who_has_it_is_not_sent_it_again_until_something_changed(client, editor, clock, path):
    kept, article = make_article(by=editor), make_article(by=editor)
    path = page_of(kept) if path == "pieces" else path
    first = client.get(path)
    clock.shift(HOUR)
    known = {"If-None-Match": first["ETag"]}
    assert client.get(path, headers=known).status_code == 304
    head = client.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert client.post(path).status_code == 405
    article.withdraw(by=editor)
    if path in {page_of(kept), "/sitemap-news.xml"}:
        assert client.get(path, headers=known).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_sitemaps_are_no_result_of_a_search(client, path):
    assert client.get(path)["X-Robots-Tag"] == "noindex"
