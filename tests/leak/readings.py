"""The ways in which bytes that left the site may be read, so that no coding hides an address."""

import base64
import gzip
import html
import quopri
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote_to_bytes

ROUNDS = 3  # how often a coding may stand within another

QUOTED_PRINTABLE = re.compile(rb"=[0-9a-f]{2}|=\r?\n")
BACKSLASHED = re.compile(rb"\\+(?:(?:u00|u\{|x)([0-9a-f]{2})\}?|([0-3][0-7]{2}))")
# The beginnings of zlib and gzip; Django's signed values are packed where it makes them shorter.
PACKED_BASE64 = re.compile(rb"(?:eJ|eN|eA|eF|H4sI)[\w-]{16,}")
TAG = re.compile(rb"<[^<>]*>")
LINE_END = re.compile(rb"[\r\n]+[ \t]*")
CODED_LINE = re.compile(rb"[a-z0-9+/_-]{50}[\r\n]")


def readings(data: bytes) -> Iterator[bytes]:
    """`data` in lower case, then decoded in every way that changes it, and again what that gives.

    An address need stand in one reading only, so a decoder may spoil what is not its own.
    """
    data = unpacked(data)
    for packed in PACKED_BASE64.findall(data):
        with suppress(ValueError, zlib.error):
            yield _inflated(base64.urlsafe_b64decode(packed + b"==")).lower()
    data = data.lower()
    yield data
    if QUOTED_PRINTABLE.search(data):
        yield quopri.decodestring(data).lower()
    if CODED_LINE.search(data):
        yield LINE_END.sub(b"", data)
    if b"\0" in data:
        yield data.replace(b"\0", b"")  # UTF-16
    for _ in range(ROUNDS):
        before = data
        for decode in (_backslashes, _percents, _entities):
            decoded = decode(data)
            if decoded != data:
                data = decoded
                yield data
        if data == before:
            break
    if b"<" in data:
        yield TAG.sub(b"", data)


def unpacked(data: bytes) -> bytes:
    """`data` without compression."""
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data[:2] in {b"\x78\x01", b"\x78\x9c", b"\x78\xda"}:
        return zlib.decompress(data)
    return data


def _inflated(data: bytes) -> bytes:
    """What zlib or gzip packed, up to where it breaks off."""
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(data)


def _entities(data: bytes) -> bytes:
    if b"&" not in data:
        return data
    return html.unescape(data.decode(errors="surrogateescape")).lower().encode(errors="replace")


def _percents(data: bytes) -> bytes:
    return unquote_to_bytes(data).lower() if b"%" in data else data


def _backslashes(data: bytes) -> bytes:
    r"""\u0040 and \x40, as scripts, JSON and Python write them; \100, as cookies do."""

    def decoded(match: re.Match[bytes]) -> bytes:
        return bytes([int(match[1], 16) if match[1] else int(match[2], 8)])

    return BACKSLASHED.sub(decoded, data).lower() if b"\\" in data else data
