"""Files from addresses that somebody outside has written: a feed, or the picture of an old site.

Such an address must not lead into the network that this machine stands in. Its host is looked up
once, every address found must be public (or one that the operator names in FETCH_ALSO_FROM), and
the connection goes to what was looked at: a name that changes in between leads nowhere else. Each
redirect is looked at anew. No proxy of the environment is asked, who would look names up himself.
"""

import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import override
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS_OF_SILENCE = 15
SECONDS_IN_ALL = 120
MOST_REDIRECTS = 5
CHUNK = 65_536
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TRY_AGAIN = frozenset({408, 425, 429})
USER_AGENT = "Newsroom"
# What a public IPv6 address may only be another spelling of (RFC 6052, RFC 3056).
NAT64, SIX_TO_FOUR = ip_network("64:ff9b::/96"), ip_network("2002::/16")
UNSAFE_IN_A_PATH = "%/:=&?~#+!$,;'@()*[]"


class NotFetched(Exception):
    """There is nothing to be had at this address; the reason is a sentence. If `permanent`, asking
    again will not help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(reason)


@dataclass(frozen=True)
class Fetched:
    """What an address gave. `address` is where redirects have led; `status` is 200, or 304 where
    the headers of the request made that possible; `content_type` has no parameters."""

    data: bytes
    content_type: str
    address: str
    status: int = 200
    headers: Message = field(default_factory=Message)


def fetch(
    address: str, *, most: int, kinds: Sequence[str] = (), headers: Mapping[str, str] | None = None
) -> Fetched:
    """The file at `address`, of at most so many bytes.

    `kinds` are beginnings of the content types that are taken ("image/"); none: any. Raises
    NotFetched.
    """
    deadline = time.monotonic() + SECONDS_IN_ALL
    for _redirect in range(MOST_REDIRECTS + 1):
        connection, path = _connection(address)
        try:
            answer = _answer(connection, path, headers or {})
            if answer.status not in REDIRECTS:
                return _taken(answer, address, most, kinds, deadline)
            address = urljoin(address, answer.headers.get("Location", ""))
        except TimeoutError:
            raise NotFetched(_("It did not answer in time."), permanent=False) from None
        except ssl.SSLError:
            raise NotFetched(_("Its certificate is not valid."), permanent=True) from None
        except (OSError, HTTPException) as error:
            reason = _("The connection failed (%s).") % type(error).__name__
            raise NotFetched(reason, permanent=False) from None
        finally:
            connection.close()
    raise NotFetched(_("It leads on and on."), permanent=True)


def _connection(address: str) -> tuple[HTTPConnection, str]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotFetched(_("This is no address on the web."), permanent=True) from None
    is_host = bool(host) and host.isprintable()
    if parts.scheme not in {"http", "https"} or not is_host or parts.username is not None:
        raise NotFetched(_("This is no address on the web."), permanent=True)
    is_safe = parts.scheme == "https"
    numbers = _numbers_of(host, port or (443 if is_safe else 80))
    path = quote(parts.path or "/", safe=UNSAFE_IN_A_PATH)
    if parts.query:
        path = f"{path}?{quote(parts.query, safe=UNSAFE_IN_A_PATH)}"
    return (_Safe if is_safe else _Plain)(host, port, numbers), path


def _numbers_of(host: str, port: int) -> list[str]:
    """The network addresses of a host, all of which may be connected to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise NotFetched(_("There is no such host."), permanent=False) from None
    numbers = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not numbers or not all(_is_open(number) for number in numbers):
        raise NotFetched(_("This address is not on the public internet."), permanent=True)
    return numbers


def _is_open(number: str) -> bool:
    address = ip_address(number.partition("%")[0])
    if any(address in network for network in settings.FETCH_ALSO_FROM):
        return True
    return all(each.is_global and not each.is_multicast for each in _spellings(address))


def _spellings(
    address: IPv4Address | IPv6Address,
) -> list[IPv4Address | IPv6Address]:
    """The address itself, and the one of version 4 that it leads to by another name."""
    within: IPv4Address | None = None
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo:
            within = address.teredo[1]
        if address.ipv4_mapped:
            return [address.ipv4_mapped]
    return [address, within] if within else [address]


class _Plain(HTTPConnection):
    """Connects to the numbers that were looked at, and names the host that was asked for."""

    def __init__(self, host: str, port: int | None, numbers: list[str]) -> None:
        super().__init__(host, port, timeout=SECONDS_OF_SILENCE)
        self.numbers = numbers

    @override
    def connect(self) -> None:
        self.sock = _connected(self.numbers, self.port)


class _Safe(HTTPSConnection):
    """The same with TLS: the certificate must be the host's."""

    def __init__(self, host: str, port: int | None, numbers: list[str]) -> None:
        self.trusted = ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS_OF_SILENCE, context=self.trusted)
        self.numbers = numbers

    @override
    def connect(self) -> None:
        self.sock = self.trusted.wrap_socket(
            _connected(self.numbers, self.port), server_hostname=self.host
        )


def _connected(numbers: list[str], port: int) -> socket.socket:
    for number in numbers[:-1]:
        try:
            return socket.create_connection((number, port), SECONDS_OF_SILENCE)
        except OSError:
            continue  # the last one says why
    return socket.create_connection((numbers[-1], port), SECONDS_OF_SILENCE)


def _answer(connection: HTTPConnection, path: str, headers: Mapping[str, str]) -> HTTPResponse:
    own = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    connection.request("GET", path, headers=own | dict(headers))
    return connection.getresponse()


def _taken(
    answer: HTTPResponse, address: str, most: int, kinds: Sequence[str], deadline: float
) -> Fetched:
    if answer.status == 304:
        return Fetched(b"", "", address, 304, answer.headers)
    if answer.status != 200:
        again = answer.status >= 500 or answer.status in TRY_AGAIN
        raise NotFetched(_("It answered %d.") % answer.status, permanent=not again)
    content_type = answer.headers.get_content_type() if answer.headers["Content-Type"] else ""
    if kinds and not content_type.startswith(tuple(kinds)):
        reason = _("It is of another kind: %s.") % (content_type or "?")
        raise NotFetched(reason, permanent=True)
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched(_("It came compressed, which was not asked for."), permanent=True)
    return Fetched(_data(answer, most, deadline), content_type, address, 200, answer.headers)


def _data(answer: HTTPResponse, most: int, deadline: float) -> bytes:
    too_large = NotFetched(_("It has more than %d bytes.") % most, permanent=True)
    if answer.length is not None and answer.length > most:
        raise too_large
    data = bytearray()
    while chunk := answer.read1(CHUNK):
        data += chunk
        if len(data) > most:
            raise too_large
        if time.monotonic() > deadline:
            raise TimeoutError
    if answer.length:
        raise NotFetched(_("It broke off."), permanent=False)
    return bytes(data)
