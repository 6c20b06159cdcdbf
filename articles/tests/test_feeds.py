from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from articles.feeds.subjects import PIECES
from articles.tests.factories import make_article, make_draft, make_section, make_staff
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MINUTE = timedelta(minutes=1)
RSS, ATOM = "/feeds/latest.rss", "/feeds/latest.atom"
A = "{http://www.w3.org/2005/Atom}"


def feed(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    return ElementTree.fromstring(response.content)


def titles(client, path):
    items = feed(client, path).findall(".//item" if path == RSS else f".//{A}entry")
    return [item.findtext("title") or item.findtext(f"{A}title") for item in items]


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_a_feed_holds_what_is_public_newest_first(client, clock, path):
    editor = make_staff()
    make_draft()
    make_draft(published_at=NOON).submit_for_review(by=editor)
    make_article(by=editor).withdraw(by=editor)
    make_article(headline="Scheduled", at=NOON + MINUTE, by=editor)
    make_article(headline="Older", at=NOON - MINUTE, by=editor)
    make_article(headline="Newer", by=editor)
    assert titles(client, path) == ["Newer", "Older"]
    clock.shift(MINUTE)
    assert titles(client, path) == ["Scheduled", "Newer", "Older"]


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_a_feed_holds_the_newest_and_no_more(client, path):
    editor, section = make_staff(), make_section()
    for age in range(PIECES + 1):
        make_article(headline=f"{age}", at=NOON - age * MINUTE, by=editor, section=section)
    assert titles(client, path) == [f"{age}" for age in range(PIECES)]


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_a_feed_can_hold_whatever_was_pasted_into_a_piece(client, path):
    SiteSettings.objects.create(name="The\x0bPost", tagline="Tides\x1f")
    make_article(
        headline="One\x0btwo",
        standfirst="Three\x02",
        section=make_section(name="Wo\x08rld", slug="w"),
    )
    assert titles(client, path) == ["One two"]


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_a_feed_of_nothing_is_a_feed(client, path):
    assert titles(client, path) == []


def test_an_item_says_what_one_chooses_a_piece_by(client):
    make_article(
        slug="fish",
        headline="Fish & <chips>",
        standfirst="A “story”.",
        section=make_section(name="World"),
    )
    item = feed(client, RSS).find(".//item")
    assert item.findtext("title") == "Fish & <chips>"
    assert item.findtext("description") == "A “story”."
    assert item.findtext("category") == "World"
    assert item.findtext("link") == "http://localhost:8000/articles/fish/"
    assert parsedate_to_datetime(item.findtext("pubDate")) == NOON


def test_an_entry_tells_when_the_piece_came_out_and_when_it_was_changed(client, clock):
    article = make_article()
    clock.shift(MINUTE)
    article.headline = "Better"
    article.save()
    article.record(by=make_staff())
    entry = feed(client, ATOM).find(f"{A}entry")
    assert datetime.fromisoformat(entry.findtext(f"{A}published")) == NOON
    assert datetime.fromisoformat(entry.findtext(f"{A}updated")) == NOON + MINUTE


def test_a_change_that_readers_do_not_see_is_none_for_the_feed(client, clock):
    article = make_article()
    clock.shift(MINUTE)
    article.desk_notes = "Call the mayor."
    article.save()
    article.record(by=make_staff())
    entry = feed(client, ATOM).find(f"{A}entry")
    assert datetime.fromisoformat(entry.findtext(f"{A}updated")) == NOON


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_a_piece_is_the_same_item_after_its_address_changed(client, path):
    article = make_article(slug="old", by=make_staff())
    guid = ".//guid" if path == RSS else f".//{A}entry/{A}id"
    before = feed(client, path).findtext(guid)
    article.slug = "new"
    article.save()
    assert "/articles/new/" in client.get(path).content.decode()
    assert feed(client, path).findtext(guid) == before
    assert before.startswith("tag:")


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_a_standfirst_is_text_and_no_markup(client, path):
    make_article(standfirst="Less <b>is</b> more & x < y")
    item = feed(client, path).find(".//item" if path == RSS else f".//{A}entry")
    told = item.findtext("description") or item.findtext(f"{A}summary")
    assert told == "Less &lt;b&gt;is&lt;/b&gt; more &amp; x &lt; y"


def test_a_feed_is_called_what_the_site_is(client):
    SiteSettings.objects.create(name="The Harbour Post", tagline="News & tides")
    channel = feed(client, RSS).find("channel")
    assert channel.findtext("title") == "The Harbour Post"
    assert channel.findtext("description") == "News & tides"
    assert channel.findtext("link") == "http://localhost:8000/"
    atom = feed(client, ATOM)
    assert atom.findtext(f"{A}title") == "The Harbour Post"
    assert atom.findtext(f"{A}subtitle") == "News & tides"


def test_feed_readers_find_the_feeds_from_any_page(client):
    page = dom(client.get("/"))
    [link] = page.findall(".//link[@type='application/atom+xml']")
    assert link.get("href") == ATOM
    assert RSS in [anchor.get("href") for anchor in page.findall(".//footer//a")]


def test_the_atom_feed_names_its_author(client):
    SiteSettings.objects.create(name="The Harbour Post")
    assert feed(client, ATOM).findtext(f"{A}author/{A}name") == "The Harbour Post"
