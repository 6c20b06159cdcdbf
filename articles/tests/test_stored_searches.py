"""Finished pages of searches and far down in lists: which are kept, and what ends them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, SearchEntry
from articles.tests.factories import make_article, make_draft, make_section, make_staff, make_topic
from newsroom.page_store.store import store
from newsroom.tests.asking import ask, noting_what_is_drawn
from newsroom.tests.clock import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def text_of(pages):
    """The text at an address, and whether it had to be drawn."""
    server, drawn = noting_what_is_drawn()

    def asked(address):
        drawn.clear()
        answer = ask(server, address)
        assert answer.code == 200
        return answer.text, bool(drawn)

    return asked


def test_a_search_is_drawn_once_however_it_is_spelled(text_of, clock):
    make_article(headline="Ferry strike")
    first, was_drawn = text_of("/search/?q=ferry+strike")
    assert was_drawn
    assert "<mark>Ferry</mark>" in first
    for query in ("q=ferry%20strike&", "q=+ferry++strike", "page=1&q=ferry+strike&order=nonsense"):
        assert text_of(f"/search/?{query}&utm_source=x&period=aeon") == (first, False)
    assert text_of("/search/?q=ferry+strike&order=newest")[1]


def test_a_feed_of_a_search_is_drawn_once(text_of, clock):
    make_article(headline="Ferry strike")
    for kind in ("rss", "atom", "json"):
        first, was_drawn = text_of(f"/search/feed.{kind}?q=ferry")
        assert was_drawn
        assert text_of(f"/search/feed.{kind}?q=ferry&x=y") == (first, False)


def test_a_new_piece_is_found_at_once(text_of, clock):
    make_article(headline="Ferry strike")
    text_of("/search/?q=ferry")
    text_of("/search/feed.json?q=ferry")
    make_article(headline="Another ferry", slug="another")
    assert "/articles/another/" in text_of("/search/?q=ferry")[0]
    assert "/articles/another/" in text_of("/search/feed.json?q=ferry")[0]


def test_what_is_indexed_later_is_found_then(text_of, clock):
    """After a change of many pieces workers follow."""
    piece = make_article(headline="Ferry strike")
    make_article(headline="Ferry ends", slug="other")
    SearchEntry.objects.filter(article=piece).delete()
    assert "strike" not in text_of("/search/?q=ferry")[0]
    assert not text_of("/search/?q=ferry")[1]
    SearchEntry.objects.follow_several(Article.objects.filter(pk=piece.pk))
    assert "strike" in text_of("/search/?q=ferry")[0]


def test_a_scheduled_piece_is_found_when_its_time_comes(text_of, clock):
    make_article(headline="Ferry strike")
    make_draft(headline="Ferry later", slug="later").schedule(
        by=make_staff(), at=timezone.now() + HOUR
    )
    assert "later" not in text_of("/search/?q=ferry")[0]
    clock.shift(HOUR)
    assert "/articles/later/" in text_of("/search/?q=ferry")[0]


@pytest.mark.parametrize("query", ["q=ferry&period=day", "q=ferry&period=day&order=newest"])
@pytest.mark.parametrize("path", ["/search/", "/search/feed.json"])
def test_a_period_ends_a_page_when_it_leaves_a_piece_behind(text_of, clock, path, query):
    make_article(headline="Ferry strike", slug="old", at=NOON - 20 * HOUR)
    make_article(headline="Ferry ends", slug="new", at=NOON - HOUR)
    address = f"{path}?{query}"
    assert "/articles/old/" in text_of(address)[0]
    clock.shift(4 * HOUR)
    assert not text_of(address)[1]
    clock.shift(timedelta(seconds=1))
    text, was_drawn = text_of(address)
    assert was_drawn
    assert "/articles/old/" not in text
    assert "/articles/new/" in text


@pytest.mark.parametrize(
    "query", ["q=nothing", "q=ferry&topic=none", "q=ferry&from=soon", "q=ferry&page=7&before=x"]
)
def test_what_finds_nothing_or_makes_no_sense_is_not_kept(text_of, clock, query):
    make_article(headline="Ferry strike")
    first = text_of(f"/search/?{query}")
    if "page=7" in query:
        return  # the last page stands for those beyond
    assert first[1]
    assert text_of(f"/search/?{query}") == first


def test_of_lists_only_what_pages_lead_to_is_kept(text_of, clock):
    section, topic = make_section(name="World"), make_topic("Ferries")
    for number in range(60):
        at = NOON - number * HOUR
        make_article(section=section, slug=f"p{number}", topics=[topic], at=at)
    for path in ("/sections/world/", "/topics/ferries/"):
        for page in ("page=2", "page=3", "before=20260301T120000-", "after=20260301T120000-"):
            pk = Article.objects.get(slug="p24").pk if page.endswith("-") else ""
            text_of(f"{path}?{page}{pk}")
            assert not text_of(f"{path}?{page}{pk}&x=y")[1], page
        for page in ("page=99", "page=0", "before=20260301T120000-999999999", "page=2&before=x"):
            is_kept = page == "page=2&before=x"  # which is no key
            text_of(f"{path}?{page}")
            assert text_of(f"{path}?{page}")[1] is not is_kept, page
        both = f"page=2&before=20260301T120000-{Article.objects.get(slug='p24').pk}"
        text_of(f"{path}?{both}")
        assert text_of(f"{path}?{both}")[1]


def test_addresses_of_nothing_are_told_from_memory_until_something_is_there(pages, clock):
    for path in ("/articles/ferry/", "/sections/ferry/", "/ferry/"):
        assert ask(pages, path) == ask(pages, path)
    missing = store().memory.missing
    assert missing
    assert len(missing.pages) == 3
    make_article(slug="ferry")
    assert ask(pages, "/articles/ferry/").code == 200
    assert ask(pages, "/sections/ferry/").code == 404
    Article.objects.get().withdraw(by=make_staff(), reason="Not so.")
    assert ask(pages, "/articles/ferry/").code == 410
