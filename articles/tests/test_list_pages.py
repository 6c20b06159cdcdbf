"""The pages of a list that is longer than one, and the way from one to the next."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from articles import listings
from articles.keyset import Key, KeysOf
from articles.listings import LIST_PIECES
from articles.models import Article, Byline
from articles.tests.factories import (
    make_article,
    make_author,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.tests.browsing import dom, links, text_of

pytestmark = pytest.mark.django_db

LISTS = ["/sections/world/", "/topics/japan/", "/authors/maud/", "/sources/afp/"]
NEWEST = datetime(2026, 3, 2, 12, 0, 0, 250, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def make_archive(number, *, at=None):
    """Published pieces of one section, topic, author and source, written at once. The first is
    the newest; `at` says when each is dated, by its age."""
    section, source = make_section(name="World"), make_source("AFP")
    kept = section, source, make_topic("Japan"), make_author("Maud", slug="maud")
    return add_pieces(range(number), *kept, at=at)


def add_pieces(ages, section, source, topic, author, *, at=None):
    made = Article.objects.bulk_create(
        Article(
            headline=f"Piece {age}",
            slug=f"of-age-{age}",
            section=section,
            source=source,
            status="published",
            published_at=at(age) if at else NEWEST - age * MINUTE,
        )
        for age in ages
    )
    Byline.objects.bulk_create(Byline(article=each, author=author) for each in made)
    has_topic = Article.topics.through
    has_topic.objects.bulk_create(has_topic(article=each, topic=topic) for each in made)
    return made


def headlines(response):
    return [text_of(each) for each in dom(response).findall(".//*[@class='card-headline']")]


def pieces(first, beyond):
    return [f"Piece {age}" for age in range(first, beyond)]


def way(response, rel):
    """Where the page says that the one before or after it is; its head and its foot say the
    same."""
    page = dom(response)
    of_head = [each.get("href") for each in page.findall(f".//head/link[@rel='{rel}']")]
    of_foot = [each.get("href") for each in page.findall(f".//nav[@class='pages']/a[@rel='{rel}']")]
    assert of_head == of_foot
    return of_foot[0] if of_foot else None


def walk(client, path, rel, start=""):
    """The headlines of each page, from one to the next until there is none."""
    found, query = [], start
    while query is not None:
        response = client.get(path + query)
        found.append(headlines(response))
        query = way(response, rel)
        assert len(found) < 20
    return found


@pytest.mark.parametrize("few", [2000, 3], ids=["few", "many"])
@pytest.mark.parametrize("path", LISTS)
def test_a_list_goes_on_page_by_page_to_its_end_and_back(client, monkeypatch, path, few):
    monkeypatch.setattr(listings, "FEW", few)
    monkeypatch.setattr(listings, "STRETCH", 40)
    make_archive(3 * LIST_PIECES + 4)
    pages = [pieces(0, 25), pieces(25, 50), pieces(50, 75), pieces(75, 79)]
    assert walk(client, path, "next") == pages
    last = f"?before={Key(NEWEST - 74 * MINUTE, Article.objects.get(slug='of-age-74').pk)}"
    assert walk(client, path, "prev", last) == pages[::-1]


def test_many_pieces_of_a_topic_far_back_are_found(client, monkeypatch):
    monkeypatch.setattr(listings, "FEW", 3)
    monkeypatch.setattr(listings, "STRETCH", 5)
    make_archive(LIST_PIECES + 2)
    by = make_staff()
    for _ in range(8):
        make_article(by=by)
    assert walk(client, "/topics/japan/", "next") == [pieces(0, 25), pieces(25, 27)]


def test_pieces_of_the_same_moment_stand_on_one_page_each(client):
    make_archive(3 * LIST_PIECES, at=lambda age: NEWEST)
    pages = walk(client, "/sections/world/", "next")
    assert [len(page) for page in pages] == [25, 25, 25]
    assert sum(pages, []) == pieces(0, 75)[::-1]  # of one moment, the one made last stands first


def test_what_comes_in_meanwhile_moves_nothing_to_another_page(client):
    made = make_archive(2 * LIST_PIECES)
    older = way(client.get("/sections/world/"), "next")
    make_article(section=made[0].section)
    assert headlines(client.get(f"/sections/world/{older}")) == pieces(25, 50)


def test_a_key_holds_where_its_piece_is_gone(client):
    make_archive(2 * LIST_PIECES)
    older = way(client.get("/sections/world/"), "next")
    Article.objects.get(slug="of-age-24").withdraw(by=make_staff())
    assert headlines(client.get(f"/sections/world/{older}")) == pieces(25, 50)


def test_a_page_that_begins_with_the_newest_is_the_first_one(client):
    made = make_archive(2 * LIST_PIECES)
    third = Key(made[3].published_at, made[3].pk)
    response = client.get(f"/sections/world/?after={third}")
    assert headlines(response) == pieces(0, 25)
    assert way(response, "prev") is None


def test_a_list_of_one_page_has_no_way_to_another(client):
    make_archive(LIST_PIECES)
    for query in ("", "?page=2", "?page=1"):
        response = client.get(f"/sections/world/{query}")
        assert headlines(response) == pieces(0, 25)
        assert dom(response).find(".//nav[@class='pages']") is None


@pytest.mark.parametrize("few", [2000, 3], ids=["few", "many"])
@pytest.mark.parametrize("path", LISTS)
def test_pages_are_found_by_their_number_as_well(client, monkeypatch, path, few):
    monkeypatch.setattr(listings, "FEW", few)
    make_archive(2 * LIST_PIECES + 1)
    assert headlines(client.get(f"{path}?page=2")) == pieces(25, 50)
    third = client.get(f"{path}?page=3")
    assert headlines(third) == pieces(50, 51)
    assert headlines(client.get(path + way(third, "prev"))) == pieces(25, 50)


FIRST_PAGE, LAST_PAGE = pieces(0, 25), pieces(25, 26)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?page=1", FIRST_PAGE),
        ("?page=2", LAST_PAGE),
        ("?page=3", LAST_PAGE),
        ("?page=0", LAST_PAGE),
        ("?page=-1", LAST_PAGE),
        (f"?page={'9' * 30}", LAST_PAGE),
        (f"?page={'9' * 5000}", FIRST_PAGE),
        ("?page=", FIRST_PAGE),
        ("?page=two", FIRST_PAGE),
        ("?page=1.5", FIRST_PAGE),
        ("?page=1e9", FIRST_PAGE),
        ("?page=last", FIRST_PAGE),
        ("?page=%00", FIRST_PAGE),
        ("?page=%ff%fe", FIRST_PAGE),
        ("?page=1&page=2", LAST_PAGE),
        ("?page[]=2", FIRST_PAGE),
        ("?utm_source=mail", FIRST_PAGE),
        ("?before=", FIRST_PAGE),
        ("?before=20260302T120000", FIRST_PAGE),
        ("?before=20261302T120000-5", FIRST_PAGE),
        ("?before=20260302T120000.1-5", FIRST_PAGE),
        ("?before=00000000T000000-1", FIRST_PAGE),
        ("?before=00010101T000000-1", FIRST_PAGE),
        ("?before=99991231T235959.999999-1", FIRST_PAGE),
        (f"?before=20260302T120000-{'9' * 18}", pieces(1, 26)),
        (f"?before=20260302T120000-{'9' * 19}", FIRST_PAGE),
        (f"?before={'9' * 10_000}", FIRST_PAGE),
        ("?before=%00", FIRST_PAGE),
        (f"?before={quote('２０２６０３０２T120000-5')}", FIRST_PAGE),
        ("?after=00010101T000000-0", pieces(1, 26)),
        ("?after=99991231T235959-1", FIRST_PAGE),
        ("?after=nonsense&before=nonsense&page=2", LAST_PAGE),
    ],
)
def test_a_query_that_makes_no_sense_gives_a_page_that_does(client, query, expected):
    # Of more than a page, so that each of the queries could lead past its end.
    make_archive(LIST_PIECES + 1)
    response = client.get(f"/sections/world/{query}")
    assert response.status_code == 200
    assert headlines(response) == expected


@pytest.mark.parametrize("moment", [NEWEST, datetime(2026, 3, 2, 12, tzinfo=UTC)])
def test_a_key_is_read_as_it_was_written(moment):
    key = Key(moment, 57)
    assert Key.read(str(key)) == key
    assert quote(str(key)) == str(key)


def instructions(client, address):
    """How many SQLite takes for the page, in tens, how many queries it is, and the page."""
    taken, asked = 0, 0

    def count():
        nonlocal taken
        taken += 1

    def ask(execute, sql, params, many, context):
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 10)
    try:
        with connection.execute_wrapper(ask):
            response = client.get(address)
    finally:
        connection.connection.set_progress_handler(None, 10)
    return taken, asked, response


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", LISTS)
def test_a_page_far_down_costs_what_the_first_one_does(client, monkeypatch, path):
    monkeypatch.setattr(listings, "FEW", 300)
    monkeypatch.setattr(listings, "STRETCH", 300)
    made = make_archive(2000)
    client.get(path)
    first, queries, _ = instructions(client, path)
    for last_before in (made[30], made[1000], made[-30]):
        key = Key(last_before.published_at, last_before.pk)
        for address in (f"{path}?before={key}", f"{path}?after={key}"):
            if last_before is made[-30] and "before" in address:
                continue
            deep, asked, page = instructions(client, address)
            assert len(headlines(page)) == LIST_PIECES
            # And whether it is the key of a row, so that it is worth keeping.
            assert asked == queries + 1
            assert deep <= 1.3 * first, address


@pytest.mark.sqlite_only
def test_no_page_costs_more_when_the_archive_grows(client, monkeypatch):
    monkeypatch.setattr(listings, "FEW", 100)
    monkeypatch.setattr(listings, "STRETCH", 100)
    [piece, *_] = make_archive(400)
    piece.corrections.create(kind="update", text="More is known.", by=make_staff())
    paths = ["/", *LISTS, piece.get_absolute_url(), "/corrections/", "/popular/", "/archive/"]
    before = {path: instructions(client, path)[0] for path in paths}
    kept = piece.section, piece.source, piece.topics.get(), piece.authors.get()
    add_pieces(range(400, 2000), *kept)
    for path, taken in before.items():
        # The archive has a month more.
        assert instructions(client, path)[0] <= 1.2 * taken + 5, path


@pytest.mark.sqlite_only
def test_the_keys_of_a_page_are_read_from_the_index_alone():
    """What a number of a page is counted along."""
    section = make_section()
    keys = listings.keys_of(section)
    assert isinstance(keys, KeysOf)
    rows = keys.rows_below(Key(timezone.now(), 5)).order_by("-published_at", "-pk")
    plan = rows.values_list("published_at", "pk")[25:51].explain()
    assert "COVERING INDEX article_newest_in_section" in plan
    assert "TEMP B-TREE" not in plan


def test_the_links_to_other_pages_keep_to_the_list(client):
    make_archive(2 * LIST_PIECES)
    found = [link for link in links(client.get("/sections/world/?utm_source=x")) if "?" in link]
    assert len(found) == 1 and found[0].startswith("?before=20260302T")
