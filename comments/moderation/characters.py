"""What a character is to a word, and its folded form."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

from comments.invisible import FILLERS, VARIATION_SELECTORS
from comments.moderation.look_alikes import MOST, as_ascii, script

UNPARTED = frozenset(
    re.findall(
        r"\w+",
        "HIRAGANA CJK IDEOGRAPHIC BOPOMOFO THAI LAO KHMER MYANMAR TIBETAN YI JAVANESE TAI",
    )
)
# Accents, and the vowel marks of Hebrew and Arabic. Those of Thai or Hindi are letters.
ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# Letters that accents don't explain, and those drawn as signs: ø, ʟ, 🅥.
LATIN_NAME = re.compile(
    r"(?:LATIN|NEGATIVE|SQUARED|CIRCLED|REGIONAL)[A-Z ]* LETTER (?:SMALL CAPITAL )?([A-Z])"
    r"(?: WITH .*)?"
)
SAME_LETTER = str.maketrans({"ی": "ي", "ى": "ي", "ک": "ك", "ە": "ه"})
TATWEEL = "\u0640"


class Kind(IntEnum):
    """What a character is to a word."""

    GONE = 0  # invisible, or an accent: no word ends by it
    SPACE = 1
    SIGN = 2
    ALPHABET = 3  # of a script that parts words by spaces
    KATAKANA = 4  # a run of these is a word: セックス is none of エセックス
    HANGUL = 5  # particles follow a word without a space
    UNPARTED = 6  # of a script without spaces between words


@lru_cache(MOST)
def plain(letter: str) -> tuple[Kind, str]:
    """The kind of a character, and its folded form: é as e, Ａ as a, ٣ as 3; "" but for letters."""
    if letter.isascii():
        if letter.isalnum():
            return Kind.ALPHABET, letter.lower()
        return (Kind.SIGN, "") if letter.isprintable() and letter != " " else (Kind.SPACE, "")
    category = unicodedata.category(letter)
    if category == "Cf" or letter == TATWEEL or ACCENTS.match(letter):
        return Kind.GONE, ""
    if FILLERS.match(letter) or VARIATION_SELECTORS.match(letter):
        return Kind.GONE, ""
    if category[0] in "ZC":
        return Kind.SPACE, ""
    if drawn := LATIN_NAME.fullmatch(unicodedata.name(letter, "")):
        return Kind.ALPHABET, drawn[1].lower()
    if category[0] not in "LMN":
        # ™ and ㈱ are signs that are read as letters.
        read = unicodedata.normalize("NFKC", letter)
        if category != "So" or not any(map(str.isalnum, read)):
            return Kind.SIGN, ""
    return _folded(letter)


def _folded(letter: str) -> tuple[Kind, str]:
    composed = unicodedata.normalize("NFKC", letter)
    first = next((part for part in composed if part.isalnum()), composed[0])
    kind = _kind(script(first))
    if kind is not Kind.ALPHABET:
        return kind, "".join(part for part in composed if part.isalnum()) or composed
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    read = (part for part in parts if unicodedata.category(part)[0] in "LMN")
    folded = "".join(_without_accent(part) for part in read)
    return (Kind.ALPHABET, folded.translate(SAME_LETTER)) if folded else (Kind.SIGN, "")


def _without_accent(part: str) -> str:
    if part.isascii() or ACCENTS.match(part):
        return part if part.isascii() else ""
    if part.isdecimal():
        return str(unicodedata.decimal(part))
    if script(part) != "LATIN":
        return part
    if drawn := LATIN_NAME.fullmatch(unicodedata.name(part, "")):
        return drawn[1].lower()
    return as_ascii(part) or part


def _kind(of_script: str) -> Kind:
    if of_script in UNPARTED:
        return Kind.UNPARTED
    kinds = {"KATAKANA": Kind.KATAKANA, "HALFWIDTH": Kind.KATAKANA, "HANGUL": Kind.HANGUL}
    return kinds.get(of_script, Kind.ALPHABET)
