"""The mail server, and what it needs to know.

Nothing that leaves this module names an address: neither an exception nor a line of the log.
"""

import re
import smtplib
from dataclasses import dataclass
from email.policy import EmailPolicy, default
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

# The status of RFC 3463 in a server's words: "550 5.1.1 no such user".
STATUS = re.compile(rb"\A\s*(?P<class>[245])\.(?P<subject>\d{1,3})\.\d{1,3}\b")
POLICY = b"7"  # the server doesn't like us or our words: it says nothing of the address


# Python would write a long link as an encoded word, which no mail program takes for a link.
WRITTEN_WHOLE = frozenset({"List-Unsubscribe", "Message-ID"})


class WholeLinks(EmailPolicy):
    """Folds header lines but those that are one word, however long."""

    def fold(self, name: str, value: str) -> str:
        if name in WRITTEN_WHOLE:
            return f"{name}: {value}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        if name in WRITTEN_WHOLE:
            return self.fold(name, value).encode("ascii")
        folded: bytes = super().fold_binary(name, value)
        return folded


class Mail(EmailMultiAlternatives):
    def message(self, *, policy: Any = default) -> Any:
        return super().message(policy=WholeLinks() + policy)


class MailNotSent(Exception):
    """Not now: it may be tried again. The message names the kind of error."""


class Bounced(MailNotSent):
    """Never: there is nobody at this address."""


@dataclass(frozen=True)
class Message:
    """One mail's words.

    `unsubscribe` is the address that ends mails like it at once; what it has `told` is kept.
    """

    subject: str
    text: str
    html: str
    unsubscribe: str = ""
    told: str = ""


def deliver(message: Message, *, to: str, key: str) -> None:
    """Hand it to the mail server, for this one address. Raises MailNotSent or Bounced.

    Returns when the server has taken it. `key` makes its Message-ID, the same for every attempt.
    """
    mail = Mail(
        subject=" ".join(message.subject.split()),
        body=message.text,
        from_email=envelope_sender(key),
        to=[to],
        headers={"From": settings.DEFAULT_FROM_EMAIL, "Message-ID": message_id(key)}
        | {"Auto-Submitted": "auto-generated"}
        | _unsubscribe_headers(message),
    )
    mail.attach_alternative(message.html, "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        [(code, words)] = refusal.recipients.values()
        raise (Bounced if is_permanent(code, words) else MailNotSent)(f"refused {code}") from None
    except ValueError as error:
        # Django's, for an address that no mail can be written to. It names it: where it is our
        # own, that says nothing of the reader's.
        kind = Bounced if to in str(error) else MailNotSent
        raise kind("no address of mail") from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(type(error).__name__) from None


def is_permanent(code: int, words: bytes) -> bool:
    """Whether a refusal says that there is nobody, now and later.

    One for reasons of policy (5.7.x) does not: it is about this server, on a list of senders of
    spam for example, and would end the mail of everybody at a large provider.
    """
    status = STATUS.match(words)
    return 500 <= code < 600 and not (status and status["subject"] == POLICY)


def envelope_sender(key: str) -> str:
    """Where the mail comes back to: an address of its own for each, where one is configured."""
    local, _, domain = settings.BOUNCE_ADDRESS.partition("@")
    return f"{local}+{key}@{domain}" if domain else settings.DEFAULT_FROM_EMAIL


def message_id(key: str) -> str:
    return f"<{key}@{mail_domain()}>"


def mail_domain() -> str:
    """The right side of a Message-ID."""
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return sender.rpartition("@")[2] or str(urlsplit(settings.SITE_URL).hostname)


def _unsubscribe_headers(message: Message) -> dict[str, str]:
    """RFC 2369 and RFC 8058."""
    if not message.unsubscribe:
        return {}
    return {
        "List-Unsubscribe": f"<{message.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
