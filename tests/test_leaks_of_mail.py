"""Promise 1 where mail is sent: what one reader is mailed, logged, kept and queued meanwhile names
no other, and not even the reader it goes to, but in its To."""

import logging
import re
import smtplib
import sqlite3
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Commenter, Letter, Mail, MailChoice, Subscription
from comments.notices.links import letter_url
from comments.status_address import status_url
from comments.tasks import mail_moderators
from comments.tests.factories import form_data
from newsroom.tasks import send_password_mail
from newsroom.tests.mail import run_mail_worker
from tests.leak import evidence
from tests.leak.database_file import of_database
from tests.leak.disguises import DISGUISES
from tests.leak.findings import addresses_only, kept, report, said
from tests.leak.logs import everything_logged
from tests.leak.newsroom import READERS_ADDRESS, STAFFS_ADDRESS, browser
from tests.leak.scanner import Scanner, Secret

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "mail_worker")]

OTHERS_ADDRESS = "Toucan.b4n8t1v6@else-test.example"
NAMES = {READERS_ADDRESS: "Hanabi", OTHERS_ADDRESS: "Stranger"}


def secrets() -> Scanner:
    found = [
        Secret.address("the reader's address", READERS_ADDRESS),
        Secret.address("another reader's address", OTHERS_ADDRESS),
        Secret.address("the address of staff", STAFFS_ADDRESS),
    ]
    for sender in Commenter.objects.exclude(fingerprint=None):
        found.append(Secret.fingerprint(f"the fingerprint of {sender.pk}", sender.fingerprint))
        sealed = bytes(sender.sealed_address)
        found.append(Secret.sealed_address(f"the sealed address of {sender.pk}", sealed))
    return Scanner(found)


def reply(article, address, *, parent=None, **fields):
    """By HTTP, as readers do, with all mail asked for; then let out."""
    fields |= {
        "email": address,
        "author": NAMES[address],
        "parent": str(parent.pk if parent else ""),
    }
    asked = {"notify_answers": "on", "notify_all": "on"}
    url = reverse("comments:create", args=[article.slug])
    answer = browser(raises=True).post(url, form_data(**fields | asked))
    assert answer.status_code == 303, evidence.body_of(answer).decode()
    return Comment.objects.latest("pk"), answer


def converse(clock):
    """Two readers answer each other, confirm, change, get a letter, and ask for their data.

    Everything is mailed, once by a server that refuses the address by its name. Gives the answers
    to all requests, by what was done.
    """
    moderator = make_staff("Moderators", username="moderator", email=STAFFS_ADDRESS)
    article, answers = make_article(slug="piece"), {}

    def later(**time):
        clock.shift(timedelta(**time))
        run_mail_worker()

    first, answers["a reply"] = reply(article, READERS_ADDRESS, comment="First.")
    change = {"comment": "First, changed.", "seen": first.as_seen}
    answers["a change"] = browser().post(f"{status_url(first)}text/", change)
    later(minutes=10)
    answers["a confirmation"] = _confirm(READERS_ADDRESS)
    first.refresh_from_db()
    first.approve(by=moderator)
    later(minutes=6)
    second, _ = reply(article, OTHERS_ADDRESS, parent=first, comment="Second.")
    later(minutes=10)
    _confirm(OTHERS_ADDRESS)
    second.approve(by=moderator)
    later(minutes=6)
    third, _ = reply(article, READERS_ADDRESS, parent=second, comment="Third.")
    third.reject(by=moderator, reason="Not about the piece")
    answers["a second look"] = browser().post(
        f"{status_url(third)}second-look/", {"words": "It is."}
    )
    later(minutes=6)
    beside, _ = reply(article, OTHERS_ADDRESS, comment="Beside it.")
    beside.approve(by=moderator)
    later(hours=2)
    letter = Letter.objects.write(second, by=moderator, text="May we quote you?")
    later(minutes=1)
    answers["the page of a letter"] = browser().post(_here(letter_url(letter)), {"answer": "Yes."})
    answers["asking for data"] = browser().post("/comments/your-data/", {"email": READERS_ADDRESS})
    later(minutes=1)
    for kind in ("your data", "data as JSON"):
        page = _here(_link("your-data")) + ("your-data.json" if kind == "data as JSON" else "")
        answers[kind] = browser().get(page)
    answers["no address"] = browser().post("/comments/your-data/", {"email": "no address"})
    Letter.objects.write(first, by=moderator, text="May we quote you, too?")
    refusal = smtplib.SMTPRecipientsRefused({READERS_ADDRESS: (550, READERS_ADDRESS.encode())})
    with patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=refusal):
        later(minutes=1)
    later(hours=2)
    return answers


def _here(url):
    return url.removeprefix("http://localhost:8000")


def _link(kind, address=READERS_ADDRESS):
    """The newest of this kind that was mailed to the address."""
    texts = [str(each.body) for each in mail.outbox if each.to == [address]]
    return next(
        found[0]
        for text in reversed(texts)
        if (found := re.search(rf"http://localhost:8000/comments/{kind}/\S+", text))
    )


def _confirm(address):
    return browser().post(_here(_link("subscriptions", address)), {"do": "confirm"})


def test_nothing_of_a_conversation_by_mail_shows_an_address(clock):
    with everything_logged(sql=True) as heard:
        answers = converse(clock)
    kinds = {kind for kind, sent in Mail.objects.values_list("kind", "sent_at") if sent}
    assert kinds >= {"confirmation", "decision", "answer", "new_replies", "letter"}
    assert {len(message.recipients()) for message in mail.outbox} == {1}
    assert {message.to[0] for message in mail.outbox} == {READERS_ADDRESS, OTHERS_ADDRESS}
    assert not Subscription.objects.pending().exists()
    scanner = secrets()
    leaks = said(scanner, heard) + kept(scanner)
    for what, answer in answers.items():
        allowed = {"no address": 422}.get(what, answer.status_code)
        assert answer.status_code == allowed < 500, what
        leaks += scanner.leaks(what, *evidence.of_response(answer))
    assert not leaks, report(leaks)
    sql = b"\n".join(evidence.of_log_record(record) for record in heard.sql)
    assert len(heard.sql) > 300
    leaks = plain_addresses().leaks("the log of queries", sql)
    assert not leaks, report(leaks)


def test_nothing_of_a_moderators_mail_shows_an_address(clock):
    """Neither where readers have typed one into their text, nor where the server names it."""
    moderator = make_staff("Moderators", username="moderator", email=STAFFS_ADDRESS)
    MailChoice.objects.of(moderator).choose("at_once", hour=8)
    article, pages = make_article(slug="piece"), []
    refusal = smtplib.SMTPRecipientsRefused({STAFFS_ADDRESS: (451, STAFFS_ADDRESS.encode())})
    with everything_logged(sql=True) as heard:
        clock.shift(timedelta(minutes=1))
        first, _ = reply(article, READERS_ADDRESS, comment="First.")
        clock.shift(timedelta(minutes=1))
        with patch(
            "django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=refusal
        ):
            mail_moderators.enqueue()
            run_mail_worker()
        clock.shift(timedelta(minutes=2))
        mail_moderators.enqueue()
        run_mail_worker()
        # What is typed into a text is kept in the text: only the mail is without it.
        kept_so_far = kept(secrets())
        Comment.objects.filter(pk=first.pk).update(
            body=f"Write to {OTHERS_ADDRESS}",
            body_html=f"<p>Write to {OTHERS_ADDRESS}</p>",
            edited_at=timezone.now(),
        )
        clock.shift(timedelta(minutes=5))
        mail_moderators.enqueue()
        run_mail_worker()
        page = _here(_link("decisions", STAFFS_ADDRESS))
        pages += [browser().post(page, {"reason": "No."}), browser().get(page)]
    # The reader's own mails aside, which ask for a confirmation.
    assert [message.to for message in mail.outbox].count([STAFFS_ADDRESS]) == 2
    assert [page.status_code for page in pages] == [303, 200]
    scanner = secrets()
    leaks = said(scanner, heard) + kept_so_far
    for answer in pages:
        leaks += scanner.leaks("the page of a link", *evidence.of_response(answer))
    assert not leaks, report(leaks)


def plain_addresses() -> Scanner:
    return Scanner(
        [
            Secret.address("the reader's address", READERS_ADDRESS),
            Secret.address("another reader's address", OTHERS_ADDRESS),
        ]
    )


def in_a_mail_to_another():
    answer = mail.EmailMessage("An answer", f"by {READERS_ADDRESS}", to=[OTHERS_ADDRESS])
    answer.send()


PLANTED = {
    "a log": lambda: logging.getLogger("comments").debug("Mailed %s.", READERS_ADDRESS),
    "a mail to another": in_a_mail_to_another,
    "a header of a mail": lambda: mail.EmailMessage(
        "x", "x", to=[OTHERS_ADDRESS], reply_to=[READERS_ADDRESS]
    ).send(),
    "two in one To": lambda: mail.EmailMessage(
        "x", "x", to=[OTHERS_ADDRESS, READERS_ADDRESS]
    ).send(),
    "a task's argument": lambda: send_password_mail.enqueue(
        DISGUISES["MD5 for Gravatar"](READERS_ADDRESS), 1
    ),
    "the reason of a mail": lambda: Mail.objects.filter(pk=Mail.objects.latest("pk").pk).update(
        reason=READERS_ADDRESS[:60]
    ),
}


@pytest.mark.parametrize("place", PLANTED)
def test_an_address_that_mail_gives_away_is_found(place, clock):
    article = make_article()
    with everything_logged(sql=True) as heard:
        first, _ = reply(article, READERS_ADDRESS)
        Letter.objects.write(first, by=make_staff("Moderators"), text="Is it so?")
        before = secrets()
        assert not said(before, heard) + kept(before)
        PLANTED[place]()
    scanner = secrets()
    assert said(scanner, heard) + kept(scanner)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("disguise", ["plain", "upper case", "MD5 for Gravatar"])
def test_an_address_in_the_file_of_a_database_or_its_log_is_found(disguise, tmp_path):
    file = tmp_path / "db.sqlite3"
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE senders (address TEXT)")
    assert not leaks_in(file)
    written = DISGUISES[disguise](READERS_ADDRESS)
    database.execute("INSERT INTO senders VALUES (?)", [written])
    database.commit()
    assert {leak.where for leak in leaks_in(file)} == {"db.sqlite3-wal"}
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert {leak.where for leak in leaks_in(file)} == {"db.sqlite3"}
    database.close()


def leaks_in(file):
    scanner = addresses_only()
    return [leak for where, data in of_database(file) for leak in scanner.leaks(where, data)]
