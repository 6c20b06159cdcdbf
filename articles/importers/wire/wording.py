"""How agencies say the same things in other words: status, version, kind of update, paragraphs."""

import re
from collections.abc import Iterable
from html import escape

from articles.importers.wire.document import PubStatus, Signal

KILLED = frozenset({"canceled", "cancelled", "killed", "kill", "mandatorykill", "deleted"})
WITHHELD = frozenset({"withheld", "hold", "held"})
DIGITS = re.compile(r"\d+")
CORRECTS = re.compile(r"\A\W*(?:correct(?:s|ion|ed|ing)\b|corr?\b)", re.IGNORECASE)
UPDATES = re.compile(
    r"\A\W*(?:updat(?:es?|ed|ing)|recast|adds?|refil|writethru|\d\w{2} ld\b)", re.IGNORECASE
)
KILLS = re.compile(r"\A\W*(?:(?:mandatory |bulletin )?kill\b|withdraws?\b)", re.IGNORECASE)


def status_of(written: str) -> PubStatus:
    """By the last part of a name: “stat:canceled”, “Canceled”, “http://…/stat/withheld”."""
    word = re.split(r"[:/#]", written.strip())[-1].casefold().replace(" ", "")
    if word in KILLED:
        return PubStatus.CANCELED
    return PubStatus.WITHHELD if word in WITHHELD else PubStatus.USABLE


def version_of(written: str) -> int:
    """The first number in it; 1 where there is none."""
    match = DIGITS.search(written)
    return max(int(match[0][:15]), 1) if match else 1


def signal_of(genres: Iterable[str], advisory: Iterable[str]) -> Signal:
    """By the genres or signals that a document names, else by how its advisory lines begin."""
    words = {re.split(r"[:/#]", each)[-1].casefold() for each in genres}
    lines = list(advisory)
    if words & {"correction", "corrective"} or any(CORRECTS.search(line) for line in lines):
        return Signal.CORRECTION
    if words & {"update", "refile"} or any(UPDATES.search(line) for line in lines):
        return Signal.UPDATE
    return Signal.NONE


def urgency_of(written: str) -> int | None:
    match = DIGITS.search(written)
    number = int(match[0][:3]) if match else 0
    return number if 1 <= number <= 9 else None


def paragraphs_of(text: str) -> str:
    """Plain text as HTML: a paragraph after each empty line, or before each indented one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = re.split(r"\n[ \t]*\n|\n(?=[ \t]{2,}\S)|\n\t", f"\n{text}")
    words = [" ".join(part.split()) for part in parts]
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in words if part)
