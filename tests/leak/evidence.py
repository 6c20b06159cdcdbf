"""The bytes of what leaves the site or is kept where others read it."""

import gzip
import logging
from collections.abc import Iterator
from email.message import Message
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection, models
from django.http.response import HttpResponseBase

FORMATTER = logging.Formatter("%(name)s %(levelname)s %(message)s")

# Where the database keeps what must not leave it.
SEALED_COLUMNS = {
    ("comments_commenter", "fingerprint"),
    ("comments_commenter", "sealed_address"),
    ("comments_datarequest", "sealed_address"),
    ("comments_standing", "fingerprint"),
    ("auth_user", "email"),
}


def of_response(response: HttpResponseBase) -> tuple[bytes, bytes]:
    """The head (status line, headers, cookies) and the body, as they are sent."""
    head = [f"{response.status_code} {response.reason_phrase}"]
    head += [f"{name}: {value}" for name, value in response.items()]
    return "\n".join([*head, response.cookies.output()]).encode(), body_of(response)


def body_of(response: Any) -> bytes:
    """As who asked for it reads it: without the compression of the way."""
    body = bytes(response.getvalue() if response.streaming else response.content)
    return gzip.decompress(body) if response.get("Content-Encoding") == "gzip" else body


def of_mail(mail: EmailMessage) -> Iterator[bytes]:
    """The message as it is sent, and decoded.

    Without its To: when it is for one person alone, whose address may stand there and nowhere
    else. The address is taken for part of the evidence wherever else it goes.
    """
    message = mail.message()
    if len(mail.recipients()) == 1:
        del message["To"]
    else:
        yield " ".join(mail.recipients()).encode()
    yield message.as_bytes()
    for part in message.walk():
        assert isinstance(part, Message)
        yield "\n".join(str(value) for value in part.values()).encode()
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content


def of_log_record(record: logging.LogRecord) -> bytes:
    """The line and its traceback, and all that a handler finds in the record besides."""
    return f"{FORMATTER.format(record)}\n{vars(record)}".encode(errors="backslashreplace")


def of_rows() -> Iterator[tuple[str, bytes]]:
    """Everything stored outside SEALED_COLUMNS, by table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                kept = [
                    bytes(value) if isinstance(value, memoryview) else value
                    for column, value in zip(columns, row, strict=True)
                    if (table, column) not in SEALED_COLUMNS
                ]
                yield f"a row of {table}", "\n".join(map(str, kept)).encode()
    for session in Session.objects.all():
        yield "a session", repr(session.get_decoded()).encode()


def of_objects() -> Iterator[tuple[str, bytes]]:
    """How each stored object, and a list of them, shows itself."""
    for model in apps.get_models():
        rows: models.QuerySet[models.Model] = model._default_manager.all()
        for row in rows:
            yield f"an object {model.__name__}", f"{row!r}\n{row}\n{row.pk}".encode()
        yield f"a list of {model.__name__}", repr(rows).encode()
