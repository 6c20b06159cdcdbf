"""The words of a text, as the index knows them: one way for pieces and for what readers type.

Folded: compatibility forms (NFKC), case, diacritics, but not what makes another letter of
Japanese or Indic scripts. Scripts that put no spaces between words become overlapping pairs of
signs, and the last sign of a run once more alone, so that each sign begins a token. A token holds
letters, digits and their marks, never a space or a quote.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from snowballstemmer import stemmer

LONGEST = 64  # signs; what is longer is no word that somebody types
# Stand before stems, and before what a piece is filed under, so that no word is taken for one.
# They are letters, of no word: clicks of Khoisan languages.
STEM, FILED = "ǂ", "ǁ"

_IN_PAIRS = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"  # Chinese and Japanese
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"  # Korean
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
)
_IN_PAIRS_MARKS = "\u3099\u309a"  # dakuten, where they stand apart
_MARKS = "".join(
    chr(code) for code in range(0x300, 0xFE30) if unicodedata.category(chr(code))[0] == "M"
)
_UNSEEN = "\u00ad\u0640\u200b-\u200d\u2060\ufeff"  # soft hyphen, tatweel, joiners
_INSIDE = rf"\w{_MARKS}{_UNSEEN}"
_RAW = re.compile(
    rf"(?P<pairs>[{_IN_PAIRS}][{_IN_PAIRS}{_IN_PAIRS_MARKS}]*)"
    rf"|(?P<word>(?:(?![_{STEM}{FILED}{_IN_PAIRS}])\w)(?:(?![_{STEM}{FILED}{_IN_PAIRS}])[{_INSIDE}])*)"
    r"(?P<possessive>['’ʼ][sS](?!\w))?"
)
# Diacritics of Latin, Greek, Cyrillic, Hebrew and Arabic. The breve of й makes another letter.
_DIACRITICS = re.compile(
    "(?<!\u0438)[\u0300-\u036f]|(?<=\u0438)[\u0300-\u0305\u0307-\u036f]"
    "|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_PAIR = re.compile(f"[{_IN_PAIRS}]")
_PART = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
_ENGLISH, _ONE_AT_A_TIME = stemmer("english"), Lock()
_DROP = re.compile(f"[{_UNSEEN}]")


class Token(NamedTuple):
    """A word, or two signs of a run without spaces, and where it stands in the text."""

    word: str
    start: int
    end: int
    is_last: bool = False  # the sign that ends a run, alone: the pair before it holds it as well


def tokens(text: str) -> Iterator[Token]:
    for raw in _RAW.finditer(text):
        if raw["pairs"]:
            yield from _pairs(raw["pairs"], raw.start())
        else:
            for word in _words(raw["word"][: 2 * LONGEST]):
                yield Token(word, raw.start("word"), raw.end("word"))


def words(text: str) -> list[str]:
    return [token.word for token in tokens(text)]


def rough_words(text: str) -> set[str] | None:
    """All words of a text and perhaps more, ten times as fast; None where pairs of signs are."""
    if _PAIR.search(text):
        return None
    return {part[:LONGEST] for part in _PART.findall(fold(text))}


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """As the index keeps the English stem of a folded word; empty for what is no English word."""
    if not (word.isascii() and word.isalpha()):
        return ""
    with _ONE_AT_A_TIME:  # the stemmer keeps the word that it is at
        return f"{STEM}{_ENGLISH.stemWord(word)}"


def is_in_pairs(word: str) -> bool:
    """Whether a token is of a script without spaces between words."""
    raw = _RAW.match(word)
    return raw is not None and raw["pairs"] is not None


def _pairs(run: str, start: int) -> Iterator[Token]:
    folded = fold(run)
    if len(folded) == len(run):
        ends = [(start + each, start + each + 1) for each in range(len(run))]
    else:  # half-width signs that became one: the run is marked as a whole
        ends = [(start, start + len(run))] * len(folded)
    for place in range(len(folded) - 1):
        yield Token(folded[place : place + 2], ends[place][0], ends[place + 1][1])
    if folded:
        yield Token(folded[-1], *ends[-1], is_last=len(folded) > 1)


def fold(text: str) -> str:
    text = _DROP.sub("", text)
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    plain = _DIACRITICS.sub("", decomposed).translate(_LETTERS)
    return unicodedata.normalize("NFC", plain)


@lru_cache(maxsize=50_000)
def _words(raw: str) -> tuple[str, ...]:
    """One, but for signs that stand for several words, such as ½ or ㏂."""
    folded = fold(raw)
    parts = [folded] if folded.isascii() and folded.isalnum() else _PART.findall(folded)
    return tuple(part[:LONGEST] for part in parts)
