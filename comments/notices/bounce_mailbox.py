"""The mailbox in which bounces arrive: a Maildir, an mbox, or one behind IMAP or POP3.

It should hold nothing else. What was understood is deleted; the rest stays for people.
"""

import imaplib
import mailbox
import poplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from comments.notices.bounces import bounces_in

TIMEOUT = 30
MOST_AT_ONCE = 500  # mails in one go
MOST_BYTES = 1_000_000  # a larger one is no report


class MailboxError(Exception):
    """It can't be read. The message says why, without its password."""


def read(url: str) -> int:
    """Heed the bounces in the mailbox; how many mails told of one. Raises MailboxError."""
    parts = urlsplit(url)
    readers = {"imap": _imap, "imaps": _imap, "pop3": _pop3, "pop3s": _pop3}
    reader = readers.get(parts.scheme, _folder)
    try:
        return reader(parts)
    except (OSError, imaplib.IMAP4.error, poplib.error_proto, mailbox.Error) as error:
        raise MailboxError(type(error).__name__) from None


def _is_heeded(content: bytes) -> bool:
    """Whether it told of a bounce. One that is unknown by now is done with as well."""
    if len(content) > MOST_BYTES:
        return False
    bounces = bounces_in(message_from_bytes(content))
    for bounce in bounces:
        bounce.heed()
    return bool(bounces)


def _folder(parts: SplitResult) -> int:
    path = Path(parts.path)
    if not path.exists():
        raise FileNotFoundError
    folder: mailbox.Mailbox[Any] = (
        mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    )
    folder.lock()
    try:
        heeded = [key for key in folder.keys()[:MOST_AT_ONCE] if _is_heeded(folder.get_bytes(key))]
        for key in heeded:
            folder.remove(key)
        folder.flush()
    finally:
        folder.unlock()
        folder.close()
    return len(heeded)


@contextmanager
def _imap_connection(parts: SplitResult) -> Iterator[imaplib.IMAP4]:
    host, port = parts.hostname or "", parts.port
    connection = (
        imaplib.IMAP4_SSL(
            host, port or 993, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
        )
        if parts.scheme == "imaps"
        else imaplib.IMAP4(host, port or 143, timeout=TIMEOUT)
    )
    with connection:
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        yield connection


def _imap(parts: SplitResult) -> int:
    """Only what nobody has read yet; what is left stays there as read."""
    count = 0
    with _imap_connection(parts) as connection:
        folder = unquote(parts.path.strip("/")) or "INBOX"
        status, _ = connection.select(f'"{folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(status)
        _, found = connection.search(None, "UNSEEN")
        for number in (found[0] or b"").split()[:MOST_AT_ONCE]:
            _, fetched = connection.fetch(number.decode(), "(RFC822)")
            content = next((part[1] for part in fetched if isinstance(part, tuple)), b"")
            if _is_heeded(content):
                connection.store(number.decode(), "+FLAGS", "\\Deleted")
                count += 1
        connection.expunge()
    return count


def _pop3(parts: SplitResult) -> int:
    host, port = parts.hostname or "", parts.port
    connection = (
        poplib.POP3_SSL(host, port or 995, context=ssl.create_default_context(), timeout=TIMEOUT)
        if parts.scheme == "pop3s"
        else poplib.POP3(host, port or 110, timeout=TIMEOUT)
    )
    count = 0
    try:
        connection.user(unquote(parts.username or ""))
        connection.pass_(unquote(parts.password or ""))
        waiting, _ = connection.stat()
        for number in range(1, min(waiting, MOST_AT_ONCE) + 1):
            _, lines, _ = connection.retr(number)
            if _is_heeded(b"\r\n".join(lines)):
                connection.dele(number)
                count += 1
    finally:
        connection.quit()
    return count
