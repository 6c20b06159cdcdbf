"""What was typed and not saved: offered, taken up, thrown away; the end of a session."""

import pytest
from django.test import Client

from articles.models import Article, WorkingCopy
from articles.tests.desk import ADD, LIST, page_of
from articles.tests.factories import make_author, make_section, make_staff, make_topic
from articles.tests.open_forms import (
    AUTOSAVE,
    THIS_SITE,
    browser_of,
    copy_of,
    make_piece,
    page_of_copy,
    send,
    type_in,
)
from articles.tests.open_forms import NOW as NOW
from newsroom.tests.browsing import dom, fields_of, links, text_at, the

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- Offering it back ---------------------------------------------------------------------------


@pytest.mark.parametrize("new", [True, False], ids=["a new piece", "an existing piece"])
def test_what_was_not_saved_is_offered_where_its_author_looks(desk, new):
    form = ADD if new else page_of(make_piece(headline="As it was"))
    window, _answer = type_in(desk, form, headline="Typed")
    for place in (form, LIST):
        response = desk.get(place)
        notice = text_at(response, ".//div[@id='unsaved']")
        assert "You typed this and didn't save it, 2 March 2026, 14:03: Typed" in notice
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
    told = "This is what you typed on 2 March 2026, 14:03. It is not saved yet."
    assert told in text_at(response)
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
