"""Leaks in what is stored, logged and mailed."""

from django.core import mail

from tests.leak import evidence, newsroom
from tests.leak.newsroom import READERS_ADDRESS
from tests.leak.scanner import Scanner, Secret


def said(scanner, heard):
    """Leaks in what was logged and mailed meanwhile."""
    log = b"\n".join(evidence.of_log_record(record) for record in heard.others)
    leaks = scanner.leaks("the log", log)
    for message in mail.outbox:
        leaks += scanner.leaks(f"the mail “{message.subject}”", *evidence.of_mail(message))
    return leaks


def kept(scanner):
    """Leaks in what is stored now, and in how it shows itself."""
    stored = (*evidence.of_rows(), *evidence.of_objects())
    return [leak for where, data in stored for leak in scanner.leaks(where, data)]


def report(leaks):
    return "\n".join(map(str, leaks))


def addresses_only():
    return Scanner([Secret.address("the reader's address", READERS_ADDRESS)])


def newsroom_scanner():
    return Scanner(newsroom.Newsroom().addresses())
