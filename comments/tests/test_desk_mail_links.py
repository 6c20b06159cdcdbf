"""Deciding by a link in a mail: it asks first, works once, and only for what the mail showed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from articles.tests.factories import make_article, make_staff
from comments import deciding
from comments.desk_mail.links import Link, decision_url, last_decision
from comments.models import CannedReason, Comment, Decision
from comments.tests.factories import make_comment
from newsroom.tests.browsing import fields_of, fill_in, text_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def maud():
    return make_staff("Moderators", username="maud")


@pytest.fixture
def comment():
    return make_comment(article=make_article(language="ja"), name="Hana", text="What I think.")


def link_for(user, comment, decision="approve"):
    comment.refresh_from_db()
    last = last_decision(comment)
    assert last
    link = Link(user, comment.pk, comment.version, last.pk)
    return decision_url(link, decision).removeprefix("http://localhost:8000")


def state_of(comment):
    return Comment.objects.values_list("status", flat=True).get(pk=comment.pk)


def decisions_of(comment):
    return list(comment.decisions.order_by("pk").values_list("by__username", "to_status"))


def assert_asks(page, question):
    assert page.status_code == 200
    assert text_at(page, ".//h1") == question


def assert_is_over(page, words):
    assert text_at(page, ".//h1") == "Nothing to decide by this link"
    assert words in text_at(page)
    assert "What I think" not in page.content.decode()


@pytest.mark.parametrize(
    ("decision", "question", "state", "told"),
    [
        ("approve", "Approve this reply?", "approved", "approved it, 2 March 2026, 12:00."),
        ("reject", "Reject this reply?", "rejected", "rejected it, 2 March 2026, 12:00."),
        ("spam", "Mark this reply as spam?", "spam", "marked it as spam, 2 March 2026, 12:00."),
    ],
)
def test_opening_a_link_asks_and_sending_its_form_decides_once(
    client, maud, comment, decision, question, state, told
):
    url = link_for(maud, comment, decision)
    for _ in range(3):  # as scanners of mail do, before anybody reads it
        page = client.get(url)
        client.head(url)
    assert_asks(page, question)
    assert "What I think." in text_at(page)
    assert "You decide as maud." in text_at(page)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    assert state_of(comment) == "held"
    answer = fill_in(client, url)
    assert (answer.status_code, answer["Location"]) == (303, url)
    assert_is_over(client.get(url), "maud " + told)
    made = Decision.objects.select_related("by", "given").filter(to_status=state).get()
    assert (made.by, made.note) == (maud, "By a link in a mail.")
    # Not even after it was put back into the queue, with the same text.
    comment.restore(by=maud)
    for each in ("approve", "reject", "spam"):
        again = url.replace(f"/{decision}/", f"/{each}/")
        assert client.post(again).status_code == 409
    assert state_of(comment) == "held"
    assert len(decisions_of(comment)) == 3


def test_a_ready_reason_is_given_in_the_language_of_the_piece(client, maud, comment):
    canned = CannedReason.objects.offered()[1]
    url = link_for(maud, comment, "reject")
    words = canned.words("ja")
    assert words in text_at(client.get(url))
    assert fill_in(client, url, canned=str(canned.pk)).status_code == 303
    made = comment.decisions.select_related("given", "canned").get(to_status="rejected")
    assert (made.canned, made.reason) == (canned, words)


def test_a_reason_that_is_none_changes_nothing_and_comes_back(client, maud, comment):
    url = link_for(maud, comment, "reject")
    for fields in ({"canned": "999999999"}, {"canned": "x\x00"}, {"reason": "x" * 501}):
        answer = fill_in(client, url, **fields)
        assert answer.status_code == 422
        assert "Nothing was decided" in text_at(answer)
    assert fields_of(answer)["reason"] == "x" * 501
    assert decisions_of(comment) == [(None, "held")]


def test_what_somebody_else_decided_meanwhile_stands_and_is_told(client, maud, comment):
    url = link_for(maud, comment)
    form = fields_of(client.get(url))
    comment.reject(by=make_staff("Moderators", username="otto"), reason="Rude.")
    answer = client.post(url, form)
    assert answer.status_code == 409
    assert_is_over(answer, "otto rejected it, 2 March 2026, 12:00.")
    assert state_of(comment) == "rejected"


def test_a_link_is_for_the_text_that_the_mail_showed(client, maud, comment):
    url = link_for(maud, comment)
    comment.edit("Buy my pills.", seen=comment.as_seen)
    assert_is_over(client.get(url), "Its author has changed it since the mail was written.")
    assert client.post(url).status_code == 409
    assert state_of(comment) == "held"
    assert_asks(client.get(link_for(maud, comment)), "Approve this reply?")


def test_what_changes_nothing_of_the_state_leaves_a_link_open(client, maud, comment):
    comment.approve(by=maud)
    url = link_for(maud, comment, "spam")
    comment.feature(by=maud)
    assert_asks(client.get(url), "Mark this reply as spam?")


def test_an_erased_reply_is_told_as_such(client, maud, comment):
    url = link_for(maud, comment)
    comment.erase(by=maud)
    assert_is_over(client.get(url), "This reply was erased meanwhile.")
    assert client.post(url).status_code == 409


def test_a_link_ends_after_three_days(client, maud, comment, clock):
    url = link_for(maud, comment)
    clock.shift(timedelta(days=3))
    assert client.get(url).status_code == 200
    clock.shift(timedelta(seconds=1))
    for page in (client.get(url), client.post(url)):
        assert page.status_code == 410
        assert "it worked for 3 days" in text_at(page)
        assert "What I think" not in page.content.decode()
    assert state_of(comment) == "held"


@pytest.mark.parametrize("gone", ["is_active", "is_staff", "groups"])
def test_the_rights_of_this_moment_count(client, maud, comment, gone):
    url = link_for(maud, comment)
    if gone == "groups":
        maud.groups.clear()
    else:
        User.objects.filter(pk=maud.pk).update(**{gone: False})
    for page in (client.get(url), client.post(url)):
        assert page.status_code == 403
        assert "What I think" not in page.content.decode()
    assert state_of(comment) == "held"


def test_who_is_logged_in_plays_no_part(client, maud, comment):
    client.force_login(make_staff("Moderators", username="otto"))
    assert fill_in(client, link_for(maud, comment)).status_code == 303
    assert decisions_of(comment)[-1] == ("maud", "approved")


def test_a_new_password_ends_the_links_before(client, maud, comment):
    url = link_for(maud, comment)
    maud.set_password("another one, and long")
    maud.save()
    assert client.get(url).status_code == client.post(url).status_code == 404


def test_what_nobody_was_sent_leads_nowhere(client, maud, comment):
    url = link_for(maud, comment)
    token = url.split("/")[3]
    other = token.replace(f"{maud.pk}-", f"{make_staff('Moderators').pk}-", 1)
    tokens = ["x", "1", "1.x", "1-1-1-1", f"{maud.pk}-", "9" * 30, other, token[:-1], token + "x"]
    for each in tokens:
        assert client.get(url.replace(token, each)).status_code == 404, each
        assert client.post(url.replace(token, each)).status_code == 404, each
    for decision in ("restore", "erase", "Approve"):
        assert client.post(url.replace("/approve/", f"/{decision}/")).status_code == 404
    assert state_of(comment) == "held"


def test_another_site_cannot_press_the_button_but_a_mail_programs_window_can(maud, comment):
    client = Client(enforce_csrf_checks=True)
    url = link_for(maud, comment)
    assert client.post(url, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert state_of(comment) == "approved"


def test_a_second_look_is_for_another_moderator(client, maud, comment):
    otto = make_staff("Moderators", username="otto")
    make_comment().approve(by=otto)  # so that there are two who are active
    comment.reject(by=maud)
    comment.ask_again("Please.")
    mine, of_other = link_for(maud, comment), link_for(otto, comment)
    answer = fill_in(client, mine)
    assert answer.status_code == 409
    assert "Another moderator decides." in text_at(answer)
    assert state_of(comment) == "rejected"
    assert fill_in(client, of_other).status_code == 303
    assert state_of(comment) == "approved"
    assert_is_over(client.get(mine), "otto approved it")


def test_a_database_that_is_locked_keeps_the_link(client, maud, comment, monkeypatch):
    url = link_for(maud, comment, "reject")

    def locked(*args, **kwargs):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(deciding, "decided", locked)
        answer = fill_in(client, url, reason="Typed.")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert fields_of(answer)["reason"] == "Typed."
    assert state_of(comment) == "held"
    assert fill_in(client, url).status_code == 303
