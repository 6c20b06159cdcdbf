"""IPTC 7901, the text format of the telegraph lines: a header between SOH and STX, the text up to
ETX, and what follows to EOT.

    SOH  AFP0123 4 I 0250 FRA /AFP-BC05      source and number, priority, category, words, keywords
    STX  text in lines, paragraphs begin with spaces
    ETX  220806 MAR 26
    EOT
"""

import re
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from articles.importers.errors import Refused
from articles.importers.wire.document import PubStatus, WireDocument
from articles.importers.wire.kept_back import parted
from articles.importers.wire.wording import KILLS, paragraphs_of, signal_of

FORMAT = "IPTC 7901"
SOH, STX, ETX, EOT = b"\x01", b"\x02", b"\x03", b"\x04"
MOST_BEFORE = 64  # bytes of synchronisation that lines send first
HEADER = re.compile(
    r"\s*(?P<source>[A-Z]{2,4})\s?(?P<number>\d{3,4})\s+(?P<priority>[1-6BUDR])"
    r"\s+(?P<category>[A-Za-z]{1,3})(?:\s+(?P<words>\d{1,5}))?\s*(?P<keywords>[^\r\n]*)",
)
PRIORITIES = {"B": 1, "U": 2, "R": 4, "D": 5}
# 220806 MAR 26, or 220806 GMT MAR 2026: day, hour, minute; month; year.
SENT = re.compile(
    r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)\s*(?:GMT|Z|UTC)?\s+(?P<month>[A-Z]{3})[A-Z]*\s+"
    r"(?P<year>\d{4}|\d\d)\b",
    re.IGNORECASE,
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATELINE = re.compile(r"\A(?P<dateline>[^\n]{2,80}?\([A-Z]{2,6}\)\s*[-—–]+)\s*")
ADVISORY = re.compile(
    r"\A\W*(?:\(?(?:eds?|advisory|updates|recasts|corrects|adds|embargo)\b)", re.I
)


def is_meant(data: bytes) -> bool:
    return SOH in data[:MOST_BEFORE] and STX in data


def read(data: bytes) -> list[WireDocument]:
    """Several where several follow each other. Raises Refused for a header that is none."""
    messages = [part for part in data.split(SOH)[1:] if STX in part]
    return [_document(message) for message in messages]


def _document(message: bytes) -> WireDocument:
    head, _mark, rest = message.partition(STX)
    text, _mark, tail = rest.partition(ETX)
    header = HEADER.match(_decoded(head))
    if header is None:
        raise Refused(_("The header of this IPTC 7901 message cannot be read."))
    lines = _decoded(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    headline, advisory, story = _parts(lines)
    sent_at = _sent(_decoded(tail.partition(EOT)[0])) or _sent(_decoded(head))
    dateline = DATELINE.match(story)
    html, kept = parted(paragraphs_of(story[dateline.end() :] if dateline else story))
    keywords = header["keywords"].strip(" /")
    is_killed = any(KILLS.match(line) for line in [headline, *advisory, keywords])
    day = f"{sent_at:%Y%m%d}" if sent_at else "undated"
    return WireDocument(
        format=FORMAT,
        # A number comes again: within a day it names the message.
        guid=f"iptc7901:{header['source']}{header['number']}:{day}",
        provider=header["source"],
        pub_status=PubStatus.CANCELED if is_killed else PubStatus.USABLE,
        signal=signal_of([], [*advisory, headline]),
        urgency=PRIORITIES.get(header["priority"]) or int(header["priority"]),
        sent_at=sent_at,
        slugline=keywords,
        headline=headline,
        dateline=dateline["dateline"].rstrip(" -—–") if dateline else "",
        body="" if is_killed else html,
        kept_back=kept,
        advisory=tuple(advisory),
        keywords=tuple(part for part in re.split(r"[ /-]+", keywords) if part),
    )


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _parts(lines: list[str]) -> tuple[str, list[str], str]:
    """Headline, lines for the desk, and the text, before which a line is empty or indented."""
    head: list[str] = []
    while lines and lines[0].strip() and not lines[0].startswith(("  ", "\t")):
        head.append(" ".join(lines.pop(0).split()))
    advisory = [line for line in head if ADVISORY.match(line)]
    headline = " ".join(line for line in head if line not in advisory)
    return headline, advisory, "\n".join(lines).strip("\n")


def _sent(text: str) -> datetime | None:
    found = SENT.search(text)
    if found is None or found["month"].casefold() not in MONTHS:
        return None
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    month = MONTHS.index(found["month"].casefold()) + 1
    try:
        return datetime(
            year, month, int(found["day"]), int(found["hour"]), int(found["minute"]), tzinfo=UTC
        )
    except ValueError:
        return None
