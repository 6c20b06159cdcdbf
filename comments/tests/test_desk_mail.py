"""Mail to moderators: what each chose, when it is sent, and what it says, as a server gets it."""

import logging
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from articles.tests.factories import make_article, make_staff
from comments import reporting
from comments.desk_mail import messages
from comments.models import Comment, MailChoice
from comments.models.mail_choice import SETTLES
from comments.tasks import mail_moderators
from comments.tests.factories import make_comment, make_in_state
from newsroom.models import SiteSettings
from newsroom.retrying import ATTEMPTS
from newsroom.tests.browsing import fill_in, text_at
from newsroom.tests.mail import run_mail_worker
from tests.running import spare_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PAGE = "/admin/comments/your-mail/"
MAUD = "maud@staff.example"
HANA = "hana.canary@reader.example"


@pytest.fixture
def maud():
    return make_staff("Moderators", username="maud", email=MAUD)


@pytest.fixture
def article():
    return make_article(headline="Rain & wind")


@pytest.fixture
def choose(clock):
    """Choose, a moment before anything else happens."""

    def choose(user, when, hour=8):
        choice = MailChoice.objects.of(user)
        choice.choose(when, hour=hour)
        clock.shift(timedelta(seconds=1))
        return choice

    return choose


def pass_(clock, **time):
    """Let time pass, and the job of each minute run once."""
    clock.shift(timedelta(**time))
    mail_moderators.enqueue()
    run_mail_worker()


def text_of(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_each_moderator_chooses_on_a_page_of_their_own(client, maud, choose):
    choose(other := make_staff("Moderators", email="other@staff.example"), "daily")
    client.force_login(maud)
    assert fill_in(client, PAGE, when="daily", hour="6").status_code == 302
    assert "The next one is due: 3 March 2026, 06:00" in text_at(
        client.get(PAGE), ".//*[@id='content']"
    )
    chosen = {
        each.user: (each.when, each.hour) for each in MailChoice.objects.select_related("user")
    }
    assert chosen == {maud: ("daily", 6), other: ("daily", 8)}
    assert fill_in(client, PAGE, when="hourly", hour="24").status_code == 422
    assert fill_in(client, PAGE, when="weekly\x00").status_code == 422
    assert fill_in(client, PAGE, when="never").status_code == 302
    assert MailChoice.objects.get(user=maud).due_at is None


def test_the_page_is_for_moderators_and_says_where_an_address_is_missing(client, maud):
    client.force_login(make_staff("Editors"))
    assert client.get(PAGE).status_code == client.post(PAGE, {"when": "daily"}).status_code == 403
    client.force_login(maud)
    assert MAUD not in client.get(PAGE).content.decode()
    User.objects.update(email="")
    assert "has no email address" in client.get(PAGE).content.decode()


def test_a_mail_at_once_tells_what_is_new_with_text_findings_and_links(
    server, maud, article, clock, choose
):
    make_comment(article=article, text="Came in before.")
    choose(maud, "at_once")
    clock.shift(SETTLES)
    make_comment(
        article=article,
        name="Hana",
        email=HANA,
        text="Not < more\nwrite <a href='https://shop.example/'>to</a> other@reader.example",
    )
    pass_(clock, minutes=1)
    [(recipients, message)] = server.received
    assert recipients == [MAUD]
    assert message["Subject"] == "1 new reply to decide on at Newsroom"
    text = text_of(message)
    assert "2 replies wait, the oldest since 2 March 2026, 12:00 (1\xa0minute)." in text
    assert "=== Hana on “Rain & wind”" in text
    assert "> Not < more\n> write to …\n" in text
    assert "* It links to: https://shop.example/" in text
    assert "* It has an email address in it." in text
    assert "Came in before." not in text
    assert len(re.findall(r"/comments/decisions/\S+/(?:approve|reject|spam)/$", text, re.M)) == 3
    html = message.get_body(("html",)).get_content()
    assert "Not &lt; more<br>write to …" in html
    assert html.count("/comments/decisions/") == 3
    assert not re.search(r"<(img|script|style|link)|style=", html)
    assert "reader.example" not in message.as_string()


def test_mails_at_once_are_five_minutes_apart_and_tell_each_reply_once(server, maud, clock, choose):
    choose(maud, "at_once")
    pass_(clock, minutes=1)
    assert server.received == []
    for minute in range(6):
        make_comment(text=f"Number {minute}")
        pass_(clock, minutes=1)
    told = [
        re.findall(r"^> Number (\d)$", text_of(message), re.M) for _, message in server.received
    ]
    assert told == [["0"], ["1", "2", "3", "4", "5"]]
    pass_(clock, minutes=30)
    assert len(server.received) == 2


def test_what_may_not_be_committed_yet_is_told_by_the_next_mail(server, maud, clock, choose):
    choose(maud, "at_once")
    clock.shift(timedelta(minutes=1))
    make_comment(text="Number 1")
    mail_moderators.enqueue()
    run_mail_worker()
    assert server.received == []
    pass_(clock, seconds=10)
    assert len(server.received) == 1


def test_a_digest_comes_on_the_hour_of_the_sites_clock_and_tells_all_that_waits(
    server, maud, article, clock, choose
):
    SiteSettings.objects.create(time_zone="Asia/Kolkata")  # 17:30 there
    for number in range(12):
        make_comment(article=article, text=f"Number {number}")
    choose(maud, "hourly")
    pass_(clock, minutes=29)
    assert server.received == []
    pass_(clock, minutes=1)
    [(_, message)] = server.received
    assert message["Subject"] == "12 replies wait at Newsroom"
    text = text_of(message)
    assert "the oldest since 2 March 2026, 17:30 (30\xa0minutes)" in text
    assert "And 2 more in the queue." in text
    assert "http://localhost:8000/admin/comments/queue/" in text
    pass_(clock, minutes=59)
    assert len(server.received) == 1
    pass_(clock, minutes=1)
    assert len(server.received) == 2


def test_a_daily_digest_comes_at_its_hour_also_where_clocks_change(server, maud, clock, choose):
    SiteSettings.objects.create(time_zone="Europe/Berlin")
    clock.move_to("2026-03-28T12:00:00+00:00")
    choice = choose(maud, "daily", hour=6)
    make_comment()
    due = []
    for _ in range(3):
        choice.refresh_from_db()
        due.append(choice.due_at.isoformat())
        clock.move_to(choice.due_at)
        pass_(clock)
    assert due == [f"2026-03-{day}:00:00+00:00" for day in ("29T04", "30T04", "31T04")]
    assert len(server.received) == 3


def test_a_digest_is_not_sent_while_nothing_waits_and_missed_ones_are_one(
    server, maud, clock, choose
):
    choose(maud, "hourly")
    make_in_state("approved")
    pass_(clock, hours=1)
    assert server.received == []
    make_comment()
    pass_(clock, days=2)
    assert len(server.received) == 1


def test_second_looks_and_reports_are_told_first_and_to_those_who_may_decide(
    server, maud, article, clock, choose
):
    other = make_staff("Moderators", email="other@staff.example")
    refused = make_comment(article=article, name="Refused", text="Number 1")
    refused.reject(by=maud)
    reported = make_in_state("approved", article=article, name="Reported", text="Number 2")
    make_comment(article=article, name="Waits", text="Number 3").restore(by=other)
    choose(maud, "at_once")
    choose(other, "at_once")
    clock.shift(SETTLES)
    refused.ask_again("Ask me at hana.canary@reader.example, please.")
    report = {"reason": "spam", "words": "He mails me from other@reader.example!"}
    reporting.take(reported, by=None, network="one", **report)
    reporting.take(reported, by=None, network="two", reason="spam", words="")
    make_comment(article=article, name="New", text="Number 4")
    pass_(clock, minutes=1)
    to_maud, to_other = (
        next(text_of(message) for to, message in server.received if to == [address])
        for address in (MAUD, "other@staff.example")
    )
    for text in (to_maud, to_other):
        assert re.findall(r"^=== (\w+) on", text, re.M) == ["Refused", "Reported", "New"]
        assert "1 author asks for a second look." in text
        assert "1 reply was reported by readers." in text
        assert "* The author's words: Ask me at …, please." in text
        assert "* 2 readers have reported it.\n* It is advertising or spam (2)\n" in text
        assert "* A reader's words: He mails me from …\n" in text
    assert to_maud.count("/approve/") == 2
    assert "Another moderator decides." in to_maud
    assert to_other.count("/approve/") == 3


def test_what_its_author_changes_is_told_again(server, maud, clock, choose):
    choose(maud, "at_once")
    comment = make_comment(text="Number 1")
    pass_(clock, minutes=1)
    comment.edit("Number 2", seen=comment.as_seen)
    pass_(clock, minutes=5)
    assert ["> Number 2" in text_of(message) for _, message in server.received] == [False, True]


def test_nobody_is_mailed_who_may_not_decide_any_more_or_has_no_address(
    server, maud, clock, choose
):
    for fields in ({"is_active": False}, {"is_staff": False}, {"email": ""}):
        choose(user := make_staff("Moderators", email="gone@staff.example"), "at_once")
        User.objects.filter(pk=user.pk).update(**fields)
    choose(moved := make_staff("Moderators", email="moved@staff.example"), "at_once")
    moved.groups.clear()
    choose(maud, "at_once")
    make_comment()
    pass_(clock, minutes=1)
    assert [recipients for recipients, _ in server.received] == [[MAUD]]


def test_a_mail_that_is_refused_is_tried_again_and_names_no_address_anywhere(
    client, server, maud, clock, caplog, choose
):
    caplog.set_level(logging.DEBUG)
    choose(maud, "at_once")
    make_comment(text="Number 1")
    server.refusal = "451 {address} try later"
    pass_(clock, minutes=1)
    server.refusal = ""
    pass_(clock, minutes=1)
    [(_, message)] = server.received
    server.refusal = "550 5.1.1 {address}: nobody"
    make_comment(text="Number 2")
    pass_(clock, minutes=5)
    choice = MailChoice.objects.get()
    assert (choice.reason, choice.attempts) == ("Bounced: refused 550", 0)
    client.force_login(maud)
    assert "refused 550" in client.get(PAGE).content.decode()
    server.refusal = ""
    pass_(clock, minutes=5)
    assert "> Number 2" in text_of(server.received[-1][1])
    assert MAUD not in caplog.text


def test_a_mail_server_that_is_away_is_tried_for_two_hours_then_with_the_next_mail(
    maud, mail_through, clock, choose
):
    mail_through(f"smtp://127.0.0.1:{spare_port()}")
    choice = choose(maud, "daily", hour=13)
    make_comment()
    attempts = []
    clock.shift(timedelta(hours=1))
    for _ in range(ATTEMPTS):
        pass_(clock)
        choice.refresh_from_db()
        attempts.append(choice.attempts)
        clock.move_to(choice.due_at)
    assert attempts == [1, 2, 3, 4, 5, 6, 7, 0]
    assert choice.due_at.isoformat() == "2026-03-03T13:00:00+00:00"


def test_a_crash_before_it_was_marked_as_sent_sends_the_same_mail_again(
    server, maud, clock, monkeypatch, choose
):
    choose(maud, "at_once")
    make_comment()
    with monkeypatch.context() as patch:
        patch.setattr(MailChoice, "mark_sent", lambda *args, **kwargs: None)
        pass_(clock, minutes=1)
    pass_(clock, minutes=1)
    assert len(server.received) == 1
    pass_(clock, minutes=15)
    first, again = (message for _, message in server.received)
    assert first["Message-ID"] == again["Message-ID"]


def test_a_mistake_in_one_mail_stops_no_other(server, maud, clock, monkeypatch, caplog, choose):
    choose(make_staff("Moderators", email="first@staff.example"), "at_once")
    choose(maud, "at_once")
    make_comment(text="Quoted by nobody")

    message = messages.message

    def broken(choice):
        if choice.user != maud:
            raise ValueError("Quoted by nobody")
        return message(choice)

    monkeypatch.setattr(messages, "message", broken)
    pass_(clock, minutes=1)
    assert [recipients for recipients, _ in server.received] == [[MAUD]]
    assert "Quoted" not in caplog.text


def test_a_mail_of_many_replies_takes_a_constant_number_of_queries(
    server, maud, clock, django_assert_num_queries, choose
):
    choice = choose(maud, "hourly")
    for expected in (2, 10):
        while Comment.objects.count() < expected:
            make_comment()
        clock.shift(SETTLES)
        with django_assert_num_queries(14):
            written = messages.message(choice)
        assert written and len(written[1].replies) == expected
