"""Mail that came back: read from a mailbox or told by a provider, it ends mail to that address."""

import json
import mailbox
import re
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from comments.models import Mail
from comments.notices.bounces import bounces_told
from comments.tests.factories import make_comment
from newsroom import env

pytestmark = pytest.mark.django_db

HANA = "hana.canary@reader.example"
SECRET = "a-long-secret-of-the-provider"
URL = f"/comments/bounces/{SECRET}/"

REPORT = """\
Return-Path: <>
To: {to}
From: Mail Delivery System <MAILER-DAEMON@mx.example>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: no such user

--b
{returned}

--b--
"""
HEADERS = "Content-Type: text/rfc822-headers\n\nSubject: Hello\nMessage-ID: <{key}@localhost>\n"
WHOLE = "Content-Type: message/rfc822\n\nSubject: Hello\nMessage-ID: <{key}@localhost>\n\nHello.\n"


@pytest.fixture
def mail(settings):
    settings.BOUNCE_SECRET = SECRET
    return Mail.objects.get(sender=make_comment(email=HANA, notices=frozenset({"all"})).commenter)


def report(mail, *, by="address", action="failed", status="5.1.1"):
    returned = {"headers": HEADERS, "whole": WHOLE}.get(by, "Content-Type: text/plain\n\nNothing.")
    to = f"bounces+{mail.key}@news.example.org" if by == "address" else "newsroom@localhost"
    return REPORT.format(
        to=to,
        address=HANA,
        action=action,
        status=status,
        returned=returned.format(key=mail.key),
    ).encode()


def has_bounced(mail):
    mail.sender.refresh_from_db()
    return mail.sender.bounced_at is not None


def maildir(tmp_path, settings, *contents):
    folder = mailbox.Maildir(tmp_path / "bounces", create=True)
    for content in contents:
        folder.add(content)
    settings.BOUNCE_MAILBOX = str(tmp_path / "bounces")
    return folder


@pytest.mark.parametrize("by", ["address", "headers", "whole"])
def test_a_report_of_a_permanent_failure_ends_mail_to_that_address(mail, tmp_path, settings, by):
    folder = maildir(tmp_path, settings, report(mail, by=by))
    call_command("read_bounces")
    assert has_bounced(mail)
    assert len(folder) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "failed", "status": "4.2.2"},
        {"action": "delivered", "status": "2.0.0"},
        {"action": "failed", "status": "5.7.1"},
        {"by": "nothing"},
    ],
    ids=str,
)
def test_other_reports_end_nothing_and_stay_for_people(mail, tmp_path, settings, fields):
    folder = maildir(tmp_path, settings, report(mail, **fields))
    call_command("read_bounces")
    assert not has_bounced(mail)
    assert len(folder) == 1


def test_a_report_that_names_an_address_and_no_key_of_ours_is_not_believed(
    mail, tmp_path, settings
):
    forged = report(mail).replace(mail.key.encode(), b"0" * 32)
    maildir(tmp_path, settings, forged)
    call_command("read_bounces")
    assert not has_bounced(mail)


HOSTILE = [
    b"",
    b"\x00\xff\xfe",
    b"Subject: =?utf-8?q?=00?=\nTo: \x00\n\n",
    b"Content-Type: message/delivery-status\n\nAction failed",
    b"Content-Type: multipart/report; boundary=\n\n--\n",
    b"To: bounces+" + b"a" * 5000 + b"@x\n\n",
    b"Content-Type: text/rfc822-headers; charset=nonsense\n\n\xff",
]


def test_a_mailbox_with_anything_else_in_it_is_read_to_its_end(mail, tmp_path, settings):
    folder = maildir(tmp_path, settings, *HOSTILE, report(mail))
    call_command("read_bounces")
    assert has_bounced(mail)
    assert len(folder) == len(HOSTILE)


def test_an_mbox_is_read(mail, tmp_path, settings):
    box = mailbox.mbox(tmp_path / "box", create=True)
    box.add(report(mail))
    box.add(report(mail, action="delayed", status="4.0.0"))
    box.close()
    settings.BOUNCE_MAILBOX = str(tmp_path / "box")
    call_command("read_bounces")
    assert has_bounced(mail)
    assert len(mailbox.mbox(tmp_path / "box")) == 1


@pytest.mark.parametrize(
    "url", ["", "/no/such/folder", "imap://127.0.0.1:1/", "pop3://127.0.0.1:1/"]
)
def test_a_mailbox_that_cannot_be_read_stops_the_command_in_one_line(settings, url):
    settings.BOUNCE_MAILBOX = url
    with pytest.raises(CommandError):
        call_command("read_bounces")


TOLD: dict[str, Any] = {
    "ours": lambda key: {"message_id": f"<{key}@localhost>", "permanent": True},
    "a list of ours": lambda key: [{"message_id": f"{key}@localhost", "permanent": True}],
    "ours, by address": lambda key: {"email": HANA.upper(), "permanent": True},
    "postmark": lambda key: {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "Email": HANA,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    },
    "mailgun": lambda key: {
        "signature": {},
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "recipient": HANA,
            "message": {"headers": {"message-id": f"{key}@localhost"}},
        },
    },
    "ses": lambda key: {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": HANA}]},
        "mail": {"messageId": "0000014644fe5ef6"},
    },
    "ses, through sns": lambda key: {
        "Type": "Notification",
        "Message": json.dumps(TOLD["ses"](key)),
    },
}


def tell(client, data, url=URL):
    return client.post(url, data, content_type="application/json")


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_a_provider_tells_of_a_permanent_bounce(client, mail, told, caplog):
    assert tell(client, json.dumps(told(mail.key))).status_code == 200
    assert has_bounced(mail)
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    "told",
    [
        {"email": HANA, "permanent": False},
        {"email": HANA},
        {"RecordType": "Bounce", "Type": "SoftBounce", "Email": HANA},
        {"event-data": {"event": "failed", "severity": "temporary", "recipient": HANA}},
        {"bounce": {"bounceType": "Transient", "bouncedRecipients": [{"emailAddress": HANA}]}},
    ],
)
def test_a_bounce_that_will_pass_ends_nothing(client, mail, told):
    assert tell(client, json.dumps(told)).status_code == 200
    assert not has_bounced(mail)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ("", 400),
        ("{", 400),
        (b"\xff\x00", 400),
        ("[" * 100_000, 400),
        ('{"Message": "no json"}', 400),
        ("null", 200),
        ("17", 200),
        ('[[], 1, null, {"permanent": true}]', 200),
        ('{"permanent": true, "email": ["x"], "message_id": 7}', 200),
        ('{"permanent": true, "email": "\\u0000\\ud800"}', 200),
        ('{"RecordType": "Bounce", "Type": "HardBounce", "Headers": [1, {"Name": 2}]}', 200),
        ('{"event-data": {"event": "failed", "severity": "permanent", "message": 1}}', 200),
        ('{"bounce": {"bounceType": "Permanent", "bouncedRecipients": [1, {}]}, "mail": 2}', 200),
    ],
)
def test_what_is_no_bounce_gets_a_clear_answer_and_ends_nothing(client, mail, data, status):
    assert tell(client, data).status_code == status
    assert not has_bounced(mail)


def test_without_the_secret_there_is_nothing(client, mail, settings):
    data = json.dumps({"email": HANA, "permanent": True})
    for url in ("/comments/bounces/x/", "/comments/bounces/é/", f"/comments/bounces/{SECRET}x/"):
        assert tell(client, data, url).status_code == 404
    settings.BOUNCE_SECRET = ""
    assert tell(client, data).status_code == 404
    assert tell(client, data, "/comments/bounces//").status_code == 404
    assert not has_bounced(mail)


def test_a_bounce_shows_no_address():
    [bounce] = bounces_told({"email": HANA, "permanent": True})
    assert "canary" not in repr(bounce)


def test_a_mailbox_is_named_by_a_path_or_by_a_server(monkeypatch):
    for value in ("/var/mail/bounces", "imaps://u:p@mx.example/INBOX", "pop3://mx.example"):
        monkeypatch.setenv("BOUNCE_MAILBOX", value)
        assert env.mailbox("BOUNCE_MAILBOX") == value
    for value in ("relative/folder", "ftp://mx.example/", "imaps:///NOWHERE"):
        monkeypatch.setenv("BOUNCE_MAILBOX", value)
        with pytest.raises(Exception, match="BOUNCE_MAILBOX is not like") as error:
            env.mailbox("BOUNCE_MAILBOX")
        assert value not in str(error.value)


def test_the_address_that_mail_comes_back_to_is_a_plain_one(monkeypatch):
    monkeypatch.setenv("BOUNCE_ADDRESS", "bounces@news.example.org")
    assert env.mail_address("BOUNCE_ADDRESS") == "bounces@news.example.org"
    for value in ("bounces", "a b@x", "Bounces <b@x.example>", "a@b@c"):
        monkeypatch.setenv("BOUNCE_ADDRESS", value)
        with pytest.raises(Exception, match=re.escape("is not like bounces@")):
            env.mail_address("BOUNCE_ADDRESS")


def test_an_ordinary_mail_is_no_bounce(mail, tmp_path, settings):
    message = EmailMessage()
    message["To"] = f"bounces+{mail.key}@news.example.org"
    message["Subject"] = "I am on holiday"
    message.set_content("Until Monday.")
    maildir(tmp_path, settings, bytes(message))
    call_command("read_bounces")
    assert not has_bounced(mail)
