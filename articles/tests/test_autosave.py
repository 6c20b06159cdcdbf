"""What was typed and not saved: how it is kept, by whom and how long."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import WorkingCopy
from articles.models.working_copy import EMPTY_KEPT, MAX_CHARACTERS, MAX_FIELDS, TYPED_KEPT
from articles.tests.desk import ADD, LIST, page_of
from articles.tests.factories import make_section, make_staff
from articles.tests.open_forms import (
    AUTOSAVE,
    NOW,
    browser_of,
    copy_of,
    make_piece,
    page_of_copy,
    send,
    type_in,
)
from newsroom.models import SiteSettings
from newsroom.tests.browsing import fields_of, links, text_at, the

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- Keeping ------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_the_piece_stays_as_it_is(desk, editor):
    article = make_piece(headline="As it was")
    window, answer = type_in(desk, page_of(article), headline="Typed", topics=["1", "2"])
    assert answer.json() == {"kept": "14:03", "others": [], "newer": ""}
    copy = copy_of(window)
    assert (copy.by, copy.article, copy.based_on) == (editor, article, 1)
    assert copy.fields["headline"] == ["Typed"]
    assert copy.fields["topics"] == ["1", "2"]
    assert not {"csrfmiddlewaretoken", "window", "_doing", "_step"} & copy.fields.keys()
    article.refresh_from_db()
    assert (article.headline, article.version) == ("As it was", 1)


def test_an_older_state_never_replaces_a_newer_one(desk):
    window, _answer = type_in(desk, ADD, step=7, headline="Newer")
    for step in (6, 7):
        assert send(desk, window | {"headline": "Older"}, step).status_code == 200
    assert copy_of(window).headline == "Newer"
    send(desk, window | {"headline": "Newest"}, 8)
    assert copy_of(window).headline == "Newest"


def test_what_is_typed_back_to_what_was_opened_is_nothing_unsaved(desk):
    window, _answer = type_in(desk, ADD, headline="Typed")
    send(desk, window, 2, _same="1")
    assert copy_of(window).fields == {}
    assert not WorkingCopy.objects.unsaved().exists()


def test_saving_removes_the_working_copy_and_leaves_that_of_another_window(desk):
    article = make_piece()
    other, _answer = type_in(desk, page_of(article), headline="In the other window")
    window, _answer = type_in(desk, page_of(article), headline="Typed")
    assert desk.post(page_of(article), window | {"_save": "pressed"}).status_code == 302
    assert [copy.window for copy in WorkingCopy.objects.all()] == [other["window"]]


def test_the_working_copy_stays_when_saving_is_refused(desk):
    article = make_piece()
    window, _answer = type_in(desk, page_of(article), headline="Typed")
    refused = desk.post(page_of(article), window | {"section": "", "_save": "pressed"})
    assert fields_of(refused)["window"] == window["window"]
    copy = copy_of(window)
    assert (copy.headline, copy.fields["section"], copy.step) == ("Typed", [""], 2)
    assert the(refused, ".//div[@id='desk-window']").get("data-step") == "2"


def test_a_form_kept_after_it_was_saved_or_thrown_away_is_told_so(desk):
    article = make_piece()
    window, _answer = type_in(desk, page_of(article), headline="Typed")
    desk.post(page_of(article), window | {"_save": "pressed"})
    late = send(desk, window, 2)
    assert late.status_code == 404
    assert late.json()["problem"] == "unknown"
    assert not WorkingCopy.objects.exists()


def test_nul_and_other_bytes_that_are_no_text_are_kept_as_well_as_can_be(desk):
    window, answer = type_in(desk, ADD, headline="A\0B \ud7ff \U0001f600", **{"odd\0name": "x"})
    assert answer.status_code == 200
    assert copy_of(window).headline == "AB \ud7ff \U0001f600"


def test_more_than_a_working_copy_may_hold_is_refused_and_what_was_kept_stays(desk):
    window, _answer = type_in(desk, ADD, headline="Typed")
    for more in ({"body": "x" * MAX_CHARACTERS}, {"topics": ["1"] * (MAX_FIELDS + 1)}):
        answer = send(desk, window | more, 2)
        assert answer.status_code == 413
        assert "This is more than can be kept" in answer.json()["text"]
    assert copy_of(window).headline == "Typed"


def test_a_whole_piece_in_japanese_as_long_as_may_be_is_kept(desk):
    window, answer = type_in(desk, ADD, body=f"<p>{'語' * 99_990}</p>")
    assert answer.status_code == 200
    assert len(copy_of(window).fields["body"][0]) == 99_997


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"_doing": "publish"}, 400),
        ({"_doing": ""}, 400),
        ({"_step": ""}, 400),
        ({"_step": "-1"}, 400),
        ({"_step": "9" * 30}, 400),
        ({"window": ""}, 404),
        ({"window": "x" * 500}, 404),
        ({"window": "\0"}, 404),
        ({"_doing": "bring", "_piece": "abc"}, 404),
        ({"_doing": "bring", "_piece": "999999999"}, 404),
        ({"_doing": "bring", "_piece": "9" * 400}, 404),
        ({"opened": "9" * 400}, 200),
    ],
)
def test_a_damaged_request_gets_a_clear_answer_and_changes_nothing(desk, more, status):
    window = fields_of(desk.get(page_of(make_piece())))
    before = WorkingCopy.objects.values().get()
    answer = desk.post(AUTOSAVE, window | {"_doing": "write", "_step": "1"} | more)
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["text"]
        assert WorkingCopy.objects.values().get() == before


def test_only_posts_and_the_question_for_a_token_are_answered(desk):
    assert desk.put(AUTOSAVE).status_code == 405
    assert desk.get(AUTOSAVE).json().keys() == {"token"}
    assert "no-store" in desk.get(AUTOSAVE)["Cache-Control"]


# --- Who may ------------------------------------------------------------------------------------


def test_a_window_of_somebody_else_is_refused_and_stays_as_it_is(desk, client):
    window, _answer = type_in(desk, ADD, headline="Mine")
    client.force_login(make_staff("Editors"))
    for doing in ("write", "stay", "leave"):
        assert send(client, window | {"headline": "Theirs"}, 9, doing).status_code == 404
    assert copy_of(window).headline == "Mine"
    assert copy_of(window).left_at is None
    assert client.get(page_of_copy(window)).status_code == 404
    assert client.post(page_of_copy(window)).status_code == 404
    assert "Mine" not in client.get(f"{LIST}unsaved/").content.decode()
    assert client.get(f"{ADD}?copy={window['window']}").status_code == 302


def test_the_right_to_change_the_piece_is_asked_every_time(client):
    client.force_login(make_staff("Reporters"))
    article = make_piece()
    window, answer = type_in(client, page_of(article), headline="Mine")
    assert answer.status_code == 200
    article.publish(by=make_staff())
    for doing in ("write", "stay", "bring"):
        answer = send(client, window | {"headline": "More"}, 2, doing, _piece=article.pk)
        assert answer.status_code == 403
        assert answer.json()["text"] == (
            "The piece is published now, and you may no longer change it."
        )
    assert copy_of(window).headline == "Mine"
    assert WorkingCopy.objects.count() == 1


def test_a_reporter_reads_what_was_typed_into_a_piece_that_is_published_now(client):
    client.force_login(make_staff("Reporters"))
    article = make_piece()
    window, _answer = type_in(client, page_of(article), body="<p>All I typed.</p>")
    article.publish(by=make_staff())
    assert copy_of(window).address not in links(client.get(page_of_copy(window)))
    assert client.get(copy_of(window).address)["Location"] == page_of_copy(window)
    assert "All I typed." in text_at(client.get(page_of_copy(window)))


def test_opening_a_piece_to_look_at_it_makes_no_working_copy(client):
    client.force_login(make_staff("Reporters"))
    article = make_piece()
    article.publish(by=make_staff())
    response = client.get(page_of(article))
    assert response.status_code == 200
    assert "window" not in fields_of(response)
    assert not WorkingCopy.objects.exists()


def test_moderators_keep_nothing(client):
    client.force_login(make_staff("Moderators"))
    assert (
        client.post(AUTOSAVE, {"_doing": "bring", "_piece": "new", "_step": 1}).status_code == 403
    )
    assert not WorkingCopy.objects.exists()


def test_a_request_without_the_forms_token_is_refused(editor):
    strict = browser_of(editor)
    window = fields_of(strict.get(ADD))
    token = window.pop("csrfmiddlewaretoken")
    assert send(strict, window).status_code == 403
    assert send(strict, window | {"csrfmiddlewaretoken": token}).status_code == 200
    foreign = strict.post(
        AUTOSAVE,
        window | {"_doing": "write", "_step": 2, "csrfmiddlewaretoken": token},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert foreign.status_code == 403


# --- How long -----------------------------------------------------------------------------------


def test_copies_are_kept_as_long_as_said_and_removed_when_new_ones_are_made(desk, editor, clock):
    typed, _answer = type_in(desk, ADD, headline="Typed")
    empty = fields_of(desk.get(ADD))
    clock.move_to(NOW + EMPTY_KEPT - timedelta(seconds=1))
    desk.force_login(editor)
    assert desk.get(ADD).status_code == 200
    assert WorkingCopy.objects.filter(window=empty["window"]).exists()
    clock.move_to(NOW + EMPTY_KEPT)
    assert desk.get(ADD).status_code == 200
    assert not WorkingCopy.objects.filter(window=empty["window"]).exists()
    clock.move_to(NOW + TYPED_KEPT - timedelta(seconds=1))
    assert not WorkingCopy.objects.due().filter(window=typed["window"]).exists()
    clock.move_to(NOW + TYPED_KEPT)
    assert WorkingCopy.objects.due().filter(window=typed["window"]).exists()


def test_the_list_asks_as_much_for_many_copies_as_for_one(desk):
    type_in(desk, page_of(make_piece()), headline="One")
    queries = _count(desk, LIST)
    section = make_section()
    for number in range(5):
        type_in(desk, page_of(make_piece(section=section)), headline=number)
    assert _count(desk, LIST) == queries


def _count(desk, url):
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(url).status_code == 200
    return len(captured)


def test_nothing_of_what_was_typed_is_in_the_log(desk, caplog):
    window, _answer = type_in(desk, ADD, headline="Typed in confidence")
    send(desk, window | {"body": "x" * MAX_CHARACTERS, "standfirst": "In confidence"}, 2)
    send(desk, window, 3, "nonsense")
    assert "confidence" not in caplog.text
    assert "confidence" not in str(copy_of(window))


def test_the_time_is_told_in_the_place_of_the_site(desk):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    window, answer = type_in(desk, ADD, headline="Typed")
    assert answer.json()["kept"] == "23:03"
    assert "2 March 2026, 23:03" in text_at(desk.get(LIST), ".//div[@id='unsaved']")
    assert the(desk.get(ADD), ".//div[@id='desk-window']").get("data-zone") == "Asia/Tokyo"
