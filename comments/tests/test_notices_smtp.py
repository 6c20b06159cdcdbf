"""Notices as a mail server gets them: the whole way, its headers, and what it refuses."""

import logging
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.tests.factories import make_article, make_staff
from comments import email_privacy
from comments.models import Comment, Mail, Subscription
from comments.notices import links, messages, sending
from comments.notices.sending import send_due
from comments.tests.factories import make_comment, post_reply
from newsroom.retrying import ATTEMPTS
from newsroom.tests.browsing import fill_in
from newsroom.tests.mail import run_mail_worker
from tests.running import spare_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "mail_worker")]

HANA = "Hana.Canary@reader.example"


@pytest.fixture
def article():
    return make_article(headline="Rain & wind", slug="rain")


@pytest.fixture
def moderator():
    return make_staff("Moderators")


def waiting(article, kind="answers"):
    """A reply of Hana's who has asked for mail and confirmed it, and one mail that is due."""
    comment = make_comment(article=article, email=HANA, notices=frozenset({kind}))
    Subscription.objects.filter(sender=comment.commenter_id).confirm()
    Mail.objects.all().delete()
    comment.approve(by=make_staff("Moderators"))
    return comment


def pass_(clock, **time):
    clock.shift(timedelta(**time))
    run_mail_worker()


def has_bounced(comment):
    return Comment.objects.filter(pk=comment.pk, commenter__bounced_at__isnull=False).exists()


def parts_of(message):
    return [part.get_content_type() for part in message.walk()]


def link_in(message, kind):
    text = message.get_body(("plain",)).get_content()
    [link] = re.findall(rf"http://localhost:8000(/comments/{kind}/\S+)", text)
    return link


def test_the_whole_way_from_the_box_in_the_form_to_one_mail_and_its_end(
    client, server, article, moderator, clock
):
    post_reply(client, article, email=HANA, notify_answers="on")
    pass_(clock, minutes=6)
    [(recipients, question)] = server.received
    assert recipients == [HANA]
    page = link_in(question, "subscriptions")
    assert fill_in(client, page, do="confirm").status_code == 303

    comment = article.comments.get()
    comment.approve(by=moderator)
    pass_(clock, minutes=4, seconds=59)
    assert len(server.received) == 1
    pass_(clock, seconds=1)
    [_, (recipients, message)] = server.received
    assert recipients == [HANA]
    assert message["Subject"] == "Your reply to “Rain & wind” is published"

    [one_click] = re.findall(r"^<http://localhost:8000(/\S+)>$", message["List-Unsubscribe"])
    assert client.post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    make_comment(article=article, parent=comment).approve(by=moderator)
    pass_(clock, hours=2)
    assert len(server.received) == 2


def test_a_notice_has_exactly_these_headers_and_both_parts(server, article, clock, settings):
    settings.BOUNCE_ADDRESS = "bounces@news.example.org"
    waiting(article)
    pass_(clock, minutes=5)
    [(_, message)] = server.received
    mail = Mail.objects.get()
    assert sorted(message.keys()) == sorted(
        [
            *("Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type"),
            *("Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
        ]
    )
    assert message["From"] == "newsroom@localhost"
    assert message["To"] == HANA
    assert message["Message-ID"] == f"<{mail.key}@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parts_of(message) == ["multipart/alternative", "text/plain", "text/html"]
    html = message.get_body(("html",)).get_content()
    assert "Rain &amp; wind" in html
    assert not re.search(r"<(img|script|style|link)|style=", html)


@pytest.fixture
def envelopes(server, monkeypatch):
    """What the server got, as it came over the wire."""
    taken = []
    take = type(server).handle_DATA

    async def noted(self, smtp, session, envelope):
        taken.append(envelope)
        return await take(self, smtp, session, envelope)

    monkeypatch.setattr(type(server), "handle_DATA", noted)
    return taken


def test_a_mail_comes_back_to_an_address_of_its_own(envelopes, article, clock, settings):
    settings.BOUNCE_ADDRESS = "bounces@news.example.org"
    waiting(article)
    pass_(clock, minutes=5)
    assert [envelope.mail_from for envelope in envelopes] == [
        f"bounces+{Mail.objects.get().key}@news.example.org"
    ]


def test_the_link_to_unsubscribe_is_sent_in_one_piece_and_in_plain_letters(
    envelopes, article, clock, settings
):
    settings.SITE_URL = "https://a-rather-long-name.of-a-newspaper.example.org"
    waiting(article)
    pass_(clock, minutes=5)
    [envelope] = envelopes
    head = envelope.content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    mail = Mail.objects.get()
    link = links.subscriptions_url(mail.sender_id, article.pk)
    assert f"List-Unsubscribe: <{link}>".encode() in head
    assert f"Message-ID: <{mail.key}@localhost>".encode() in head
    assert all(len(line) < 998 for line in head)
    assert len([line for line in head if line.startswith(b"Subject: ")]) == 1


def test_a_server_that_is_away_is_asked_eight_times_at_growing_intervals(
    mail_through, article, clock, caplog
):
    mail_through(f"smtp://127.0.0.1:{spare_port()}")
    waiting(article)
    clock.shift(timedelta(minutes=5))
    waits = []
    for _ in range(ATTEMPTS):
        run_mail_worker()
        mail = Mail.objects.get()
        if mail.dropped_at is None:
            waits.append((mail.due_at - timezone.now()).total_seconds() / 60)
            clock.move_to(mail.due_at)
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    assert (mail.attempts, mail.reason) == (8, "MailNotSent: ConnectionRefusedError")
    assert "canary" not in caplog.text.lower()


def test_what_was_refused_for_now_is_sent_once_later(server, article, clock):
    server.refusal = "451 <{address}> try later"
    waiting(article)
    pass_(clock, minutes=5)
    server.refusal = ""
    pass_(clock, seconds=59)
    assert server.received == []
    pass_(clock, seconds=1)
    pass_(clock, hours=5)
    assert len(server.received) == 1


def test_a_refused_recipient_gets_no_more_mail_and_stands_in_no_log(server, article, clock, caplog):
    caplog.set_level(logging.DEBUG)
    server.refusal = "550 5.1.1 <{address}>: no such user"
    comment = waiting(article)
    pass_(clock, minutes=5)
    mail = Mail.objects.get()
    assert mail.dropped_at
    assert mail.reason == "Bounced: refused 550"
    assert has_bounced(comment)
    assert "canary" not in caplog.text.lower()
    server.refusal = ""
    make_comment(article=article, parent=comment).approve(by=make_staff("Moderators"))
    make_comment(article=make_article(), email=HANA, notices=frozenset({"all"}))
    pass_(clock, hours=2)
    assert server.received == []


def test_a_server_that_refuses_us_for_reasons_of_policy_says_nothing_of_the_address(
    server, article, clock
):
    server.refusal = "550 5.7.1 <{address}>: you are on a list"
    comment = waiting(article)
    pass_(clock, minutes=5)
    assert not has_bounced(comment)
    assert Mail.objects.get().dropped_at is None


def test_an_address_that_no_mail_can_be_written_to_is_not_tried_again(server, article, clock):
    comment = make_comment(
        article=article, email="zoë.canary@reader.example", notices=frozenset({"all"})
    )
    pass_(clock, minutes=6)
    assert has_bounced(comment)
    assert server.received == []


@pytest.mark.parametrize("own", ["zoë@newsroom.example", "newsroom@zoë.example"])
def test_a_mistake_in_our_own_address_ends_nobodys_mail(server, article, clock, settings, own):
    settings.DEFAULT_FROM_EMAIL = own
    comment = waiting(article)
    pass_(clock, minutes=5)
    assert server.received == []
    assert not has_bounced(comment)
    assert Mail.objects.get().dropped_at is None


def test_without_the_private_key_mails_stay_due_and_leave_when_it_is_back(
    server, article, clock, settings, caplog
):
    key = settings.ADDRESS_PRIVATE_KEY_FILE
    settings.ADDRESS_PRIVATE_KEY_FILE = settings.STATE.keys / "lost.pem"
    waiting(article)
    pass_(clock, minutes=5)
    settings.ADDRESS_PRIVATE_KEY_FILE = None
    Mail.objects.wake_worker(at=Mail.objects.get().due_at)
    run_mail_worker()
    for error in ("ImproperlyConfigured", "NoPrivateKey"):
        line = f"The private key of readers' addresses is missing ({error}): 1 mails wait for it."
        assert line in caplog.text
    mail = Mail.objects.get()
    assert (mail.attempts, mail.sent_at, mail.dropped_at) == (0, None, None)
    settings.ADDRESS_PRIVATE_KEY_FILE = key
    Mail.objects.wake_worker(at=mail.due_at)
    run_mail_worker()
    assert len(server.received) == 1


def test_an_address_sealed_to_a_lost_key_is_given_up(server, article, clock, monkeypatch):
    waiting(article)

    def cannot(*args, **kwargs):
        raise email_privacy.CannotUnseal

    monkeypatch.setattr(email_privacy, "unseal", cannot)
    pass_(clock, minutes=5)
    assert Mail.objects.get().reason == "CannotUnseal"


def test_a_crash_after_the_server_took_it_sends_at_most_one_twin_with_the_same_id(
    server, article, clock, monkeypatch
):
    waiting(article)
    clock.shift(timedelta(minutes=5))

    class Killed(BaseException):
        pass

    def killed(self, **kwargs):
        raise Killed

    with monkeypatch.context() as during, pytest.raises(Killed):
        during.setattr(Mail, "mark_sent", killed)
        send_due()
    pass_(clock, minutes=14)
    assert len(server.received) == 1
    clock.shift(timedelta(minutes=1))
    Mail.objects.wake_worker(at=Mail.objects.get().due_at)
    run_mail_worker()
    pass_(clock, hours=3)
    assert len(server.received) == 2
    assert len({message["Message-ID"] for _, message in server.received}) == 1


def test_a_mail_that_cannot_be_put_into_words_stops_no_other(
    server, article, clock, monkeypatch, caplog
):
    comment = waiting(article)
    [broken] = Mail.objects.waiting()
    sender = Subscription.objects.get().sender
    Mail.objects.create(
        sender=sender, kind=Mail.Kind.CONFIRMATION, due_at=broken.due_at + timedelta(seconds=1)
    )

    def fail(mail):
        raise RuntimeError(f"the words of {comment.name}")

    monkeypatch.setitem(messages.WORDS, broken.kind, fail)
    clock.shift(timedelta(minutes=6))
    send_due()
    assert [mail.kind for mail in Mail.objects.waiting()] == [broken.kind]
    broken.refresh_from_db()
    assert (broken.attempts, broken.reason) == (1, "RuntimeError")
    assert comment.name not in caplog.text


def test_tasks_hold_no_address(server, article, clock):
    waiting(article)
    pass_(clock, minutes=5)
    kept = repr(list(DBTaskResult.objects.values()))
    assert "send_due_mail" in kept
    assert "canary" not in kept.lower()


def test_a_sender_who_is_erased_while_a_mail_is_on_its_way_stops_nothing(
    server, article, clock, monkeypatch
):
    comment = waiting(article, kind="all")
    Comment.objects.filter(pk=comment.pk).update(commenter=make_comment().commenter)
    Mail.objects.create(
        sender=Subscription.objects.get().sender,
        kind=Mail.Kind.NEW_REPLIES,
        article=article,
        due_at=timezone.now(),
    )

    def erase(message, **others):
        Subscription.objects.get().sender.delete()

    monkeypatch.setattr(sending, "deliver", erase)
    clock.shift(timedelta(minutes=5))
    send_due()
    assert not Mail.objects.exists()
