"""What came back: whose mail must end because of it.

A mail that bounces is named by its key, which stands in the address that it came back to and in
its Message-ID: so nobody has to read for whom it was. Only a provider whose notes hold neither is
believed an address, which is matched by its fingerprint and forgotten.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from comments import email_privacy
from comments.models import Commenter, Mail

KEY = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})(?=@)")
PERMANENT = re.compile(r"5\.(?!7\.)\d{1,3}\.\d{1,3}")  # RFC 3463; why not 5.7: delivery.py
MOST_EVENTS = 1000  # of one call of a provider
MOST_LETTERS = 320  # of an address


@dataclass(frozen=True)
class Bounce:
    """One mail, or one address, to which nothing more is to be sent."""

    key: str = ""
    address: str = field(default="", repr=False)

    def heed(self) -> bool:
        """Send its recipient no more mail; whether we know of whom this is."""
        sender = self._sender()
        if sender is None:
            return False
        sender.bounce()
        return True

    def _sender(self) -> Commenter | None:
        if mail := Mail.objects.filter(key=self.key).select_related("sender").first():
            return mail.sender
        if not self.address:
            return None
        return Commenter.objects.known_by(email_privacy.fingerprints(self.address)).first()


def bounces_in(message: Message) -> list[Bounce]:
    """The permanent failures that a report (RFC 3464) tells of; empty for any other mail.

    Who it was for is not read: a report is only a mail, which anybody can write, and without a
    key that we made it counts for nothing.
    """
    if not any(_has_failed_for_good(part) for part in message.walk()):
        return []
    return [Bounce(key=key) for key in sorted(_keys(message))]


def _has_failed_for_good(part: Message) -> bool:
    """Whether it is a delivery-status in which a recipient is given up."""
    if part.get_content_type() != "message/delivery-status":
        return False
    blocks = part.get_payload()
    return isinstance(blocks, list) and any(
        str(block.get("Action", "")).strip().lower() == "failed"
        and PERMANENT.match(str(block.get("Status", "")).strip())
        for block in blocks
        if isinstance(block, Message)
    )


def _keys(message: Message) -> set[str]:
    """From the address it came back to, and the Message-ID of the mail that is returned."""
    found = set()
    for part in message.walk():
        for name in ("To", "Delivered-To", "X-Original-To", "Message-ID", "Original-Envelope-Id"):
            found |= {key for value in part.get_all(name, []) for key in KEY.findall(str(value))}
        if part.get_content_type() == "text/rfc822-headers":
            text = str(part.get_payload())
            lines = re.findall(r"^(?:Message-ID|Return-Path):.*$", text, re.MULTILINE | re.I)
            found |= {key for line in lines for key in KEY.findall(line)}
    return found


# --- What providers of mail call us with --------------------------------------------------------


def bounces_told(data: Any) -> Iterator[Bounce]:
    """The permanent bounces in what a provider sent as JSON.

    Our own form is {"message_id": …, "permanent": true}, with "email" where there is no
    message_id, or a list of such; those of Amazon SES, Postmark and Mailgun are understood, too.
    """
    events = data if isinstance(data, list) else [data]
    for event in events[:MOST_EVENTS]:
        if isinstance(event, dict):
            yield from _told(event)


def _told(event: dict[str, Any]) -> Iterator[Bounce]:
    if "permanent" in event:
        if event["permanent"] is True:
            yield _bounce(event.get("message_id"), event.get("email"))
    elif event.get("RecordType") == "Bounce":  # Postmark
        if event.get("Type") in {"HardBounce", "BadEmailAddress"}:
            yield _bounce(_header(event.get("Headers")), event.get("Email"))
    elif isinstance(details := event.get("event-data"), dict):  # Mailgun
        if (details.get("event"), details.get("severity")) == ("failed", "permanent"):
            message_id = _at(details, "message", "headers", "message-id")
            yield _bounce(message_id, details.get("recipient"))
    elif _at(event, "bounce", "bounceType") == "Permanent":  # Amazon SES
        message_id = _at(event, "mail", "commonHeaders", "messageId")
        recipients = _at(event, "bounce", "bouncedRecipients")
        for each in recipients[:MOST_EVENTS] if isinstance(recipients, list) else []:
            yield _bounce(message_id, _at(each, "emailAddress"))


def _bounce(message_id: Any, address: Any) -> Bounce:
    key = KEY.search(message_id) if isinstance(message_id, str) else None
    is_one = isinstance(address, str) and address.isprintable() and len(address) < MOST_LETTERS
    return Bounce(key[1] if key else "", address if is_one else "")


def _header(headers: Any) -> Any:
    """The Message-ID in a list of headers."""
    for header in headers if isinstance(headers, list) else []:
        if str(_at(header, "Name")).lower() == "message-id":
            return _at(header, "Value")
    return None


def _at(data: Any, *path: str) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data
