"""Where pieces are listed: the front page, sections, topics, authors, sources."""

from datetime import timedelta

import pytest

from articles.front import FIRST, MORE
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.tests.browsing import dom, links, text_at, text_of, the
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def kept():
    """What each list is of: all of it belongs to every piece made with it."""
    return {
        "section": make_section(name="World", description="Beyond the harbour."),
        "topics": [make_topic("Japan", description="All about Japan.")],
        "authors": [make_author("Maud Ellery", slug="maud", description="Readers' editor.")],
        "source": make_source("AFP", url="https://www.afp.com/", description="An agency."),
    }


LISTS = ["/sections/world/", "/topics/japan/", "/authors/maud/", "/sources/afp/"]
EVERYWHERE = ["/", *LISTS]


def headlines(response):
    return [text_of(each) for each in dom(response).findall(".//*[@class='card-headline']")]


def make_many(number, **fields):
    """Published pieces, the first of which is the newest."""
    editor = make_staff()
    for age in range(number):
        make_article(headline=f"Piece {age}", at=NOON - age * MINUTE, by=editor, **fields)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_list_shows_what_is_published_newest_first(client, kept, path):
    make_article(headline="Older", at=NOON - MINUTE, **kept)
    make_article(headline="Newer", **kept)
    make_article(headline="Oldest", at=NOON - 2 * MINUTE, **kept)
    assert headlines(client.get(path)) == ["Newer", "Older", "Oldest"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_list_shows_nothing_that_is_not_public(client, kept, clock, path):
    editor = make_staff()
    make_draft(**kept)
    make_draft(published_at=NOON - MINUTE, **kept)
    make_draft(**kept).submit_for_review(by=editor)
    make_article(by=editor, **kept).withdraw(by=editor)
    make_article(headline="Scheduled", at=NOON + MINUTE, by=editor, **kept)
    assert headlines(client.get(path)) == []
    clock.shift(MINUTE)
    assert headlines(client.get(path)) == ["Scheduled"]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_holds_what_belongs_to_it_and_nothing_else(client, kept, path):
    make_article(headline="Other")
    make_article(headline="One", **kept)
    assert headlines(client.get(path)) == ["One"]


def test_a_piece_with_two_authors_stands_in_the_lists_of_both_once(client, kept):
    second = make_author("Tobias Renn", slug="tobias")
    make_article(headline="Together", authors=[*kept["authors"], second])
    for path in ("/authors/maud/", "/authors/tobias/"):
        assert headlines(client.get(path)) == ["Together"]


@pytest.mark.parametrize(
    ("path", "name", "description"),
    [
        ("/sections/world/", "World", "Beyond the harbour."),
        ("/topics/japan/", "Japan", "All about Japan."),
        ("/authors/maud/", "Maud Ellery", "Readers' editor."),
        ("/sources/afp/", "AFP", "An agency."),
    ],
)
@pytest.mark.usefixtures("kept")
def test_a_list_says_what_it_is_of(client, path, name, description):
    page = client.get(path)
    assert text_at(page, ".//h1") == name
    assert text_at(page, ".//title").startswith(name)
    assert description in text_at(page)


@pytest.mark.usefixtures("kept")
def test_a_source_is_linked(client):
    assert "https://www.afp.com/" in links(client.get("/sources/afp/"))


@pytest.mark.parametrize("kind", ["sections", "topics", "authors", "sources"])
def test_a_list_of_something_unknown_is_not_found(client, kind):
    assert client.get(f"/{kind}/no-such-thing/").status_code == 404


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.usefixtures("kept")
def test_an_empty_list_says_so(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "Nothing has been published" in text_at(page)


def test_a_card_shows_what_one_chooses_a_piece_by(client, kept):
    article = make_article(
        headline="Fish & chips", standfirst="A <short> story.", language="fr", **kept
    )
    page = client.get("/")
    [card] = dom(page).findall(".//article")
    text = text_of(card)
    assert "Fish & chips" in text and "A <short> story." in text
    assert "By Maud Ellery" in text
    link = the(page, ".//article//h2/a")
    assert (link.get("href"), link.get("lang")) == (article.get_absolute_url(), "fr")
    assert the(page, ".//article//time").get("datetime") == "2026-03-02T12:00:00+00:00"
    assert "/sections/world/" in links(page)


def test_a_piece_of_an_agency_without_authors_names_the_agency(client, kept):
    make_article(source=kept["source"])
    assert "AFP" in text_at(client.get("/"), ".//article")


def test_the_front_page_shows_the_newest_and_no_more(client, kept):
    make_many(FIRST + MORE + 2, section=kept["section"])
    assert headlines(client.get("/")) == [f"Piece {age}" for age in range(FIRST + MORE)]


# --- The menu ------------------------------------------------------------------------------------


def test_the_menu_holds_the_sections_in_their_order(client):
    make_section(name="Sport", position=3)
    make_section(name="World", position=1)
    make_section(name="Arts", position=2)
    page = dom(client.get("/sections/arts/"))
    entries = page.findall(".//header//nav//a")
    assert [text_of(entry) for entry in entries] == ["World", "Arts", "Sport"]
    assert [text_of(entry) for entry in entries if entry.get("aria-current") == "page"] == ["Arts"]
