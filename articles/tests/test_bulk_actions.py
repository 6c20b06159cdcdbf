"""Decisions about many pieces at once, from the desk's list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.admin import bulk
from articles.admin.bulk import DECISIONS
from articles.models import Article
from articles.tests.desk import LIST
from articles.tests.factories import make_article, make_draft, make_section, make_staff
from newsroom.tests.browsing import dom, fields_of, text_at, text_of, the
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db

ACTIONS = {
    "publish": "publish_many",
    "send_back": "send_many_back",
    "move": "move_many",
    "withdraw": "withdraw_many",
}


def make_in(state, editor, **fields):
    piece = make_draft(**{"headline": state} | fields)
    if state == "in_review":
        piece.submit_for_review(by=editor)
    if state in {"published", "scheduled", "withdrawn"}:
        later = timezone.now() + timedelta(days=1)
        piece.publish(by=editor, at=later if state == "scheduled" else None)
    if state == "withdrawn":
        piece.withdraw(by=editor, reason="Wrong.")
    return piece


STATES = ["draft", "in_review", "published", "scheduled", "withdrawn"]


def choose(client, decision, pieces, query="", **more):
    """Select pieces in the list and run the action on them."""
    posted = {"action": ACTIONS[decision], "index": "0", "select_across": "0"}
    selected = {"_selected_action": [piece.pk for piece in pieces]}
    return client.post(LIST + query, posted | selected | more)


def confirm(client, decision, page, **fields):
    pieces = [each.get("value") for each in dom(page).iterfind(".//input[@name='piece']")]
    return client.post(
        DECISIONS[decision].address, fields_of(page) | {"piece": pieces} | fields, follow=True
    )


def states():
    return dict(Article.objects.values_list("headline", "status"))


def messages(response):
    return [text_of(each) for each in dom(response).iterfind(".//ul[@class='messagelist']/li")]


def lists_of(page):
    """The headlines of the pieces that will be decided on, and of those that will not."""
    found = dom(page).findall(".//ul[@class='many']")
    has_any = dom(page).find(".//input[@name='piece']") is not None
    headlines = [[text_of(each) for each in part.iterfind("li/a")] for part in found]
    return headlines if has_any else [[], *headlines]


@pytest.mark.parametrize(
    ("decision", "fields", "changed", "to"),
    [
        ("publish", {}, {"draft", "in_review"}, "published"),
        ("send_back", {"note": "Who says so?"}, {"in_review", "scheduled"}, "draft"),
        ("withdraw", {"reason": "Not true."}, {"published", "scheduled"}, "withdrawn"),
    ],
)
def test_a_decision_is_shown_first_and_then_made(desk, editor, decision, fields, changed, to):
    pieces = [make_in(state, editor) for state in STATES]
    before = states()
    page = choose(desk, decision, pieces)
    will, wont = map(set, lists_of(page))
    assert (will, wont) == (changed, set(STATES) - changed)
    assert states() == before
    told = messages(confirm(desk, decision, page, **fields))
    assert told == [f"{len(changed)} pieces: done."]
    assert {state for state in STATES if states()[state] != before[state]} == changed
    assert {states()[state] for state in changed} == {to}
    for piece in pieces:
        last = piece.state_changes.order_by("-pk").first()
        if piece.headline in changed:
            assert (last.by, last.to_status) == (editor, to)
            assert fields.get("note", "") in last.note
    if decision == "withdraw":
        gone = Article.objects.get(headline="published")
        assert gone.withdrawn_reason == "Not true."
        assert desk.get(gone.get_absolute_url()).status_code == 410


def test_pieces_are_moved_to_another_section_with_a_revision_each(desk, editor):
    world, sport = make_section(name="World"), make_section(name="Sport")
    pieces = [make_in(state, editor, section=world) for state in STATES]
    there = make_draft(headline="there", section=sport)
    page = choose(desk, "move", [*pieces, there])
    told = messages(confirm(desk, "move", page, section=sport.pk))
    assert told[0] == "5 pieces: done."
    assert "“there”: There was nothing to change." in told[1]
    assert not Article.objects.exclude(section=sport).exists()
    for piece in pieces:
        newest = piece.revisions.first()
        assert (newest.by, newest.note) == (editor, "Moved from World to Sport.")
        assert newest.content["section"]["name"] == "Sport"
    assert not there.revisions.exists()


def test_the_verb_moves_a_piece_once(editor):
    world, sport = make_section(name="World"), make_section(name="Sport")
    piece = make_article(section=world, by=editor)
    assert piece.move_to(sport, by=editor)
    assert not piece.move_to(sport, by=editor)
    piece.refresh_from_db()
    assert (piece.section, piece.changed_at) == (sport, None)
    assert piece.revisions.count() == 2


def test_the_page_says_from_when_on_readers_see_what_is_published(desk, editor):
    later = timezone.now().replace(year=2099, month=1, day=2, hour=9, minute=30)
    piece = make_draft(published_at=later)
    page = choose(desk, "publish", [piece])
    assert "Readers see it from 2 January 2099, 09:30 UTC on." in text_at(page)
    confirm(desk, "publish", page)
    piece.refresh_from_db()
    assert piece.is_scheduled


def advice_of(page):
    """What is told below each piece that will be decided on."""
    return {
        text_of(link): [text_of(each) for each in row.iterfind("ul[@class='advice']/li")]
        for row in dom(page).iterfind(".//ul[@class='many']/li")
        if (link := row.find("a")) is not None
    }


UNDESCRIBED = '<figure><img src="/media/0123456789abcdef0123456789abcdef-1-wide1200.jpg"></figure>'


def test_before_pieces_are_published_each_is_told_what_readers_would_miss(desk, editor):
    long = "A headline that is longer than what the results of a search show of it"
    pieces = [make_draft(headline=long, body=UNDESCRIBED), make_draft(headline="Fine")]
    expected = {
        long: [
            "The headline has 70 characters. Search results cut it after 60.",
            "1 picture in the text lacks its alternative text.",
        ],
        "Fine": [],
    }
    page = choose(desk, "publish", pieces)
    assert advice_of(page) == expected
    assert advice_of(choose(desk, "move", pieces)) == {long: [], "Fine": []}
    refused = confirm(desk, "publish", page, note="n" * 10_000)
    assert refused.status_code == 422
    assert advice_of(refused) == expected
    assert messages(confirm(desk, "publish", page)) == ["2 pieces: done."]


def test_the_advice_costs_no_query_for_each_piece(desk, editor):
    def asked(pieces):
        with CaptureQueriesContext(connection) as queries:
            assert choose(desk, "publish", pieces).status_code == 200
        return len(queries)

    few = [make_draft(body=UNDESCRIBED) for _ in range(2)]
    many = [make_draft(body=UNDESCRIBED) for _ in range(8)]
    asked(few)
    assert asked(few) == asked(many)


@pytest.mark.parametrize(
    ("decision", "state"),
    [("withdraw", "published"), ("send_back", "in_review"), ("move", "draft")],
)
def test_what_a_decision_needs_is_asked_for_again(desk, editor, decision, state):
    piece = make_in(state, editor)
    page = choose(desk, decision, [piece])
    refused = confirm(desk, decision, page)
    assert refused.status_code == 422
    assert "Nothing was done yet." in text_at(refused)
    assert lists_of(refused) == [[state]]
    assert states() == {state: state}


def test_a_piece_that_somebody_decided_on_meanwhile_is_left_and_named(desk, editor):
    pieces = [make_in("in_review", editor, headline=name) for name in ("One", "Two")]
    page = choose(desk, "send_back", pieces)
    pieces[0].publish(by=editor)
    told = messages(confirm(desk, "send_back", page, note="More."))
    assert told == [
        "1 piece: done.",
        "1 piece was left as it was. “One”: It is in the state “published”.",
    ]
    assert states() == {"One": "published", "Two": "draft"}


def test_a_failure_undoes_all_of_it(desk, editor, monkeypatch):
    pieces = [make_in("draft", editor, headline=name) for name in ("One", "Two")]
    page = choose(desk, "publish", pieces)
    record = Article.record

    def fail(article, **how):
        if article.headline == "Two":
            raise RuntimeError
        return record(article, **how)

    monkeypatch.setattr(Article, "record", fail)
    with pytest.raises(RuntimeError):
        confirm(desk, "publish", page)
    assert states() == {"One": "draft", "Two": "draft"}


def test_the_list_comes_back_as_it_was_narrowed(desk, editor):
    piece = make_in("in_review", editor)
    page = choose(desk, "send_back", [piece], "?state=in_review&q=review")
    response = desk.post(
        DECISIONS["send_back"].address, fields_of(page) | {"piece": piece.pk, "note": "More."}
    )
    assert response["Location"] == f"{LIST}?state=in_review&q=review"


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "\r\nX: y", "p=99"])
def test_the_way_back_leads_to_the_list_alone(desk, editor, back):
    piece = make_in("draft", editor)
    response = desk.post(DECISIONS["publish"].address, {"piece": piece.pk, "back": back})
    assert response["Location"].startswith(f"{LIST}?")
    assert "\n" not in response["Location"]


def test_all_pieces_of_a_narrowed_list_can_be_chosen_at_once(desk, editor):
    for number in range(3):
        make_in("in_review", editor, headline=f"Waiting {number}")
    draft = make_in("draft", editor)
    one = Article.objects.filter(status="in_review")[:1]
    page = choose(desk, "send_back", one, "?state=in_review", select_across="1")
    confirm(desk, "send_back", page, note="More.")
    assert set(states().values()) == {"draft"}
    assert not draft.state_changes.exists()


def test_more_than_can_be_decided_on_at_once_are_refused_and_that_is_said(
    desk, editor, monkeypatch
):
    monkeypatch.setattr(bulk, "MOST", 2)
    pieces = [make_in("draft", editor, headline=f"Piece {number}") for number in range(3)]
    choose(desk, "publish", pieces[:1], select_across="1")
    assert "At most 2 pieces can be decided on at once" in messages(desk.get(LIST))[0]
    forged = desk.post(DECISIONS["publish"].address, {"piece": [piece.pk for piece in pieces]})
    assert forged.status_code == 422
    assert set(states().values()) == {"draft"}


# --- Who may -----------------------------------------------------------------------------------

REFUSED = [("Reporters", state) for state in STATES] + [("Moderators", "draft")]


@pytest.mark.parametrize(("group", "state"), REFUSED)
@pytest.mark.parametrize("decision", DECISIONS)
def test_others_neither_ask_nor_decide(client, editor, group, state, decision):
    piece, sport = make_in(state, editor), make_section(name="Sport")
    before = Article.objects.values().get()
    client.force_login(make_staff(group))
    assert choose(client, decision, [piece]).status_code == 403
    forged = {"piece": piece.pk, "reason": "x", "note": "x", "section": sport.pk}
    address = DECISIONS[decision].address
    assert client.post(address, forged).status_code == 403
    assert client.get(address).status_code == 403
    assert Article.objects.values().get() == before


@pytest.mark.parametrize("decision", DECISIONS)
def test_whoever_is_not_logged_in_is_asked_to(client, editor, decision):
    piece = make_in("in_review", editor)
    response = client.post(DECISIONS[decision].address, {"piece": piece.pk, "reason": "x"})
    assert response["Location"].startswith("/admin/login/")
    assert states() == {"in_review": "in_review"}


def test_a_reporter_is_offered_no_actions(client, editor):
    make_in("in_review", editor)
    client.force_login(make_staff("Reporters"))
    assert dom(client.get(LIST)).find(".//select[@name='action']") is None


def test_nobody_but_an_administrator_is_offered_to_delete(client, desk, editor):
    make_in("draft", editor)
    offered = fields_and_options(desk)
    assert offered == ["", *ACTIONS.values()]
    client.force_login(make_superuser())
    assert "delete_selected" in fields_and_options(client)


def fields_and_options(client):
    select = the(client.get(LIST), ".//select[@name='action']")
    return [each.get("value") for each in select.iter("option")]


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_address_of_a_decision_alone_leads_to_the_list(desk, decision):
    assert desk.get(DECISIONS[decision].address)["Location"] == LIST


@pytest.mark.parametrize(
    "selected", ["x", "-1", "1.5", "\0", "9" * 40, "١", "999999", ["x", "y"], ""]
)
def test_a_selection_of_nonsense_changes_nothing(desk, editor, selected):
    make_in("draft", editor)
    for action in [*ACTIONS.values(), "delete_selected", "nonsense", ""]:
        posted = {"action": action, "index": "0", "_selected_action": selected}
        assert desk.post(LIST, posted).status_code in {200, 302}
    for decision in DECISIONS.values():
        forged = {"piece": selected, "note": "x", "reason": "x", "section": "x"}
        assert desk.post(decision.address, forged).status_code in {302, 422}
    assert states() == {"draft": "draft"}


def test_what_is_no_key_is_left_out_of_a_selection(desk, editor):
    piece = make_in("draft", editor)
    posted = {"action": "publish_many", "index": "0", "_selected_action": ["x", piece.pk]}
    assert lists_of(desk.post(LIST, posted)) == [["draft"]]
