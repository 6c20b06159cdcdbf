"""Mailboxes of bounces behind IMAP and POP3: small servers that say what the RFCs ask of them."""

import socketserver
import threading
from contextlib import contextmanager

import pytest
from django.core.management import call_command

from comments.models import Mail
from comments.tests.factories import make_comment
from comments.tests.test_bounces import has_bounced, report

pytestmark = pytest.mark.django_db

OTHER = b"Subject: Hello\r\n\r\nNo report.\r\n"


@contextmanager
def listening(handle):
    """A server on this machine, and the lines that it was told."""
    told: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            handle(self, told)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], told
        finally:
            server.shutdown()


def speak_pop3(messages):
    def handle(self, told):
        self.wfile.write(b"+OK\r\n")
        while line := self.rfile.readline():
            words = line.decode().split()
            told.append(" ".join(words))
            if words[0] == "STAT":
                self.wfile.write(f"+OK {len(messages)} 1000\r\n".encode())
            elif words[0] == "RETR":
                lines = messages[int(words[1]) - 1].replace(b"\r\n", b"\n").split(b"\n")
                self.wfile.write(b"+OK\r\n" + b"\r\n".join(lines) + b"\r\n.\r\n")
            else:
                self.wfile.write(b"+OK\r\n")
            if words[0] == "QUIT":
                return

    return handle


def speak_imap(messages):
    def handle(self, told):
        self.wfile.write(b"* OK IMAP4rev1\r\n")
        while line := self.rfile.readline():
            tag, command, *words = line.decode().split()
            told.append(" ".join([command, *words]))
            if command == "CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif command == "SELECT":
                self.wfile.write(f"* {len(messages)} EXISTS\r\n".encode())
            elif command == "SEARCH":
                self.wfile.write(b"* SEARCH 1 2\r\n")
            elif command == "FETCH":
                content = messages[int(words[0]) - 1]
                head = f"* {words[0]} FETCH (RFC822 {{{len(content)}}}\r\n"
                self.wfile.write(head.encode() + content + b")\r\n")
            elif command == "LOGOUT":
                self.wfile.write(b"* BYE\r\n")
            self.wfile.write(f"{tag} OK done\r\n".encode())
            if command == "LOGOUT":
                return

    return handle


@pytest.fixture
def mail():
    sender = make_comment(email="hana@reader.example", notices=frozenset({"all"})).commenter
    return Mail.objects.get(sender=sender)


def test_a_mailbox_behind_pop3_is_read_and_only_reports_are_deleted(mail, settings):
    with listening(speak_pop3([OTHER, report(mail)])) as (port, told):
        settings.BOUNCE_MAILBOX = f"pop3://a%40b:se%2Fcret@127.0.0.1:{port}"
        call_command("read_bounces")
    assert has_bounced(mail)
    assert told[:2] == ["USER a@b", "PASS se/cret"]
    assert [line for line in told if line.startswith("DELE")] == ["DELE 2"]
    assert told[-1] == "QUIT"


def test_a_mailbox_behind_imap_is_read_and_only_reports_are_deleted(mail, settings):
    with listening(speak_imap([OTHER, report(mail)])) as (port, told):
        settings.BOUNCE_MAILBOX = f"imap://reader:secret@127.0.0.1:{port}/Bounces"
        call_command("read_bounces")
    assert has_bounced(mail)
    assert 'SELECT "Bounces"' in told
    assert [line for line in told if line.startswith("STORE")] == ["STORE 2 +FLAGS (\\Deleted)"]
    assert told.index("EXPUNGE") < told.index("LOGOUT")
