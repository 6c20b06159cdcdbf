"""An editor arranges the front page."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from articles.front import front_page
from articles.models import FrontPlace, Section
from articles.models.front_place import ArrangementChanged, Given
from articles.tests.factories import make_article, make_draft, make_section, make_staff
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, fields_of, fill_in, text_at, text_of, the
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FRONT = "/admin/articles/frontplace/"
HOUR = timedelta(hours=1)


@pytest.fixture
def pieces(editor, world):
    return [
        make_article(headline=f"Piece {age}", at=NOON - age * HOUR, by=editor, section=world)
        for age in range(8)
    ]


def given():
    return {
        (place.section and place.section.name, place.position): place.article.headline
        for place in FrontPlace.objects.select_related("section", "article")
    }


def errors(response):
    return [text_of(each) for each in dom(response).iterfind(".//ul[@class='errorlist']/li")]


def options(response, name):
    select = the(response, f".//select[@name='{name}']")
    return [text_of(each) for each in select.iter("option")]


def until(prefix, date, time):
    return {f"{prefix}-until_0": date, f"{prefix}-until_1": time}


def test_an_editor_gives_the_lead_to_a_piece_until_a_time(desk, editor, pieces, clock):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    times = until("first-0", "2026-03-02", "22:00")
    response = fill_in(desk, FRONT, **{"first-0-piece": pieces[7].pk}, **times, _save="pressed")
    assert response.status_code == 302
    place = FrontPlace.objects.get()
    assert (place.position, place.article, place.by) == (0, pieces[7], editor)
    assert place.until == NOON + HOUR
    assert front_page().first[0].pk == pieces[7].pk
    clock.move_to(NOON + HOUR)
    assert front_page().first[0].pk == pieces[0].pk
    assert "The time of “Piece 7” here has passed." in text_at(desk.get(FRONT))


def test_the_page_shows_what_readers_see_now_and_why(desk, pieces):
    fill_in(desk, FRONT, **{"first-1-piece": pieces[5].pk}, _save="pressed")
    make_section(name="Sport")
    page = desk.get(FRONT)
    assert [text_of(each) for each in dom(page).iterfind(".//form//h2")] == [
        *("First places", "Sport", "World")
    ]
    rows = [text_of(each) for each in dom(page).iterfind(".//ol/li/div[@role='group']")]
    assert rows[0].startswith("Lead Readers see: Piece 0 there for being new")
    assert rows[1].startswith("Place 2 Readers see: Piece 5 placed by editors-")


def test_saving_without_a_change_changes_nothing(desk, pieces):
    times = until("first-2", "2026-03-03", "09:00")
    fill_in(desk, FRONT, **{"first-2-piece": pieces[6].pk}, **times, _save="pressed")
    before = list(FrontPlace.objects.values())
    assert fill_in(desk, FRONT, _save="pressed").status_code == 302
    assert list(FrontPlace.objects.values()) == before
    assert LogEntry.objects.count() == 1


def test_who_placed_and_who_freed_is_on_record(desk, editor, pieces):
    fill_in(desk, FRONT, **{"first-0-piece": pieces[7].pk}, _save="pressed")
    fill_in(desk, FRONT, **{"first-0-piece": ""}, _save="pressed")
    recent = text_at(desk.get(FRONT), ".//section[@class='front-recent']")
    assert f"{editor.username}, given: Lead: Piece 7" in recent
    assert f"{editor.username}, freed: Lead: Piece 7" in recent


def test_numbers_put_the_places_in_order(desk, pieces):
    chosen = {f"first-{position}-piece": pieces[position + 2].pk for position in range(3)}
    fill_in(desk, FRONT, **chosen, _save="pressed")
    fill_in(desk, FRONT, **{"first-2-number": "1"}, _save="pressed")
    assert given() == {(None, 0): "Piece 4", (None, 1): "Piece 2", (None, 2): "Piece 3"}
    fill_in(desk, FRONT, **{"first-0-number": "3"}, _save="pressed")
    assert given() == {(None, 0): "Piece 2", (None, 1): "Piece 3", (None, 2): "Piece 4"}
    fill_in(desk, FRONT, **{"first-0-number": "5"}, _save="pressed")
    assert given() == {(None, 0): "Piece 3", (None, 1): "Piece 4", (None, 4): "Piece 2"}


def test_a_section_is_given_a_block_and_the_block_a_piece(desk, pieces, editor, world):
    sport = make_section(name="Sport")
    pieces = [make_article(at=NOON - 9 * HOUR, by=editor, section=sport) for _ in range(5)]
    assert f"block-{sport.pk}-0-piece" not in fields_of(desk.get(FRONT))
    fill_in(desk, FRONT, **{f"block-{sport.pk}-on": "on"}, _save="pressed")
    assert Section.objects.get(is_on_front=True) == sport
    fill_in(desk, FRONT, **{f"block-{sport.pk}-0-piece": pieces[0].pk}, _save="pressed")
    (block,) = front_page().blocks
    assert block.pieces[0].pk == pieces[0].pk
    recent = text_at(desk.get(FRONT), ".//section[@class='front-recent']")
    assert "Block on: Sport" in recent


def test_a_block_that_is_switched_off_keeps_its_places(desk, editor):
    sport = make_section(name="Sport", is_on_front=True)
    piece = make_article(headline="Cup", by=editor, section=sport)
    fill_in(desk, FRONT, **{f"block-{sport.pk}-1-piece": piece.pk}, _save="pressed")
    page = fields_of(desk.get(FRONT)) | {"_save": "pressed"}
    del page[f"block-{sport.pk}-on"]
    assert desk.post(FRONT, page).status_code == 302
    fill_in(desk, FRONT, _save="pressed")
    assert not Section.objects.get(name="Sport").is_on_front
    assert given() == {("Sport", 1): "Cup"}


def test_a_block_takes_pieces_of_its_section_alone(desk, pieces):
    sport = make_section(name="Sport", is_on_front=True)
    name = f"block-{sport.pk}-0-piece"
    assert options(desk.get(FRONT), name) == ["Automatic: the newest"]
    response = fill_in(desk, FRONT, **{name: pieces[0].pk}, _save="pressed")
    assert response.status_code == 200
    assert given() == {}


def test_a_scheduled_piece_can_be_placed_ahead(desk, editor, pieces, world, clock):
    later = make_article(headline="Later", at=NOON + HOUR, by=editor, section=world)
    assert "Later · World · from 2 March 2026, 13:00 UTC" in options(
        desk.get(FRONT), "first-0-piece"
    )
    fill_in(desk, FRONT, **{"first-0-piece": later.pk}, _save="pressed")
    assert front_page().first[0].pk == pieces[0].pk
    assert "“Later” stands here from 2 March 2026, 13:00 UTC on." in text_at(desk.get(FRONT))
    clock.shift(HOUR)
    assert front_page().first[0].pk == later.pk


def test_a_piece_that_is_not_published_is_not_offered_and_not_taken(desk, pieces, world):
    draft = make_draft(headline="Draft", section=world)
    assert not [each for each in options(desk.get(FRONT), "first-0-piece") if "Draft" in each]
    response = fill_in(desk, FRONT, **{"first-0-piece": draft.pk}, _save="pressed")
    assert errors(response) == ["Only what is published or scheduled can stand here."]
    assert given() == {}


def test_a_piece_that_was_withdrawn_since_is_named_and_can_stay(desk, editor, pieces):
    fill_in(desk, FRONT, **{"first-0-piece": pieces[3].pk}, _save="pressed")
    pieces[3].withdraw(by=editor, reason="Wrong.")
    assert "“Piece 3” is not published any more." in text_at(desk.get(FRONT))
    assert fill_in(desk, FRONT, _save="pressed").status_code == 302
    assert given() == {(None, 0): "Piece 3"}


def test_a_piece_is_given_one_place(desk, pieces):
    twice = {"first-0-piece": pieces[3].pk, "first-4-piece": pieces[3].pk}
    response = fill_in(desk, FRONT, **twice, _save="pressed")
    assert errors(response) == ["This piece has another place already."]
    assert given() == {}


def test_a_time_that_has_passed_is_refused_and_what_was_chosen_is_kept(desk, pieces):
    times = until("first-0", "2026-03-02", "11:59")
    response = fill_in(desk, FRONT, **{"first-0-piece": pieces[3].pk}, **times, _save="pressed")
    assert errors(response) == ["This moment has passed."]
    assert fields_of(response)["first-0-piece"] == str(pieces[3].pk)
    assert given() == {}


def test_a_search_offers_older_pieces_and_keeps_what_was_chosen(desk, editor, pieces, world):
    for age in range(60):
        make_article(at=NOON - age * timedelta(minutes=1), by=editor, section=world)
    make_article(headline="The old bridge", at=NOON - 90 * HOUR, by=editor, section=world)
    page = desk.get(FRONT)
    assert not [each for each in options(page, "first-0-piece") if "bridge" in each]
    found = fill_in(desk, FRONT, q="Bridge", **{"first-1-piece": pieces[0].pk}, _search="pressed")
    bridge = [each for each in options(found, "first-0-piece") if "bridge" in each]
    assert bridge == ["The old bridge · World · 26 February 2026, 18:00"]
    assert "1 piece found" in text_at(found)
    assert fields_of(found)["first-1-piece"] == str(pieces[0].pk)
    assert given() == {}


# --- Two editors -------------------------------------------------------------------------------


def test_an_arrangement_that_somebody_changed_meanwhile_is_not_replaced_unseen(
    desk, editor, pieces
):
    mine = fields_of(desk.get(FRONT)) | {"first-0-piece": pieces[5].pk, "_save": "pressed"}
    fill_in(desk, FRONT, **{"first-0-piece": pieces[6].pk}, _save="pressed")
    refused = desk.post(FRONT, mine)
    text = text_at(refused)
    assert "Somebody has arranged the front page since you opened this page." in text
    assert "Theirs: Piece 6 · World" in text
    assert fields_of(refused)["first-0-piece"] == str(pieces[5].pk)
    assert given() == {(None, 0): "Piece 6"}
    assert desk.post(FRONT, fields_of(refused) | {"_save": "pressed"}).status_code == 302
    assert given() == {(None, 0): "Piece 5"}


def test_a_block_that_somebody_switched_on_meanwhile_stays_on_with_its_places(desk, editor, pieces):
    sport = make_section(name="Sport")
    piece = make_article(headline="Cup", by=editor, section=sport)
    mine = fields_of(desk.get(FRONT)) | {"first-0-piece": pieces[5].pk, "_save": "pressed"}
    fill_in(desk, FRONT, **{f"block-{sport.pk}-on": "on"}, _save="pressed")
    fill_in(desk, FRONT, **{f"block-{sport.pk}-0-piece": piece.pk}, _save="pressed")
    refused = desk.post(FRONT, mine)
    again = fields_of(refused) | {f"block-{sport.pk}-on": "on", "_save": "pressed"}
    assert desk.post(FRONT, again).status_code == 302
    assert given() == {(None, 0): "Piece 5", ("Sport", 0): "Cup"}


def test_the_model_refuses_an_arrangement_made_for_another(editor, pieces):
    read = FrontPlace.objects.fingerprint()
    wanted = [Given(None, 0, pieces[0].pk, None)]
    FrontPlace.objects.arrange(wanted, blocks=set(), by=editor, read=read)
    with pytest.raises(ArrangementChanged):
        FrontPlace.objects.arrange([], blocks=set(), by=editor, read=read)
    assert given() == {(None, 0): "Piece 0"}


# --- What is sent by hand ----------------------------------------------------------------------

JUNK = ["x", "-1", "0", "9" * 30, "\0", "1e9", "١", "'"]


@pytest.mark.parametrize("field", ["piece", "number", "until_0", "until_1", "until_2"])
def test_nonsense_is_refused_and_changes_nothing(desk, pieces, field):
    fill_in(desk, FRONT, **{"first-1-piece": pieces[2].pk}, _save="pressed")
    before = list(FrontPlace.objects.values())
    page = fields_of(desk.get(FRONT)) | {"_save": "pressed"}
    for value in JUNK:
        response = desk.post(FRONT, page | {f"first-0-{field}": value})
        assert response.status_code in {200, 302}, value
        assert list(FrontPlace.objects.values()) == before, value


@pytest.mark.parametrize("posted", [{}, {"read": "x"}, {"_save": "1"}, {"q": "\0"}])
def test_an_empty_form_changes_nothing(desk, pieces, posted):
    fill_in(desk, FRONT, **{"first-1-piece": pieces[2].pk}, _save="pressed")
    assert desk.post(FRONT, posted).status_code == 200
    assert given() == {(None, 1): "Piece 2"}


@pytest.mark.parametrize("group", ["Reporters", "Moderators"])
def test_others_neither_see_nor_change_it(client, editor, pieces, group):
    client.force_login(make_staff(group))
    assert client.get(FRONT).status_code == 403
    posted = {"read": FrontPlace.objects.fingerprint(), "first-0-piece": pieces[0].pk}
    assert client.post(FRONT, posted | {"_save": "pressed"}).status_code == 403
    assert given() == {}


def test_the_page_costs_the_same_however_many_pieces_there_are(
    desk, editor, world, django_assert_num_queries
):
    sections = [world, *(make_section(is_on_front=True) for _ in range(2))]
    SiteSettings.objects.create()

    def add(number):
        for age in range(number):
            make_article(section=sections[age % 3], at=NOON - age * HOUR, by=editor)

    add(30)
    fill_in(desk, FRONT, **{"first-0-piece": front_page().first[3].pk}, _save="pressed")
    desk.get(FRONT)
    with django_assert_num_queries(QUERIES):
        desk.get(FRONT)
    add(100)
    sections[0].is_on_front = True
    sections[0].save()
    with django_assert_num_queries(QUERIES):
        desk.get(FRONT)


# The session, the user and what the user may do (4); the site; the state of the arrangement (2),
# its places, the sections; what may stand on the page, what does, with bylines (3); the pieces
# to choose from; what was changed last, and its kind.
QUERIES = 15
