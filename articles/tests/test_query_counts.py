"""What a page asks the database: so many questions, however long the archive is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.tests.factories import (
    make_article,
    make_author,
    make_page,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.models import SiteSettings

pytestmark = pytest.mark.django_db

BEGIN = timezone.now() - timedelta(days=1)

# The site settings, and the links around every page: sections, menu and standing pages.
FRAME = 2
PIECES_WITH_BYLINES = 2

# The site settings, the pieces with their bylines, topics and corrections, and what is gone.
FEED = 1 + PIECES_WITH_BYLINES + 2 + 1

COUNTS = {
    # What may stand there, the pieces that do, and what is read most.
    "/": FRAME + 1 + PIECES_WITH_BYLINES + 1,
    # The subject, the keys of the page, and its pieces.
    "/sections/world/": FRAME + 2 + PIECES_WITH_BYLINES,
    "/sections/world/?page=2": FRAME + 2 + PIECES_WITH_BYLINES,
    "/sources/afp/": FRAME + 2 + PIECES_WITH_BYLINES,
    # And whether it has many pieces.
    "/topics/japan/": FRAME + 3 + PIECES_WITH_BYLINES,
    "/authors/maud/": FRAME + 3 + PIECES_WITH_BYLINES,
    # The first and the last piece, and the months between them.
    "/archive/": FRAME + 3,
    # The keys, the pieces, and the months before and after.
    f"/archive/{BEGIN:%Y/%m}/": FRAME + 1 + PIECES_WITH_BYLINES + 2,
    # A day and a week.
    "/popular/": FRAME + 2,
    "/about/": FRAME + 1,
    # With the newest pieces; and whether a site moved in, which is asked once a process.
    "/no/such/page/": FRAME + 1 + 1,
    "/feeds/latest.rss": FEED,
    "/feeds/latest.atom": FEED,
    "/feeds/latest.json": FEED,
    # The subject, and which pieces are the newest: by way of a table between them, two.
    "/sections/world/feed.rss": FEED + 1 + 1,
    "/sources/afp/feed.rss": FEED + 1 + 1,
    "/topics/japan/feed.atom": FEED + 1 + 2,
    "/authors/maud/feed.json": FEED + 1 + 2,
    # The filters that there are, and which pieces are found. None is told to be gone.
    "/search/feed.rss?q=headline": FEED + 2 - 1,
    # The filters that there are, how many pieces are found and which, and those of the page.
    "/search/?q=headline": FRAME + 3 + PIECES_WITH_BYLINES,
    "/search/?q=headline&page=2": FRAME + 3 + PIECES_WITH_BYLINES,
    "/search/?q=headline&order=newest&topic=japan": FRAME + 3 + PIECES_WITH_BYLINES,
    "/search/?q=nothing": FRAME + 2,
    "/search/": FRAME + 1,
    # Which pieces are found, and those.
    "/search/suggest/?q=head": 2,
    # The pages of pieces with their dates, and the dates of the lists and the standing pages.
    "/sitemap.xml": 1 + 2,
    # The recent pieces, the four kinds of lists, the months, the standing pages, and the
    # site settings.
    "/sitemap-lists.xml": 1 + 4 + 3 + 1 + 1,
    # How many there are, and those of the page; the site settings.
    "/sitemap-news.xml": 2 + 1,
    # The keys of the page, and its corrections.
    "/corrections/": FRAME + 2,
    "/corrections/?page=2": FRAME + 2,
    "/corrections/feed.atom": 1 + 1,
}


@pytest.fixture
def archive(request):
    """Pieces of several sections, authors and sources, and a frame with something in it."""
    SiteSettings.objects.create().menu.create(label="About", address="/about/")
    make_page("About")
    editor, start = make_staff(), BEGIN
    world = make_section(name="World")
    authors = [make_author("Maud", slug="maud"), make_author("Tobias", slug="tobias")]
    afp, japan = make_source("AFP"), make_topic("Japan")
    for number in range(getattr(request, "param", 30)):
        make_article(
            slug=f"piece-number-{number}",
            at=start + timedelta(minutes=number),
            by=editor,
            section=world,
            authors=authors,
            source=afp,
            topics=[japan],
        ).correct(by=editor, kind="correction", text="It was Monday.")


@pytest.mark.parametrize("archive", [30, 120], indirect=True)
@pytest.mark.usefixtures("archive")
def test_the_number_of_queries_does_not_grow_with_the_archive(client, django_assert_num_queries):
    for path, count in COUNTS.items():
        with django_assert_num_queries(count, info=path):
            assert client.get(path).status_code in {200, 404}


def test_the_front_page_costs_six_queries_at_most():
    assert COUNTS["/"] <= 6


@pytest.mark.usefixtures("archive")
def test_a_piece_costs_eight_queries_at_most(client, django_assert_max_num_queries):
    """How many are asked for its replies, the app that shows them tests."""
    with django_assert_max_num_queries(8):
        assert client.get("/articles/piece-number-7/").status_code == 200


@pytest.mark.usefixtures("archive")
def test_lists_do_not_read_the_bodies(client, django_assert_num_queries):
    for path in ("/", "/sections/world/", "/sitemap-news.xml"):
        with django_assert_num_queries(COUNTS[path]) as queries:
            client.get(path)
        assert not [query["sql"] for query in queries if '"body' in query["sql"]]


@pytest.mark.usefixtures("archive")
def test_feeds_read_the_text_once_and_only_as_readers_get_it(client, django_assert_num_queries):
    for path in ("/feeds/latest.rss", "/topics/japan/feed.atom", "/search/feed.rss?q=headline"):
        with django_assert_num_queries(COUNTS[path]) as queries:
            client.get(path)
        asked = [query["sql"] for query in queries if '"body' in query["sql"]]
        assert len(asked) == 1
        assert '"body"' not in asked[0]
