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

# The site settings, and the links around every page: sections, menu and standing pages.
FRAME = 2
PIECES_WITH_BYLINES = 2

COUNTS = {
    # What may stand there, and the pieces that do.
    "/": FRAME + 1 + PIECES_WITH_BYLINES,
    # The subject, how many pieces there are, and those of the page.
    "/sections/world/": FRAME + 2 + PIECES_WITH_BYLINES,
    "/sections/world/?page=2": FRAME + 2 + PIECES_WITH_BYLINES,
    "/topics/japan/": FRAME + 2 + PIECES_WITH_BYLINES,
    "/authors/maud/": FRAME + 2 + PIECES_WITH_BYLINES,
    "/sources/afp/": FRAME + 2 + PIECES_WITH_BYLINES,
    "/about/": FRAME + 1,
    "/no/such/page/": FRAME,
    # The site settings and the pieces with their bylines.
    "/feeds/latest.rss": 1 + PIECES_WITH_BYLINES,
    # And the pieces that are gone.
    "/feeds/latest.atom": 1 + PIECES_WITH_BYLINES + 1,
    # How many corrections there are, and those of the page.
    "/corrections/": FRAME + 2,
    "/corrections/?page=2": FRAME + 2,
    "/corrections/feed.atom": 1 + 1,
}


@pytest.fixture(params=[30, 120], ids=["30 pieces", "120 pieces"])
def archive(request):
    """Pieces of several sections, authors and sources, and a frame with something in it."""
    SiteSettings.objects.create().menu.create(label="About", address="/about/")
    make_page("About")
    editor, start = make_staff(), timezone.now() - timedelta(days=1)
    world = make_section(name="World")
    authors = [make_author("Maud", slug="maud"), make_author("Tobias", slug="tobias")]
    afp, japan = make_source("AFP"), make_topic("Japan")
    for number in range(request.param):
        make_article(
            slug=f"piece-number-{number}",
            at=start + timedelta(minutes=number),
            by=editor,
            section=world,
            authors=authors,
            source=afp,
            topics=[japan],
        ).correct(by=editor, kind="correction", text="It was Monday.")


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
    for path in ("/", "/sections/world/", "/feeds/latest.rss"):
        with django_assert_num_queries(COUNTS[path]) as queries:
            client.get(path)
        assert not [query["sql"] for query in queries if '"body"' in query["sql"]]
