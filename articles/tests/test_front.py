"""Which pieces stand where on the front page."""

from datetime import timedelta

import pytest

from articles.front import BLOCK, FIRST, MORE, front_page
from articles.models import FrontPlace
from articles.tests.factories import make_article, make_draft, make_section
from newsroom.tests.browsing import dom, links, text_of
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MINUTE = timedelta(minutes=1)


def make_many(number, editor, section, *, before=NOON):
    """Pieces named by their age: the first is the newest."""
    return [
        make_article(
            headline=f"{section} {age}", at=before - age * MINUTE, by=editor, section=section
        )
        for age in range(number)
    ]


def place(article, position, editor, **fields):
    return FrontPlace.objects.create(article=article, position=position, by=editor, **fields)


def first():
    return [piece.headline for piece in front_page().first]


def blocks():
    return {
        block.section.name: [piece.headline for piece in block.pieces]
        for block in front_page().blocks
    }


def names(section, *ages):
    return [f"{section} {age}" for age in ages]


def test_without_an_arrangement_the_newest_stand_first(editor, world):
    make_many(FIRST + MORE + 1, editor, world)
    front = front_page()
    assert first() == names("World", *range(FIRST))
    assert [piece.headline for piece in front.more] == names("World", *range(FIRST, FIRST + MORE))
    assert front.blocks == []


def test_a_piece_stands_at_its_place_and_the_newest_fill_the_others(editor, world):
    pieces = make_many(10, editor, world)
    place(pieces[8], 0, editor)
    place(pieces[9], 3, editor)
    assert first() == names("World", 8, 0, 1, 9, 2, 3)


@pytest.mark.parametrize("number", range(FIRST))
def test_with_fewer_pieces_than_places_there_are_no_gaps(editor, world, number):
    pieces = make_many(number, editor, world)
    if pieces:
        place(pieces[0], 5, editor)
    assert sorted(first()) == sorted(piece.headline for piece in pieces)


def test_a_place_is_free_from_the_second_on_until_which_it_was_given(editor, world, clock):
    pieces = make_many(8, editor, world)
    place(pieces[7], 0, editor, until=NOON + MINUTE)
    clock.move_to(NOON + MINUTE - timedelta(seconds=1))
    assert first()[0] == "World 7"
    clock.move_to(NOON + MINUTE)
    assert first() == names("World", 0, 1, 2, 3, 4, 5)


def test_a_withdrawn_piece_frees_its_place_and_takes_it_again_when_it_is_back(editor, world):
    pieces = make_many(8, editor, world)
    place(pieces[7], 0, editor)
    pieces[7].withdraw(by=editor, reason="Wrong.")
    assert first()[0] == "World 0"
    pieces[7].bring_back(by=editor)
    assert first()[0] == "World 7"


def test_a_scheduled_piece_takes_its_place_when_its_time_has_come(editor, world, clock):
    make_many(8, editor, world)
    later = make_article(headline="Later", at=NOON + MINUTE, by=editor, section=world)
    place(later, 2, editor)
    assert "Later" not in first()
    clock.move_to(NOON + MINUTE)
    assert first() == ["World 0", "World 1", "Later", "World 2", "World 3", "World 4"]


@pytest.mark.parametrize("state", ["draft", "embargoed"])
def test_what_readers_may_not_see_does_not_stand_on_the_page(editor, world, state):
    piece = make_draft(headline="Hidden", section=world)
    if state == "embargoed":
        piece.embargo_until = NOON + MINUTE
        piece.save()
        piece.publish(by=editor)
    place(piece, 0, editor)
    assert first() == []


# --- Blocks ------------------------------------------------------------------------------------


def test_a_block_holds_the_newest_of_its_section_that_stand_nowhere_above(editor, world):
    sport = make_section(name="Sport", is_on_front=True, position=1)
    make_many(FIRST, editor, world)
    make_many(2, editor, sport, before=NOON + MINUTE / 2 - MINUTE)  # both among the first six
    make_many(6, editor, make_section(name="Arts", is_on_front=True), before=NOON - 60 * MINUTE)
    older = make_many(5, editor, sport, before=NOON - 90 * MINUTE)
    assert [headline for headline in first() if "Sport" in headline] == ["Sport 0", "Sport 1"]
    assert blocks() == {
        "Arts": names("Arts", 0, 1, 2, 3),
        "Sport": [piece.headline for piece in older[:BLOCK]],
    }


def test_blocks_stand_in_the_order_of_the_sections(editor, world):
    make_many(FIRST, editor, world)
    for name, position in (("Last", 3), ("First", 1), ("Middle", 2)):
        section = make_section(name=name, is_on_front=True, position=position)
        make_many(1, editor, section, before=NOON - 60 * MINUTE)
    assert list(blocks()) == ["First", "Middle", "Last"]


def test_a_place_of_a_block_is_kept_from_the_newest_and_from_the_places_above(editor, world):
    sport = make_section(name="Sport", is_on_front=True)
    make_many(FIRST, editor, world, before=NOON - MINUTE)
    pieces = make_many(3, editor, sport)
    place(pieces[0], 1, editor, section=sport)
    assert blocks() == {"Sport": ["Sport 0"]}
    assert "Sport 0" not in first()


def test_a_piece_with_two_places_stands_at_the_first(editor, world):
    sport = make_section(name="Sport", is_on_front=True)
    pieces = make_many(6, editor, sport)
    make_many(FIRST, editor, world)
    place(pieces[5], 0, editor)
    place(pieces[5], 2, editor, section=sport)
    assert first()[0] == "Sport 5"
    assert "Sport 5" not in blocks().get("Sport", [])


def test_a_place_in_a_block_ends_when_the_piece_leaves_the_section(editor, world):
    sport = make_section(name="Sport", is_on_front=True)
    make_many(FIRST, editor, world)
    pieces = make_many(6, editor, sport, before=NOON - 60 * MINUTE)
    place(pieces[5], 0, editor, section=sport)
    assert blocks() == {"Sport": names("Sport", 5, 0, 1, 2)}
    pieces[5].move_to(world, by=editor)
    assert blocks() == {"Sport": names("Sport", 0, 1, 2, 3)}


def test_the_places_of_a_block_that_is_off_hold_nothing(editor, world):
    sport = make_section(name="Sport")
    make_many(FIRST, editor, world)
    place(make_many(1, editor, sport, before=NOON - 60 * MINUTE)[0], 0, editor, section=sport)
    assert blocks() == {}
    assert [piece.headline for piece in front_page().more] == ["Sport 0"]


@pytest.mark.parametrize("number", [1, 3, 5, 21, 60])
def test_no_piece_stands_twice_however_many_there_are(editor, number):
    sections = [make_section(name=name, is_on_front=True) for name in ("A", "B", "C")]
    pieces = [
        make_article(section=sections[age % 3], at=NOON - age * MINUTE, by=editor)
        for age in range(number)
    ]
    place(pieces[-1], 1, editor)
    place(pieces[number // 2], 0, editor, section=pieces[number // 2].section)
    standing = [piece.pk for piece in front_page()]
    assert len(standing) == len(set(standing)) == min(number, FIRST + 3 * BLOCK + MORE)


# --- The page ----------------------------------------------------------------------------------


def test_readers_see_the_lead_the_blocks_and_the_rest(client, editor, world):
    sport = make_section(name="Sport", is_on_front=True)
    make_many(FIRST + 2, editor, world)
    make_many(2, editor, sport, before=NOON - 60 * MINUTE)
    page = client.get("/")
    headings = [text_of(each) for each in dom(page).iterfind(".//main//h2")]
    assert headings == [*names("World", *range(FIRST)), "Sport", "More news"]
    assert "/sections/sport/" in links(page)
    below = [text_of(each) for each in dom(page).iterfind(".//main//h3")]
    assert below == ["Sport 0", "Sport 1", "World 6", "World 7"]


def test_an_empty_paper_says_so(client):
    assert "Nothing has been published yet." in text_of(dom(client.get("/")))
