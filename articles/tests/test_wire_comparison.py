"""The old wire, our text and the new wire side by side: chosen, seen beforehand, and saved."""

from typing import Any

import pytest

from articles.importers.wire.document import PubStatus, Signal
from articles.models import Correction, WireEvent, WireItem
from articles.tests.wire_comparing import (
    CLASH,
    OLD,
    OURS,
    article_of,
    compare,
    edit,
    open_places,
    send,
    waiting,
)
from articles.tests.wire_desk import bring, page_of
from articles.wire.drafts import write_byline
from articles.wire.taking import take
from newsroom.tests.browsing import dom, fields_of, text_at, text_of, the
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db

QUERIES = 11


@pytest.fixture
def editor(client):
    editor = make_staff("Editors")
    client.force_login(editor)
    return editor


# --- The page -----------------------------------------------------------------------------------


def test_it_lays_the_three_beside_each_other_with_the_advisory_on_top(client, editor):
    item = waiting(editor, advisory=("Corrects the tide",))
    text = text_at(client.get(compare(item)))
    assert text.index("Advisory: Corrects the tide") < text.index("Old wire")
    for words in ("Both", "Three", "Two", "Old wire, version 1", "New wire, version 2"):
        assert words in text


def test_what_is_preset(client, editor):
    item = waiting(editor, new=CLASH + "<p>The gates cost money.</p>")
    page = client.get(compare(item))
    chosen = [value for name, value in fields_of(page).items() if name.startswith("p-")]
    assert chosen == ["new", "new"]  # the tide, and the paragraph that was added
    assert len(open_places(page)) == 1
    assert "changed by us and by the wire" in text_at(page)


def test_what_changed_is_marked_for_those_who_see_and_for_those_who_hear(client, editor):
    page = client.get(compare(waiting(editor)))
    tree = dom(page)
    assert {each.tag for each in tree.iter() if each.get("class") == "change"} == {"ins", "del"}
    assert "inserted:" in text_of(tree) and "deleted:" in text_of(tree)


def test_each_column_has_a_heading_where_they_stand_below_each_other(client, editor):
    page = client.get(compare(waiting(editor)))
    place = next(each for each in dom(page).iter("fieldset") if each.get("id"))
    assert [text_of(each) for each in place.iter("h3")] == ["Old wire", "Our text", "New wire"]


def test_it_is_offered_only_where_something_waits(client, editor):
    item = bring(body=OLD)
    assert f"{page_of(item)}compare/" not in client.get(f"{page_of(item)}change/").content.decode()
    waits = waiting(editor)
    assert f"{page_of(waits)}compare/" in client.get(f"{page_of(waits)}change/").content.decode()
    response = client.get(compare(item))
    assert response.status_code in {303, 403}


def test_its_queries_do_not_grow_with_the_text(client, editor, django_assert_max_num_queries):
    few, many = waiting(editor), waiting(editor, new=CLASH + "<p>More.</p>" * 200)
    for item in (few, many):
        with django_assert_max_num_queries(QUERIES):
            assert client.get(compare(item)).status_code == 200


# --- Saving -------------------------------------------------------------------------------------


def test_what_was_chosen_is_saved(client, editor):
    item = waiting(editor, new=CLASH + "<p>The gates cost money.</p>")
    response = send(client, item, choose="ours")
    assert (response.status_code, response["Location"]) == (303, f"{page_of(item)}change/")
    expected = OURS.replace("three metres", "four metres") + "<p>The gates cost money.</p>"
    assert article_of(item).body == expected
    item.refresh_from_db()
    assert not item.needs_person
    assert item.taken_version == item.newest
    assert WireEvent.objects.filter(item=item, kind="compared", by=editor, version=2).count() == 1


def test_the_new_wire_can_be_taken_instead(client, editor):
    item = waiting(editor)
    assert send(client, item, choose="new").status_code == 303
    assert article_of(item).body == CLASH


def test_a_preset_can_be_turned_round(client, editor):
    item = waiting(editor)
    names = [name for name in fields_of(client.get(compare(item))) if name.startswith("p-")]
    send(client, item, choose="ours", **dict.fromkeys(names, "ours"))
    assert article_of(item).body == OURS


def test_lines_are_chosen_as_well(client, editor):
    item = bring(body=OLD, headline="Barrier closes", standfirst="First.", dateline="ELLEN")
    article = take(item, by=editor)
    edit(article, editor, headline="Our headline", standfirst="Ours.")
    fields: dict[str, Any] = {"headline": "New headline", "standfirst": "First."}
    fields["dateline"] = "PORT ELLEN"
    item = bring(guid=item.guid, version=2, body=OLD, **fields)
    page = client.get(compare(item))
    assert open_places(page) == ["headline"]
    assert send(client, item, headline="new").status_code == 303
    article.refresh_from_db()
    assert article.headline == "New headline"
    assert article.standfirst == "Ours."
    assert article.dateline == "PORT ELLEN"


def test_the_names_over_the_piece_are_chosen_as_well(client, editor):
    item = bring(body=OLD, headline="Barrier closes", byline="By Ines Calder")
    article = take(item, by=editor)
    edit(article, editor, body=OURS)
    byline = "Ines Calder and Jonas Wieck"
    item = bring(guid=item.guid, version=2, body=OLD, headline="Barrier closes", byline=byline)
    assert send(client, item, "_preview").status_code == 200
    assert [each.author.name for each in article.bylines.all()] == ["Ines Calder"]
    assert send(client, item).status_code == 303
    assert [each.author.name for each in article.bylines.all()] == ["Ines Calder", "Jonas Wieck"]
    names = [each["name"] for each in article.revisions.all()[0].content["bylines"]]
    assert names == ["Ines Calder", "Jonas Wieck"]


def test_names_that_the_desk_put_over_it_stay_where_the_wire_has_the_same(client, editor):
    item = bring(body=OLD, headline="Barrier closes", byline="By Ines Calder")
    article = take(item, by=editor)
    write_byline(article, ["Maud Ellery"])
    edit(article, editor, body=OURS)
    item = bring(
        guid=item.guid, version=2, body=CLASH, headline="Barrier closes", byline="Ines Calder"
    )
    assert send(client, item, choose="new").status_code == 303
    assert [each.author.name for each in article.bylines.all()] == ["Maud Ellery"]


def test_without_a_choice_where_both_changed_nothing_is_saved(client, editor):
    item = waiting(editor)
    before = article_of(item).version
    response = send(client, item)
    assert response.status_code == 422
    assert "Both the wire and we have changed these" in text_at(response)
    assert article_of(item).version == before
    assert WireItem.objects.get(pk=item.pk).needs_person
    anchors = {each.get("href") for each in dom(response).iter("a")}
    assert {f"#{name}" for name in open_places(response)} <= anchors


def test_a_preview_shows_the_outcome_and_saves_nothing(client, editor):
    item = waiting(editor)
    before = article_of(item).version
    preview = send(client, item, "_preview", choose="ours")
    assert preview.status_code == 200
    outcome = text_of(the(preview, ".//section[@class='wire-outcome']"))
    assert "four metres" in outcome and "Both ferries" in outcome
    assert article_of(item).version == before
    # What was chosen is still chosen there, and can be saved from there.
    response = client.post(compare(item), fields_of(preview) | {"_save": "x"})
    assert response.status_code == 303
    assert article_of(item).body == OURS.replace("three metres", "four metres")


def test_our_text_can_be_kept_everywhere(client, editor):
    item = waiting(editor)
    before = article_of(item).body
    assert send(client, item, "_keep_ours").status_code == 303
    assert article_of(item).body == before
    assert not WireItem.objects.get(pk=item.pk).needs_person


def test_what_was_saved_is_what_the_next_version_is_compared_with(client, editor):
    item = waiting(editor)
    send(client, item, choose="ours")
    later = CLASH.replace("Nobody was hurt", "One man was hurt")
    item = bring(guid=item.guid, version=3, headline="Barrier closes", body=later)
    assert item.needs_person
    page = client.get(compare(item))
    assert open_places(page) == []
    assert send(client, item).status_code == 303
    assert "Both ferries" in article_of(item).body and "One man" in article_of(item).body


def test_a_piece_that_took_all_of_the_new_wire_follows_the_next_by_itself(client, editor):
    item = waiting(editor)
    send(client, item, choose="new")
    later = CLASH.replace("Nobody was hurt", "One man was hurt")
    item = bring(guid=item.guid, version=3, headline="Barrier closes", body=later)
    assert not item.needs_person
    assert article_of(item).body == later


def test_what_was_kept_is_never_replaced_by_the_next_version(client, editor):
    item = waiting(editor)
    for number in (3, 4):
        assert send(client, item, "_keep_ours").status_code == 303
        body = CLASH + f"<p>Version {number}.</p>"
        item = bring(guid=item.guid, version=number, headline="Barrier closes", body=body)
        assert item.needs_person
        assert article_of(item).body == OURS


def test_a_headline_that_no_piece_can_have_is_refused_with_a_sentence(client, editor):
    item = waiting(editor, headline="Long " * 55)
    response = send(client, item, choose="new", headline="new")
    assert response.status_code in {303, 422}
    assert len(article_of(item).headline) <= 160


def test_a_text_of_both_that_is_too_long_is_refused_with_a_sentence(client, editor):
    ours = OLD + "<p>Ours " + "a" * 60_000 + "</p>"
    item = waiting(editor, ours=ours, new=OLD + "<p>Theirs " + "b" * 60_000 + "</p>")
    for button in ("_preview", "_save"):
        response = send(client, item, button, choose="new")
        assert response.status_code == 422
        assert "100,000" in text_at(response)
    assert article_of(item).body == ours


def test_a_kill_is_seen_and_blanks_nothing(client, editor):
    item = bring(body=OLD)
    article = take(item, by=editor)
    edit(article, editor, body=OURS)
    item = bring(guid=item.guid, version=2, body="", pub_status=PubStatus.CANCELED)
    assert item.needs_person
    page = client.get(f"{page_of(item)}change/")
    assert "has no text that could be compared" in text_at(page)
    response = client.get(compare(item))
    assert (response.status_code, response["Location"]) == (303, f"{page_of(item)}change/")
    forged = {"version": article.version, "wire_version": 2, "_save": "x"}
    assert client.post(compare(item), forged).status_code == 303
    decision = f"{page_of(item)}decision/"
    assert client.post(decision, {"_keep_ours": "x", "wire_version": "1"}).status_code == 409
    assert WireItem.objects.get(pk=item.pk).needs_person
    assert client.post(decision, {"_keep_ours": "x", "wire_version": "2"}).status_code == 303
    assert not WireItem.objects.get(pk=item.pk).needs_person
    assert article_of(item).body == OURS


# --- Corrections --------------------------------------------------------------------------------


def correction(editor, **fields):
    told = {"signal": Signal.CORRECTION, "correction": "The tide was 3.1 metres, not 3.4."}
    return waiting(editor, **(told | fields))


def test_readers_are_told_of_a_correction_of_what_they_have_seen(client, editor):
    item = correction(editor, is_public=True)
    page = client.get(compare(item))
    assert fields_of(page)["text"] == "The tide was 3.1 metres, not 3.4."
    assert send(client, item, choose="new", tells="on").status_code == 303
    told = Correction.objects.get(article=article_of(item))
    assert (told.kind, told.by) == ("correction", editor)
    assert told.text == "The tide was 3.1 metres, not 3.4."


def test_readers_are_not_told_where_the_desk_does_not_want_it(client, editor):
    item = correction(editor, is_public=True)
    page = client.get(compare(item))
    fields = fields_of(page) | dict.fromkeys(open_places(page), "new") | {"_save": "x"}
    fields.pop("tells", None)
    assert client.post(compare(item), fields).status_code == 303
    assert not Correction.objects.filter(article=article_of(item)).exists()


def test_a_correction_needs_words(client, editor):
    item = correction(editor, is_public=True)
    response = send(client, item, choose="new", tells="on", text="  ")
    assert response.status_code == 422
    assert article_of(item).body == OURS


def test_of_what_nobody_has_seen_readers_are_told_nothing(client, editor):
    item = correction(editor)
    assert "tells" not in fields_of(client.get(compare(item)))
    send(client, item, choose="new", tells="on", text="Told all the same?")
    assert not Correction.objects.exists()
