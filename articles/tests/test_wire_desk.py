"""The wire desk: what came in, found, taken, left and put back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.importers.wire.document import PubStatus
from articles.models import Article, WireItem, WireStream
from articles.tests.factories import make_section, make_source
from articles.tests.wire_desk import bring, stream
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/wireitem/"
DECISIONS = f"{LIST}decisions/"


@pytest.fixture
def desk(client):
    client.force_login(make_staff("Editors"))
    return client


def headlines(client, query=""):
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return [card.item.headline for card in page.context["page"].cards]


def decide(client, deed, *items, back=""):
    data = {"item": [item.pk for item in items], f"_{deed}": "x", "back": back}
    return client.post(DECISIONS, data)


# --- Found --------------------------------------------------------------------------------------


def test_what_is_new_stands_newest_first_with_what_a_desk_must_know(desk):
    bring(headline="Council meets", urgency=4, slugline="COUNCIL", body="<p>They will meet.</p>")
    bring(headline="Bridge closed", urgency=1, advisory=("Adds the reason",))
    assert headlines(desk) == ["Bridge closed", "Council meets"]
    page = desk.get(LIST).text
    for words in ("COUNCIL", "They will meet.", "Adds the reason", "urgency 1", "Harbour News"):
        assert words in page


def test_the_most_urgent_stand_first_where_that_is_asked_for(desk):
    bring(headline="Bridge closed at night", urgency=1)
    bring(headline="Council meets again today", urgency=4)
    assert headlines(desk, "order=urgency")[0] == "Bridge closed at night"


def test_states_holds_wires_and_urgencies_are_told_apart(desk):
    plain = bring(headline="Plain wire from the harbour", urgency=5)
    other = WireStream.objects.create(
        name="Other wire",
        kind=WireStream.Kind.BY_HAND,
        source=make_source("Other"),
        section=make_section(),
        set_up_by=make_staff(),
    )
    later = timezone.now() + timedelta(hours=2)
    held = bring(headline="Embargoed survey of the roofs", embargo=later, urgency=2)
    unclear = bring(headline="Ministry speaks of secrets", embargo_is_unclear=True)
    killed = bring(headline="Wrong obituary withdrawn", pub_status=PubStatus.CANCELED)
    withheld = bring(headline="Court forbids naming anybody", pub_status=PubStatus.WITHHELD)
    WireItem.objects.filter(pk=plain.pk).update(stream=other)
    decide(desk, "leave", plain)
    assert headlines(desk, "state=left") == [plain.headline]
    assert headlines(desk, f"state=all&wire={other.pk}") == [plain.headline]
    assert headlines(desk, "hold=embargoed") == [held.headline]
    assert headlines(desk, "hold=unclear") == [unclear.headline]
    assert headlines(desk, "hold=canceled") == [killed.headline]
    assert headlines(desk, "hold=withheld") == [withheld.headline]
    assert headlines(desk, "urgency=2") == [held.headline]
    assert len(headlines(desk, "state=all")) == 5


def test_words_are_found_in_headline_slugline_and_text(desk):
    bring(headline="Ferry timetable", slugline="NIGHT-BOAT", body="<p>Nurses had asked.</p>")
    bring(headline="Something else altogether")
    for words in ("ferry", "night-boat", "NURSES asked", "timetable nurses"):
        assert headlines(desk, f"q={words}") == ["Ferry timetable"], words
    assert headlines(desk, "q=absent") == []


def test_wires_that_tell_of_the_same_stand_in_one_card(desk):
    bring(headline="Storm barrier closes for first time in six years", provider="A")
    bring(headline="Storm barrier closes for the first time in six years", provider="B")
    bring(headline="Council meets about the budget", provider="A")
    page = desk.get(LIST)
    cards = page.context["page"].cards
    assert [len(card.alike) for card in cards] == [0, 1]
    assert "1 more tells of this" in page.text


def test_a_page_holds_thirty_and_leads_to_the_older_ones(desk):
    made = stream()
    for number in range(35):
        WireItem.objects.create(stream=made, provider="A", guid=f"u{number}", headline=f"W{number}")
    assert len(headlines(desk)) == 30
    assert len(headlines(desk, "page=2")) == 5
    assert 'rel="next"' in desk.get(LIST).text and 'rel="prev"' in desk.get(f"{LIST}?page=2").text


@pytest.mark.parametrize("number", [3, 25])
def test_the_number_of_queries_does_not_grow_with_what_came_in(
    desk, number, django_assert_num_queries
):
    for each in range(number):
        bring(headline=f"{each} boats and {each * 7} other ships at sea {each * 13}")
    desk.get(LIST)
    with django_assert_num_queries(8):
        desk.get(LIST)


@pytest.mark.parametrize(
    "query",
    ["state=x", "wire=x", "wire=99999999999999999999", "urgency=-1", "page=0", "page=x", "hold=%00"]
    + ["order=1", "q=%00", "q=" + "a" * 5000, "done=take&items=x.1.99999999999999999999999"]
    + ["done=x&items=1", "page=999999999"],
)
def test_junk_in_the_address_is_no_error(desk, query):
    bring()
    assert desk.get(f"{LIST}?{query}").status_code == 200


def test_an_empty_desk_says_what_a_wire_is(desk):
    page = desk.get(LIST).text
    assert "Nothing can come in yet." in page
    assert "/admin/articles/wirestream/add/" in page
    stream()
    assert "Nothing new has come in." in desk.get(LIST).text


def test_what_an_agency_writes_is_words_and_no_html(desk):
    bring(headline="<script>alert(1)</script>", body="<p>a<script>x()</script></p>")
    page = desk.get(LIST).text
    assert "<script>alert" not in page and "x()" not in page


# --- Decided ------------------------------------------------------------------------------------


def test_several_are_taken_at_once_and_that_is_undone_at_once(desk):
    one, two = bring(headline="First of two"), bring(headline="Second thing altogether")
    answer = decide(desk, "take", one, two, back="state=all")
    assert answer.status_code == 303
    assert Article.objects.count() == 2
    page = desk.get(answer["Location"])
    assert "2 wires are drafts now." in page.text
    assert f"/admin/articles/article/{Article.objects.all()[0].pk}/change/" in page.text
    decide(desk, "put_back", one, two)
    assert not Article.objects.exists()
    assert set(WireItem.objects.values_list("state", flat=True)) == {"new"}


def test_leaving_is_told_and_undone(desk):
    item = bring()
    answer = decide(desk, "leave", item)
    assert "1 wire was left." in desk.get(answer["Location"]).text
    item.refresh_from_db()
    assert item.is_left
    decide(desk, "put_back", item)
    item.refresh_from_db()
    assert item.is_new


def test_what_cannot_be_taken_says_why_and_hinders_no_other(desk):
    killed = bring(headline="Killed one", pub_status=PubStatus.CANCELED)
    other = bring(headline="Good one of today")
    page = desk.get(decide(desk, "take", killed, other)["Location"])
    assert "Killed one: The agency has killed this wire." in page.text
    assert Article.objects.get().headline == "Good one of today"
    assert other.pk != killed.pk


def test_a_deed_without_a_wire_or_a_name_does_nothing(desk):
    item = bring()
    for data in ({}, {"item": [item.pk]}, {"_take": "x"}, {"_take": "x", "item": ["x", "-1"]}):
        assert desk.post(DECISIONS, data).status_code == 303
    assert not Article.objects.exists()


def test_deeds_are_sent_and_never_linked_to(desk):
    assert desk.get(DECISIONS).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff("Editors"))
    assert decide(strict, "take", bring()).status_code == 403
    assert not Article.objects.exists()


def test_who_may_not_take_wires_sees_none_of_it(client):
    item = bring()
    client.force_login(make_staff("Moderators"))
    assert client.get(LIST).status_code == 403
    assert decide(client, "take", item).status_code == 403
    client.force_login(make_staff("Reporters"))
    assert client.get(LIST).status_code == 200
    assert decide(client, "take", item).status_code == 303
    assert client.get("/admin/articles/wirestream/add/").status_code == 403


# --- Where they come from -----------------------------------------------------------------------


def test_whoever_sets_up_a_wire_is_who_acts_without_a_person(client):
    editor = make_staff("Editors")
    client.force_login(editor)
    data = {
        "name": "Coast agency",
        "kind": "directory",
        "location": "/srv/wire",
        "source": make_source("Coast").pk,
        "section": make_section().pk,
        "is_active": "on",
        "auto_publish": "",
    }
    assert client.post("/admin/articles/wirestream/add/", data).status_code == 302
    made = WireStream.objects.get()
    assert made.set_up_by == editor
    page = client.get("/admin/articles/wirestream/")
    assert "Coast agency" in page.text
    look = {"action": "look_now", "_selected_action": [made.pk]}
    answer = client.post("/admin/articles/wirestream/", look, follow=True)
    assert "1 wire is being looked at." in answer.text


@pytest.mark.parametrize(
    ("kind", "location"), [("directory", ""), ("directory", "srv"), ("feed", "/srv"), ("feed", "x")]
)
def test_a_wire_from_nowhere_is_refused(client, kind, location):
    client.force_login(make_staff("Editors"))
    data = {"name": "X", "kind": kind, "location": location, "source": make_source().pk}
    data |= {"section": make_section().pk, "auto_publish": ""}
    assert client.post("/admin/articles/wirestream/add/", data).status_code == 200
    assert not WireStream.objects.exists()
