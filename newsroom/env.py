"""Reads the environment for the settings.

Every function raises ImproperlyConfigured with the variable's name in its message, so that a
mistyped value stops the start-up in one clear line.
"""

import logging
import os
import re
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

type Network = IPv4Network | IPv6Network

MAIL_SERVERS = frozenset({"imap", "imaps", "pop3", "pop3s"})
# The characters of RFC 3986, but those that would end a link in a header.
WRITTEN_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """Too long to be guessed; empty where it is unset. The error doesn't repeat it."""
    value = text(name)
    if value and not re.fullmatch("[!-~]{24,200}", value):
        raise ImproperlyConfigured(f"{name} must be 24 to 200 plain characters without a space.")
    return value


def flag(name: str, *, default: bool) -> bool:
    match text(name).lower():
        case "":
            return default
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case value:
            raise ImproperlyConfigured(f"{name}={value} is neither 1 nor 0.")


def number(name: str, *, default: int, at_least: int = 0, at_most: int = 2**31) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not at_least <= int(value) <= at_most:
        raise ImproperlyConfigured(
            f"{name}={value} is not a whole number from {at_least} to {at_most}."
        )
    return int(value)


def address(name: str, *, default: str) -> str:
    """A network address to listen on, in numbers."""
    value = text(name, default)
    try:
        return str(ip_address("127.0.0.1" if value == "localhost" else value))
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value} is no address like 127.0.0.1.") from None


def log_level(name: str, *, default: str) -> str:
    value = text(name, default).upper()
    if value not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(f"{name}={value} is none of DEBUG, INFO, WARNING, ERROR.")
    return value


def language(name: str, *, default: str, translated: Collection[str]) -> str:
    """The code of one that is translated; `en` is taken for `en-gb`."""
    value = text(name, default).lower().replace("_", "-")
    for code in translated:
        if code == value or code.startswith(f"{value}-"):
            return code
    raise ImproperlyConfigured(
        f"{name}={value} is no language of the interface. Those are: {', '.join(translated)}."
    )


def path(name: str, *, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().absolute()


def networks(name: str) -> tuple[Network, ...]:
    """Addresses and networks (10.0.0.0/8, ::1), separated by commas or spaces."""
    try:
        return tuple(ip_network(part) for part in text(name).replace(",", " ").split())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None


def site_url(name: str, *, default: str) -> SplitResult:
    """The address readers use: scheme and host, perhaps a port, nothing after it."""
    value = text(name, default).rstrip("/")
    parts = _split(name, value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ImproperlyConfigured(f"{name}={value} is not like https://news.example.org.")
    if not value.isascii():
        raise ImproperlyConfigured(f"{name}={value}: write the host as browsers send it (xn--…).")
    if parts.path or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name}={value} must end after the host.")
    return parts


def web_address(name: str) -> str:
    """A whole http or https address, without a password; empty where it is unset."""
    value = text(name)
    parts = _split(name, value)
    is_web = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    if value and not (is_web and WRITTEN_ADDRESS.fullmatch(value)):
        raise ImproperlyConfigured(f"{name}={value} is not like https://hub.example.org/.")
    return value


def header(name: str) -> tuple[str, str] | None:
    """The name and the value of `Name: value`; None where it is unset. The error doesn't repeat it,
    since it may hold a secret."""
    value = text(name)
    if not value:
        return None
    parts = re.fullmatch(r"([A-Za-z][A-Za-z0-9-]*): ?([!-~]+(?: [!-~]+)*)", value)
    if not parts:
        raise ImproperlyConfigured(f"{name} is not like Fastly-Key: secret.")
    return parts[1], parts[2]


def contact(name: str) -> str:
    """An address of the kinds that RFC 9116 asks for: mailto:, tel: or https:; empty if unset."""
    value = text(name)
    kind, _, rest = value.partition(":")
    if value and not (kind in {"mailto", "tel", "https"} and WRITTEN_ADDRESS.fullmatch(rest)):
        raise ImproperlyConfigured(
            f"{name}={value} is not like mailto:security@example.org, https://… or tel:+44-…."
        )
    return web_address(name) if kind == "https" else value


def database(name: str, *, sqlite_file: Path) -> dict[str, Any]:
    """Django's DATABASES entry for postgres://user:password@host:port/name?option=value.

    Unset means the SQLite file. Passwords and names are percent-decoded.
    """
    value = text(name)
    if not value:
        return sqlite(sqlite_file)
    parts = _split(name, value)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        # The value itself holds a password: it is not repeated.
        raise ImproperlyConfigured(f"{name} is not like postgres://user:password@host:5432/name.")
    return {
        "ENGINE": "newsroom.databases.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def sqlite(file: Path) -> dict[str, Any]:
    """SQLite as a server's database.

    IMMEDIATE: a transaction that reads and then writes never fails with "database is locked".
    FULL: a commit that was acknowledged survives a power cut. No mmap_size: it makes the
    WAL-reset bug of older libraries worse (see checks.py). A small cache: each thread of each
    process has its own, beside that of the system, which holds the whole file where it can.
    """
    return {
        "ENGINE": "newsroom.databases.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
            "PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY",
        },
    }


def redis(name: str) -> str:
    """redis://user:password@host:6379/number, or rediss:// (TLS), with the client's options for
    TLS after `?`; empty where it is unset."""
    value = text(name)
    parts = _split(name, value)
    options = [option for option, _ in parse_qsl(parts.query, keep_blank_values=True)]
    is_redis = parts.scheme in {"redis", "rediss"} and parts.hostname
    has_number = re.fullmatch(r"(/\d{0,4})?", parts.path, re.ASCII)
    if value and not (is_redis and has_number and all(o.startswith("ssl_") for o in options)):
        # The value itself may hold a password: it is not repeated.
        raise ImproperlyConfigured(f"{name} is not like redis://user:password@host:6379/0.")
    return value


def mailer(name: str, *, folder: Path) -> dict[str, Any]:
    """Django's MAILERS entry for smtp://user:password@host:587 (STARTTLS) or smtps:// (TLS).

    Plain smtp:// to a loopback host goes without TLS. Unset means one file a mail in `folder`:
    never the console, since what a terminal shows ends up in logs.
    """
    value = text(name)
    if not value:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(folder)},
        }
    parts = _split(name, value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} is not like smtp://user:password@host:587.")
    is_local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp" and not is_local,
            "timeout": 30,
        },
    }


def mail_address(name: str) -> str:
    """A plain address of mail, local@domain; empty where it is unset."""
    value = text(name)
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,30}@[A-Za-z0-9.-]+", value):
        raise ImproperlyConfigured(f"{name}={value} is not like bounces@news.example.org.")
    return value


def mailbox(name: str) -> str:
    """Where mail is read: a Maildir or mbox, or one on a server; empty where it is unset."""
    value = text(name)
    parts = _split(name, value)
    is_there = parts.hostname if parts.scheme in MAIL_SERVERS else value.startswith("/")
    if value and not is_there:
        # The value itself may hold a password: it is not repeated.
        raise ImproperlyConfigured(
            f"{name} is not like /var/mail/bounces or imaps://user:password@host/INBOX."
        )
    return value


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - a port that is no number raises only here
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None
    return parts
