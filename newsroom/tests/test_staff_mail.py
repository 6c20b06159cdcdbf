"""Invitations and forgotten passwords: mails that go through the task queue, without addresses."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from newsroom.staff import invite
from newsroom.tests.browsing import dom, fill_in, text_of
from newsroom.tests.factories import make_staff, make_superuser
from newsroom.tests.mail import run_mail_worker
from tests.running import spare_port

pytestmark = pytest.mark.django_db

ADDRESS = "maud.canary@reader.example"
PASSWORD = "a-long-enough-phrase"
RESET = "/admin/password_reset/"


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Within this context commits happen as they do outside of tests."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def invited(committed):
    with committed():
        user = User.objects.create_user("maud", ADDRESS, is_staff=True)
        invite(user)
    return user


def tasks():
    return DBTaskResult.objects.order_by("enqueued_at", "run_after")


def everything_kept_of_tasks():
    return repr(list(tasks().values()))


def link_in(message):
    [link] = re.findall(r"http://localhost:8000(/admin/password/\S+)", message.get_content())
    return link


def choose_password(client, link):
    """Follow the link of a mail as far as it goes."""
    opened = client.get(link)
    if opened.status_code != 302:
        return opened
    return fill_in(client, opened["Location"], new_password1=PASSWORD, new_password2=PASSWORD)


def test_somebody_who_is_invited_gets_a_mail_and_logs_in_with_the_password_they_choose(
    client, server, committed
):
    client.force_login(make_superuser())
    with committed():
        fill_in(client, "/admin/auth/user/add/", username="maud", email=ADDRESS)
    client.logout()
    run_mail_worker()

    [(recipients, message)] = server.received
    assert recipients == [ADDRESS]
    assert message["Subject"] == "You are invited to work at Newsroom"
    assert message["From"] == "newsroom@localhost"
    assert "Your user name is maud." in message.get_content()
    assert choose_password(client, link_in(message)).status_code == 302
    fill_in(client, "/admin/login/", username="maud", password=PASSWORD)
    assert client.get("/admin/").status_code == 200


def test_an_invitation_is_mailed_if_and_only_if_it_was_committed():
    user = make_staff(email=ADDRESS)
    with pytest.raises(RuntimeError), transaction.atomic():
        invite(user)
        raise RuntimeError
    assert not tasks().exists()
    with transaction.atomic():
        invite(user)
    assert tasks().count() == 1


def test_a_task_holds_a_user_and_no_address(invited, mailoutbox):
    [task] = tasks()
    assert task.args_kwargs == {"args": ["invitation", invited.pk], "kwargs": {}}
    assert task.queue_name == "mail"
    run_mail_worker()
    assert [message.to for message in mailoutbox] == [[ADDRESS]]
    assert "canary" not in everything_kept_of_tasks()


def test_a_link_works_once(client, invited, mailoutbox):
    run_mail_worker()
    link = link_in_outbox(mailoutbox)
    assert choose_password(client, link).status_code == 302
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD)
    assert "link was invalid" in text_of(dom(choose_password(client, link)))


def link_in_outbox(mailoutbox):
    return link_in(mailoutbox[-1].message())


@pytest.mark.parametrize(
    ("age", "works"), [(timedelta(days=3), True), (timedelta(days=3, seconds=1), False)]
)
def test_a_link_works_for_three_days_from_its_sending(client, invited, mailoutbox, age, works):
    sent = datetime.now(UTC) + timedelta(days=300)  # however long the worker was away
    with time_machine.travel(sent, tick=False) as clock:
        run_mail_worker()
        clock.shift(age)
        assert (choose_password(client, link_in_outbox(mailoutbox)).status_code == 302) is works


def test_a_mail_server_that_refuses_is_asked_eight_times_at_growing_intervals(server, invited):
    server.refusal = "451 <{address}> try later"
    now, waits = datetime.now(UTC), []
    run_at(now)
    while waiting := tasks().filter(status="READY").first():
        waits.append(round((waiting.run_after - now).total_seconds() / 60))
        now = waiting.run_after
        run_at(now - timedelta(seconds=1))  # too early
        run_at(now)
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    assert [task.status for task in tasks()] == ["SUCCESSFUL"] * 7 + ["FAILED"]
    assert server.received == []


def run_at(moment):
    with time_machine.travel(moment, tick=False):
        run_mail_worker()


def test_a_mail_that_was_refused_first_is_sent_later(server, invited):
    server.refusal = "451 {address} try later"
    run_mail_worker()
    server.refusal = ""
    run_at(datetime.now(UTC) + timedelta(minutes=1))
    assert [recipients for recipients, _ in server.received] == [[ADDRESS]]


@pytest.fixture
def no_server(mail_through):
    mail_through(f"smtp://127.0.0.1:{spare_port()}")


def assert_failed_without_address(client, caplog):
    [task] = tasks()
    assert task.exception_class_path == "newsroom.staff.MailNotSent"
    client.force_login(make_superuser())
    page = client.get(reverse("admin:django_tasks_database_dbtaskresult_change", args=[task.pk]))
    assert "MailNotSent" in page.content.decode()
    # The server of the test keeps a log of its own, in which it may name whom it was told of.
    ours = [record for record in caplog.records if record.name != "mail.log"]
    logged = "\n".join(map(caplog.handler.format, ours))
    assert "MailNotSent" in logged
    assert "canary" not in everything_kept_of_tasks() + logged + page.content.decode()


@pytest.fixture
def last_attempt(monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("newsroom.tasks.ATTEMPTS", 1)


@pytest.mark.usefixtures("last_attempt")
def test_a_refusal_that_names_the_address_is_kept_without_it(client, server, invited, caplog):
    server.refusal = "550 <{address}>: no such user"
    run_mail_worker()
    assert_failed_without_address(client, caplog)


@pytest.mark.usefixtures("last_attempt", "no_server")
def test_a_mail_server_that_is_away_is_reported_without_the_address(client, invited, caplog):
    run_mail_worker()
    assert_failed_without_address(client, caplog)


@pytest.mark.usefixtures("last_attempt", "server")
@pytest.mark.parametrize(
    "address", ["\u212aelvin.canary@reader.example", "canary@reader.example\nBcc: a@b.example"]
)
def test_an_address_that_cannot_be_written_to_is_reported_without_it(
    client, invited, caplog, address
):
    User.objects.filter(pk=invited.pk).update(email=address)
    run_mail_worker()
    assert_failed_without_address(client, caplog)


# --- Forgotten passwords ------------------------------------------------------------------------


def ask_for_reset(client, committed, address):
    with committed():
        response = fill_in(client, RESET, email=address)
    return response


def test_somebody_who_forgot_the_password_chooses_a_new_one(client, committed, mailoutbox):
    maud = make_staff(username="maud", email=ADDRESS)
    ask_for_reset(client, committed, ADDRESS.upper())
    run_mail_worker()
    [message] = mailoutbox
    assert message.to == [ADDRESS]
    assert message.subject == "Choose a new password for Newsroom"
    assert choose_password(client, link_in_outbox(mailoutbox)).status_code == 302
    maud.refresh_from_db()
    assert maud.check_password(PASSWORD)


def test_somebody_who_was_invited_and_has_no_password_yet_may_ask_again(
    client, invited, committed, mailoutbox
):
    run_mail_worker()
    ask_for_reset(client, committed, ADDRESS)
    run_mail_worker()
    assert len(mailoutbox) == 2
    assert choose_password(client, link_in_outbox(mailoutbox)).status_code == 302


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(client, committed):
    make_staff(email=ADDRESS)
    answers = []
    for address in (ADDRESS, "nobody@reader.example"):
        response = ask_for_reset(client, committed, address)
        page = client.get(response["Location"])
        answers.append((response.status_code, response["Location"], text_of(dom(page))))
    assert answers[0] == answers[1]
    assert len(tasks()) == 1


@pytest.mark.usefixtures("no_server")
def test_the_answer_waits_for_no_mail_server(client, committed):
    make_staff(email=ADDRESS)
    assert ask_for_reset(client, committed, ADDRESS).status_code == 302


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_who_does_not_work_here_any_more_gets_no_mail(client, committed, fields):
    user = make_staff(email=ADDRESS)
    User.objects.filter(pk=user.pk).update(**fields)
    ask_for_reset(client, committed, ADDRESS)
    assert not tasks().exists()


def test_people_without_an_address_are_not_mailed(client, committed):
    make_staff(email="")
    assert ask_for_reset(client, committed, "").status_code == 200
    assert not tasks().exists()


@pytest.mark.parametrize(
    "uid", ["AA", "x", "_", "LTE", "MQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "9" * 300]
)
@pytest.mark.parametrize("token", ["set-password", "x-y", "-", "x" * 5000])
def test_a_link_that_nobody_was_sent_is_refused(client, uid, token):
    response = client.get(f"/admin/password/{uid}/{token}/")
    assert response.status_code == 200
    assert "link was invalid" in text_of(dom(response))
