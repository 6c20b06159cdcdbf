"""A mail server on this machine, and the worker that hands it what is due."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller
from django.core.management import call_command
from django_tasks_db.management.commands import db_worker

from tests.running import spare_port

# What this server says of its work, addresses included, is no log of the newsroom.
logging.getLogger("mail.log").disabled = True


@dataclass
class MailServer:
    """Takes mail unless `refusal` is set, which may name the {address}, as real servers do."""

    url: str
    refusal: str = ""
    received: list[tuple[list[str], EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.refusal:
            return self.refusal.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append((envelope.rcpt_tos, message))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    port = spare_port()
    server = MailServer(url=f"smtp://127.0.0.1:{port}")
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def run_mail_worker() -> None:
    """Do what is due in the mail queue, as the mail worker does.

    It takes over signals, and closes connections that are in a transaction: not those of a test.
    """
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    handlers = [signal.getsignal(number) for number in numbers]
    try:
        with patch.object(db_worker, "close_old_connections"):
            call_command(
                "db_worker", queue_name="mail", batch=True, interval=0, startup_delay=False
            )
    finally:
        for number, handler in zip(numbers, handlers, strict=True):
            signal.signal(number, handler)
