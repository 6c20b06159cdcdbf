"""Characters that look like others, after Unicode's technical standard 39."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from comments.invisible import without_invisible

TABLE = Path(__file__).parent / "data" / "confusables.tsv"

# Alphabets whose letters are put into Latin words, and that run from left to right as these do.
ALPHABETS = frozenset(
    re.findall(
        r"\w+",
        "GREEK CYRILLIC ARMENIAN COPTIC CHEROKEE LISU GEORGIAN DESERET OSAGE GOTHIC TIFINAGH",
    )
)
MOST = 20_000  # characters of which the answers are remembered


@cache
def prototypes() -> dict[str, str]:
    """What each character of the table stands for; others stand for themselves."""
    table = {}
    for line in TABLE.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            prototype, _tab, looking_alike = line.partition("\t")
            for letter in _characters(looking_alike):
                table[letter] = prototype
    return {letter: "".join(_characters(prototype)) for letter, prototype in table.items()}


def _characters(hexadecimal: str) -> list[str]:
    return [chr(int(number, 16)) for number in hexadecimal.split()]


@lru_cache(MOST)
def script(letter: str) -> str:
    """The first word of the letter's name, which is its script: LATIN, CJK, HIRAGANA."""
    return unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]


@lru_cache(MOST)
def direct_latin(letter: str) -> str:
    """The small Latin letters that `letter` of another alphabet looks like as it stands, or ""."""
    return as_ascii(letter) if script(letter) in ALPHABETS else ""


def as_ascii(letter: str) -> str:
    """The small Latin letters without accents that `letter` looks like, or ""."""
    seen = "".join(
        part
        for part in unicodedata.normalize("NFD", letter)
        for part in unicodedata.normalize("NFD", prototypes().get(part, part))
        if not unicodedata.combining(part)
    )
    return seen.lower() if seen.isascii() and seen.isalpha() else ""


@lru_cache(MOST)
def latin(letter: str) -> str:
    """The same, also where the capital alone looks like one: т as t, since Т does."""
    return direct_latin(letter) or direct_latin(letter.upper()[:1])


def skeleton(text: str) -> str:
    """The same for texts that can be taken for one another, and nothing to be shown.

    As the standard has it, and beyond it without regard to case, accents, signs and white space;
    i and l count as one, since their capitals and small letters do: "Editor" and "EdltоR".
    """
    text = without_invisible(unicodedata.normalize("NFKC", text))
    table = prototypes()
    for _again in range(2):  # the prototypes of capitals, then those of the small letters
        parts = unicodedata.normalize("NFD", text)
        text = "".join(table.get(part, part) for part in parts).casefold()
    letters = (part for part in unicodedata.normalize("NFD", text) if part.isalnum())
    return "".join(letters).replace("i", "l")
