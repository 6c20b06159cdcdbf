"""Finished pages of pieces: which are kept, what makes them old, and when the clock does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import clock as moments
from articles.age import years_since
from articles.models import Activity, Article, FrontPlace
from articles.published_changes import timeline
from articles.tests.desk import edit, page_of
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_page,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.page_store.watching import Watch, watching
from newsroom.tests.asking import ask, noting_what_is_drawn
from newsroom.tests.clock import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn_anew():
    """Asks for pages as a server does; gives those that had to be drawn."""
    pages, drawn = noting_what_is_drawn()

    def asked(paths):
        drawn.clear()
        for path in paths:
            assert ask(pages, path).code == 200, path
        return list(drawn)

    return asked


@pytest.fixture
def paths():
    """Of every kind of page that shows pieces."""
    section, topic = make_section(name="World"), make_topic("Japan")
    author, source = make_author("Maud", slug="maud"), make_source("AFP")
    piece = make_article(
        section=section, topics=[topic], authors=[author], source=source, slug="piece"
    )
    make_page("About")
    lists = ["/sections/world/", "/topics/japan/", "/authors/maud/", "/sources/afp/"]
    return [
        *("/", "/articles/piece/", "/articles/piece/changes/", "/archive/", *lists),
        f"/archive/{piece.published_at:%Y/%m}/",
        *(f"{path}feed.atom" for path in lists),
        *("/feeds/latest.rss", "/feeds/latest.atom", "/feeds/latest.json", "/about/"),
        *("/corrections/", "/corrections/feed.atom", "/sitemap.xml", "/sitemap-lists.xml"),
        *("/sitemap-pieces-1.xml", "/sitemap-news.xml", "/popular/"),
        *("/robots.txt", "/.well-known/security.txt"),
    ]


def test_every_public_page_is_drawn_once(drawn_anew, paths):
    assert drawn_anew(paths) == paths
    assert drawn_anew(paths) == []
    assert drawn_anew([f"{path}?utm_source=x&fbclid=1" for path in paths]) == []
    assert drawn_anew(["/sections/world/?page=2"]) == ["/sections/world/"]


def test_what_readers_see_of_a_piece_changes_its_pages_and_drafts_change_none(
    client, drawn_anew, paths
):
    by = make_staff("Editors")
    client.force_login(by)
    piece, draft = Article.objects.get(slug="piece"), make_draft(section=make_section(name="Sport"))
    drawn_anew(paths)
    edit(client, draft, headline="Another headline", slug="another-slug")
    assert Article.objects.get(pk=draft.pk).headline == "Another headline"
    client.get(page_of(draft))
    assert drawn_anew(paths) == []
    Activity.objects.create(article=piece, hour=timezone.now(), reads=5)
    assert drawn_anew(paths) == []

    edit(client, piece, headline="Another headline")
    assert {"/", "/articles/piece/", "/sections/world/", "/feeds/latest.rss"} <= {
        *drawn_anew(paths)
    }
    assert drawn_anew(paths) == []
    draft.publish(by=by)
    assert {"/", "/archive/", "/sitemap.xml"} <= {*drawn_anew(paths)}


def test_a_draft_that_is_published_as_it_is_saved_is_seen(client, drawn_anew, paths):
    client.force_login(make_staff("Editors"))
    draft = make_draft(section=make_section(name="Sport"))
    drawn_anew(paths)
    edit(client, draft, "_publish", headline="Out now")
    assert "/" in drawn_anew(paths)


# --- The clock --------------------------------------------------------------------------------


@pytest.mark.usefixtures("clock")
def test_the_next_moment_is_that_of_a_piece_to_come_or_of_an_embargo(clock):
    by = make_staff()
    assert moments.next_piece() is None
    make_article(at=NOON - DAY, by=by)
    make_draft(published_at=NOON + HOUR)
    assert moments.next_piece() is None
    make_article(at=NOON + 3 * HOUR, by=by)
    assert moments.next_piece() == NOON + 3 * HOUR
    make_article(at=NOON + 2 * HOUR, embargo_until=NOON + 2 * HOUR, by=by)
    assert moments.next_piece() == NOON + 2 * HOUR
    clock.shift(2 * HOUR)
    assert moments.next_piece() == NOON + 3 * HOUR
    clock.shift(HOUR)
    assert moments.next_piece() is None


@pytest.mark.usefixtures("clock")
def test_the_next_place_is_the_one_given_up_next(clock):
    by = make_staff()
    for position, until in enumerate((None, NOON + 2 * HOUR, NOON + HOUR)):
        piece = make_article(at=NOON - DAY, by=by)
        FrontPlace.objects.create(article=piece, position=position, until=until, by=by)
    assert moments.next_place() == NOON + HOUR
    clock.shift(HOUR)
    assert moments.next_place() == NOON + 2 * HOUR


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("moment", "birthday"),
    [
        (NOON - DAY, NOON.replace(year=2027) - DAY),
        (NOON.replace(year=2020), NOON.replace(year=2027)),
        (NOON.replace(year=2024, month=2, day=29), NOON.replace(year=2027, month=3, day=1, hour=0)),
    ],
)
def test_a_page_lasts_until_a_piece_on_it_is_a_year_older(clock, moment, birthday):
    with watching(Watch(0)) as watch:
        years = years_since(moment)
    assert watch.ends == birthday.timestamp()
    clock.move_to(birthday - timedelta(microseconds=1))
    assert years_since(moment) == years
    clock.move_to(birthday)
    assert years_since(moment) == years + 1


def test_a_clock_that_was_set_back_ends_the_page_of_changes_when_it_is_there_again(clock):
    by, piece = make_staff(), make_article(at=NOON - HOUR)
    piece.headline = "The ferry sails again"
    clock.move_to(NOON + HOUR)
    piece.save()
    piece.record(by=by)
    clock.move_to(NOON)
    with watching(Watch(0)) as watch:
        assert len(timeline(piece, 1)) == 1
    assert watch.ends == (NOON + HOUR).timestamp()
    clock.move_to(NOON + HOUR)
    assert len(timeline(piece, 1)) == 2
