"""What was typed and not saved: kept, offered, taken up, thrown away."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, WorkingCopy
from articles.models.working_copy import EMPTY_KEPT, MAX_CHARACTERS, MAX_FIELDS, TYPED_KEPT
from articles.tests.desk import ADD, LIST, page_of
from articles.tests.factories import make_author, make_draft, make_section, make_staff, make_topic
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, fields_of, links, text_at, the

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 14, 3, tzinfo=UTC)
AUTOSAVE = "/admin/articles/article/autosave/"
THIS_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def editor():
    return make_staff("Editors")


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def make_piece(**fields):
    article = make_draft(**fields)
    article.record(by=make_staff())
    return article


def type_in(desk, url, step=1, doing="write", **typed):
    """Open the form at `url`, type, and let the script send it: its fields and the answer."""
    window = fields_of(desk.get(url)) | typed
    return window, send(desk, window, step, doing)


def send(desk, window, step=1, doing="write", **more):
    return desk.post(AUTOSAVE, window | {"_doing": doing, "_step": step} | more)


def browser_of(editor, **headers):
    """One that asks for the forms' tokens as a real one does."""
    browser: Any = Client(enforce_csrf_checks=True, headers=headers)
    browser.force_login(editor)
    return browser


def copy_of(window):
    return WorkingCopy.objects.get(window=window["window"])


def page_of_copy(window):
    return f"{LIST}unsaved/{window['window']}/"


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


# --- Offering it back ---------------------------------------------------------------------------


@pytest.mark.parametrize("new", [True, False], ids=["a new piece", "an existing piece"])
def test_what_was_not_saved_is_offered_where_its_author_looks(desk, new):
    form = ADD if new else page_of(make_piece(headline="As it was"))
    window, _answer = type_in(desk, form, headline="Typed")
    for place in (form, LIST):
        response = desk.get(place)
        notice = text_at(response, ".//div[@id='unsaved']")
        assert "You typed this and didn't save it, 2 March, 14:03: Typed" in notice
        assert {copy_of(window).address, page_of_copy(window)} <= set(links(response))
    other = make_piece()
    elsewhere = page_of(other) if new else ADD
    assert "Typed" not in text_at(desk.get(elsewhere), ".//div[@id='unsaved']")


def test_what_was_not_saved_is_offered_to_nobody_else(desk, client):
    article = make_piece(headline="As it was")
    type_in(desk, page_of(article), headline="Typed")
    client.force_login(make_staff("Editors"))
    for place in (page_of(article), LIST, f"{LIST}unsaved/"):
        assert "Typed" not in client.get(place).content.decode()


def test_taking_it_up_fills_in_the_form_with_all_that_was_typed(desk):
    japan, china = make_topic("Japan"), make_topic("China")
    maud, tobias = make_author("Maud"), make_author("Tobias")
    section = make_section(name="Asia")
    article = make_piece(authors=[maud])
    typed = {
        "headline": "Typed <b>",
        "body": "<p>Typed.</p>",
        "section": str(section.pk),
        "topics": [str(china.pk), str(japan.pk)],
        "language": "pt-BR",
        "lead_is_decorative": "on",
        "published_at_0": "tomorrow",
        "bylines-TOTAL_FORMS": "2",
        "bylines-1-author": str(tobias.pk),
        "bylines-1-position": "3",
    }
    window, _answer = type_in(desk, page_of(article), **typed)
    response = desk.get(copy_of(window).address)
    assert "This is what you typed on 2 March, 14:03. It is not saved yet." in text_at(response)
    assert not list(dom(response).iterfind(".//ul[@class='errorlist']"))
    filled_in = fields_of(response)
    assert {name: filled_in[name] for name in typed if name != "bylines-TOTAL_FORMS"} == {
        name: value for name, value in typed.items() if name != "bylines-TOTAL_FORMS"
    }
    assert filled_in["window"] != window["window"]
    saved = desk.post(
        copy_of(window).address, filled_in | {"published_at_0": "", "_save": "pressed"}
    )
    assert saved.status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.section) == ("Typed <b>", section)
    assert set(article.topics.all()) == {japan, china}
    assert [byline.author for byline in article.bylines.all()] == [maud, tobias]
    assert not WorkingCopy.objects.unsaved().exists()


def test_a_new_piece_is_taken_up_and_saved(desk):
    section = make_section()
    author = make_author("Maud")
    window, _answer = type_in(
        desk,
        ADD,
        headline="Typed",
        slug="typed",
        body="<p>Typed.</p>",
        section=section.pk,
        **{"bylines-0-author": author.pk},
    )
    address = copy_of(window).address
    again = fields_of(desk.get(address)) | {"_save": "pressed"}
    assert desk.post(address, again).status_code == 302
    article = Article.objects.get()
    assert article.headline == "Typed"
    assert [byline.author for byline in article.bylines.all()] == [author]
    assert not WorkingCopy.objects.unsaved().exists()


def test_an_unfinished_new_piece_is_taken_up_without_a_word_on_what_is_missing(desk):
    window, _answer = type_in(desk, ADD, standfirst="Only this")
    response = desk.get(copy_of(window).address)
    assert fields_of(response)["standfirst"] == "Only this"
    assert "Please correct" not in text_at(response)


def test_taking_up_loses_nothing_before_something_else_holds_it(desk, clock):
    window, _answer = type_in(desk, ADD, headline="Typed")
    first = copy_of(window)
    desk.get(first.address)  # and the window is closed, or crashes, at once
    assert desk.get(first.address).status_code == 200
    clock.shift(60)
    taken_up = fields_of(desk.get(first.address))
    clock.shift(60)
    send(desk, taken_up | {"headline": "Typed on"})
    unsaved = WorkingCopy.objects.unsaved().get()
    assert (unsaved.window, unsaved.headline) == (taken_up["window"], "Typed on")
    # A reload, or the old address, leads to what holds it now.
    assert desk.get(first.address)["Location"] == unsaved.address
    assert fields_of(desk.get(unsaved.address))["headline"] == "Typed on"


def test_a_window_that_is_written_in_still_is_not_emptied_by_taking_it_up_elsewhere(desk, clock):
    window, _answer = type_in(desk, ADD, headline="Typed")
    clock.shift(60)
    taken_up = fields_of(desk.get(copy_of(window).address))
    clock.shift(60)
    send(desk, window | {"headline": "Typed on here"}, 2)
    send(desk, taken_up | {"headline": "And there"})
    assert {copy.headline for copy in WorkingCopy.objects.unsaved()} == {
        "Typed on here",
        "And there",
    }


def test_what_was_typed_before_others_saved_is_compared_when_it_is_saved(desk):
    article = make_piece(headline="As it was")
    window, _answer = type_in(desk, page_of(article), headline="Typed")
    Article.objects.filter(pk=article.pk).update(headline="Theirs")
    article.record(by=make_staff("Editors", username="maud"))
    address = copy_of(window).address
    response = desk.get(address)
    assert "maud saved version 2, 14:03." in text_at(response)
    refused = desk.post(address, fields_of(response) | {"_save": "pressed"})
    assert "Somebody has saved this piece since you opened it." in text_at(refused)


def test_a_copy_that_is_gone_leads_to_the_form_and_says_so(desk):
    response = desk.get(f"{ADD}?copy={'0' * 32}")
    assert response["Location"] == ADD
    assert "saved or thrown away" in text_at(desk.get(ADD), ".//ul[@class='messagelist']")


@pytest.mark.parametrize("key", ["", "%00", "%ff", "x" * 500, "'"])
def test_a_damaged_key_takes_nothing_up(desk, key):
    type_in(desk, ADD, headline="Typed")
    assert desk.get(f"{ADD}?copy={key}")["Location"] == ADD
    assert desk.get(f"{LIST}unsaved/?window={key}").status_code == 200
    assert desk.get(f"{LIST}unsaved/{key or 'x'}/").status_code in {301, 302, 404}


def test_a_damaged_window_does_not_keep_a_piece_from_being_saved(desk):
    article = make_piece()
    window = fields_of(desk.get(page_of(article))) | {"headline": "Typed", "window": "a\0b"}
    assert desk.post(page_of(article), window | {"section": ""}).status_code == 200
    assert desk.post(page_of(article), window | {"_save": "pressed"}).status_code == 302


def test_a_copy_is_taken_up_in_its_own_piece_alone(desk):
    window, _answer = type_in(desk, page_of(make_piece()), headline="Typed")
    other = make_piece(headline="Other")
    wrong = desk.get(f"{page_of(other)}?copy={window['window']}")
    assert wrong["Location"] == copy_of(window).address


def test_it_is_compared_with_what_is_saved(desk):
    article = make_piece(headline="As it was")
    window, _answer = type_in(
        desk, page_of(article), headline="Typed", body="<p>x<script>y</script>"
    )
    response = desk.get(page_of_copy(window))
    text = text_at(response)
    assert "As it was" in text and "Typed" in text
    assert "Changed by you alone" in text
    assert not list(dom(response).iterfind(".//main//section//script"))
    assert copy_of(window).address in links(response)


def test_a_new_piece_is_shown_with_what_was_typed(desk):
    window, _answer = type_in(desk, ADD, headline="Typed", body="<p>More.</p>")
    text = text_at(desk.get(page_of_copy(window)))
    assert "Typed" in text and "More." in text


def test_what_is_not_wanted_is_thrown_away_by_a_post_alone(desk):
    article = make_piece()
    window, _answer = type_in(desk, page_of(article), headline="Typed")
    desk.get(page_of_copy(window))
    assert copy_of(window).headline == "Typed"
    response = desk.post(page_of_copy(window))
    assert response["Location"] == page_of(article)
    assert "thrown away" in text_at(desk.get(page_of(article)), ".//ul[@class='messagelist']")
    assert desk.get(page_of_copy(window)).status_code == 404


def test_the_notice_comes_alone_for_the_piece_that_is_asked_for(desk):
    article = make_piece(headline="As it was")
    window, _answer = type_in(desk, page_of(article), headline="Typed")
    new, _answer = type_in(desk, ADD, headline="New")
    asked = {
        "": {"Typed", "New"},
        "?piece=all": {"Typed", "New"},
        "?piece=new": {"New"},
        f"?piece={article.pk}": {"Typed"},
        f"?window={window['window']}": {"New"},
        f"?piece={'9' * 400}": {"Typed", "New"},
    }
    for query, headlines in asked.items():
        html = desk.get(f"{LIST}unsaved/{query}").content.decode()
        assert {each for each in ("Typed", "New") if f">{each}<" in html} == headlines, query


def test_a_text_that_only_a_browser_kept_is_brought_to_the_server(desk):
    article = make_piece()
    window = fields_of(desk.get(page_of(article))) | {"headline": "Typed"}
    WorkingCopy.objects.all().delete()
    assert send(desk, window, 3).status_code == 404
    assert send(desk, window, 3, "bring", _piece=article.pk).status_code == 200
    copy = WorkingCopy.objects.get()
    assert (copy.article, copy.headline, copy.is_open) == (article, "Typed", False)


# --- The end of a session -----------------------------------------------------------------------


def test_autosave_tells_that_the_session_has_ended(desk):
    window, _answer = type_in(desk, ADD, headline="Typed")
    desk.logout()
    answer = send(desk, window, 2)
    assert (answer.status_code, answer.json()["problem"]) == (401, "signed_out")
    assert desk.get(AUTOSAVE).status_code == 401


def test_what_was_kept_is_offered_after_logging_in_again(desk, editor):
    article = make_piece()
    type_in(desk, page_of(article), headline="Typed")
    desk.logout()
    login = desk.get(page_of(article))["Location"]
    answer = desk.post(login, {"username": editor.username, "password": "pw"})
    assert answer["Location"] == page_of(article)
    assert "Typed" in text_at(desk.get(answer["Location"]), ".//div[@id='unsaved']")


def test_a_form_sent_after_the_session_ended_comes_back_to_be_sent_again(editor):
    browser = browser_of(editor, **THIS_SITE)
    article = make_piece()
    window = fields_of(browser.get(page_of(article)))
    typed = window | {"headline": 'Typed "<b>', "topics": ["7", "8"], "_save": "pressed"}
    session = browser.cookies.pop("sessionid")
    held = browser.post(page_of(article), typed)
    assert held.status_code == 403
    assert held["Cache-Control"] == "no-store"
    assert "Your session had ended" in text_at(held)
    assert the(held, ".//main//form").get("action") is None  # the same address
    hidden = [(field.get("name"), field.get("value")) for field in dom(held).iter("input")]
    assert {("headline", 'Typed "<b>'), ("topics", "7"), ("topics", "8")} <= set(hidden)
    assert session.value not in held.content.decode()
    article.refresh_from_db()
    assert article.headline != 'Typed "<b>'

    # Logging in, in another window, makes the token of the page that waits a stale one.
    login = {"username": editor.username, "password": "pw", "next": "/admin/"}
    token = fields_of(browser.get("/admin/login/"))["csrfmiddlewaretoken"]
    assert browser.post("/admin/login/", login | {"csrfmiddlewaretoken": token}).status_code == 302
    once_more = browser.post(page_of(article), fields_of(held) | {"topics": []})
    assert once_more.status_code == 403
    assert "send it once more" in text_at(once_more)
    assert browser.post(page_of(article), fields_of(once_more)).status_code == 302
    article.refresh_from_db()
    assert article.headline == 'Typed "<b>'
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_no_form_of_another_site_comes_back(editor, headers):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(ADD, {"headline": "Planted"}, headers=headers)
    assert answer.status_code in {302, 403}
    assert b"Planted" not in answer.content


def test_a_password_never_comes_back():
    browser = Client(headers=THIS_SITE)
    typed = {"old_password": "hunter2hunter2", "new_password1": "x"}
    answer = browser.post("/admin/password_change/", typed)
    assert answer.status_code == 302
    strict = Client(enforce_csrf_checks=True, headers=THIS_SITE)
    refused = strict.post("/admin/login/", {"username": "maud", "password": "hunter2hunter2"})
    assert refused.status_code == 403
    assert b"hunter2" not in refused.content


def test_logging_out_twice_leads_home():
    answer = Client(headers=THIS_SITE).post("/admin/logout/", {"csrfmiddlewaretoken": "x"})
    assert answer.status_code == 302


def test_a_readers_form_with_a_stale_token_is_refused_as_ever():
    browser = Client(enforce_csrf_checks=True, headers=THIS_SITE)
    answer = browser.post("/no/such/form/", {"comment": "Typed"})
    assert b"Typed" not in answer.content


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
    assert "2 March, 23:03" in text_at(desk.get(LIST), ".//div[@id='unsaved']")
    assert the(desk.get(ADD), ".//div[@id='desk-window']").get("data-zone") == "Asia/Tokyo"
