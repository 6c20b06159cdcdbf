"""What a reader typed, without what cannot be seen and what breaks out of its line.

Runs before the rules read a text and before it is cleaned. It only takes away: what is left
stands in the order it was typed, and normalising it again changes nothing.

Dropped: controls, what overrides the direction of letters, embeddings and isolates that are not
closed in their line or close nothing, zero-width characters, and all but the first few marks
piled on one letter. Kept, where writing needs them: joiners within emoji and within the scripts
that join their letters, the marks of direction beside Hebrew and Arabic, the selectors of emoji
and of variants of Han letters, the letters of flags.
"""

import re
import unicodedata
from collections.abc import Callable
from html import escape, unescape
from itertools import islice, zip_longest

from comments.invisible import FILLERS, VARIATION_SELECTORS
from newsroom.clean_html import plain

# Scripts of which a few use joiners: Arabic to N'Ko, those of India, Myanmar, Khmer, Mongolian,
# those of Indonesia and the Philippines, and their ancestors.
JOINING = (
    "\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\u1000-\u109f\u1700-\u18af\u1900-\u1cff"
    "\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00011000-\U00011fff"
)
# A joiner where it may change how letters look (U+200C, U+200D).
JOINER_IN_PLACE = re.compile(f"(?<=[{JOINING}])[\u200c\u200d](?=[{JOINING}])")

_IN_JOINING = re.compile(f"[{JOINING}]")
_MONGOLIAN = re.compile("[\u1800-\u18af]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
# Format characters (Cf) that are seen: they enclose the numbers or the words that follow.
_SIGNS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
TAG = re.compile("(<[^>]*>)")  # in clean HTML, whose attributes hold no ">"
ENDS_LINE = re.compile("</?(?:p|br|blockquote)>")

_OVERRIDES, _EMBEDDINGS, _END = "\u202d\u202e", "\u202a\u202b", "\u202c"
_ISOLATES, _END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"
_BIDI = _OVERRIDES + _EMBEDDINGS + _END + _ISOLATES + _END_OF_ISOLATE
_JOINERS = "\u200c\u200d"
_DIRECTIONS = "\u200e\u200f\u061c"

# Marks that take no room of their own, on one letter: Vietnamese has two, Hebrew with its
# vowels and its cantillation five, Tibetan stacks more.
MOST_MARKS = 3
MOST_MARKS_EASTERN = 6
_EASTERN = re.compile("[\u0590-\u109f\u1780-\u17ff\u1a20-\u1cff]")


def normalised(text: str) -> str:
    """`text` as it is kept. See the head of this module."""
    text = _by_parts(plain, text.replace("\u2028", "\n").replace("\u2029", "\n"))
    return text if text.isascii() else _by_parts(_nfc, "".join(_kept(text)))


def normalised_html(html: str) -> str:
    """The same for the text within clean `html`, with its character references resolved.

    Tags part no letter from its marks, and no isolate from its end.
    """
    if html.isascii():
        return html
    pieces = TAG.split(html)
    texts = [unescape(piece) for piece in pieces[::2]]
    ends = ["\n" if ENDS_LINE.match(tag) else "" for tag in pieces[1::2]]
    joined = "".join(text + end for text, end in zip_longest(texts, ends, fillvalue=""))
    letters = iter(_kept(joined))
    for number, (text, end) in enumerate(zip_longest(texts, ends, fillvalue="")):
        kept = "".join(islice(letters, len(text)))
        pieces[2 * number] = as_html(_nfc(kept))
        next(islice(letters, len(end), len(end)), None)
    return "".join(pieces)


def as_html(text: str) -> str:
    """Plain text as clean HTML spells it."""
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _by_parts(normalise: Callable[[str], str], text: str) -> str:
    """A mark after ">" would become one character with it, and the tag be lost."""
    return "".join(normalise(part) for part in re.split("([<>])", text))


def _kept(text: str) -> list[str]:
    """The characters of `text`, with "" in the place of each that goes."""
    letters = list(text)
    _drop_what_is_never_kept(text, letters)
    _drop_unbalanced(letters)
    _drop_towers(letters)
    _drop_out_of_place(letters)
    return letters


def _drop_what_is_never_kept(text: str, letters: list[str]) -> None:
    flags = {place for flag in _FLAG.finditer(text) for place in range(*flag.span())}
    for place, letter in enumerate(text):
        if letter.isascii() or place in flags or letter in _JOINERS + _DIRECTIONS + _BIDI:
            continue
        category = unicodedata.category(letter)
        if (
            (category in {"Cf", "Cs", "Zl", "Zp"} and not _SIGNS.match(letter))
            or (FILLERS.match(letter) and letter != "\u2800")  # the space of braille
            or _is_noncharacter(letter)
        ):
            letters[place] = ""


def _is_noncharacter(letter: str) -> bool:
    return "\ufdd0" <= letter <= "\ufdef" or ord(letter) & 0xFFFE == 0xFFFE


def _drop_unbalanced(letters: list[str]) -> None:
    """Overrides go, with their ends; embeddings and isolates stay where their line closes them."""
    opened: list[int] = []
    isolates = 0
    for place, letter in enumerate([*letters, "\n"]):
        if letter == "\n":
            for unclosed in opened:
                letters[unclosed] = ""
            opened, isolates = [], 0
        elif not letter or letter not in _BIDI:
            continue
        elif letter in _ISOLATES:
            opened.append(place)
            isolates += 1
        elif letter == _END_OF_ISOLATE:
            if not isolates:
                letters[place] = ""
                continue
            while letters[opened[-1]] not in _ISOLATES:
                letters[opened.pop()] = ""
            opened.pop()
            isolates -= 1
        elif letter == _END:
            closes = opened and letters[opened[-1]] not in _ISOLATES
            if not closes or letters[opened.pop()] in _OVERRIDES:
                letters[place] = ""
        else:
            opened.append(place)
    for place, letter in enumerate(letters):
        if letter and letter in _OVERRIDES:
            letters[place] = ""


def _drop_towers(letters: list[str]) -> None:
    marks, most = 0, MOST_MARKS
    for place, letter in enumerate(letters):
        if not letter or VARIATION_SELECTORS.match(letter):
            continue
        category = unicodedata.category(letter)
        if category in {"Mn", "Me"}:
            marks += 1
            if marks > most:
                letters[place] = ""
        elif category not in {"Mc", "Cf"}:
            marks, most = 0, MOST_MARKS_EASTERN if _EASTERN.match(letter) else MOST_MARKS


def _drop_out_of_place(letters: list[str]) -> None:
    """Joiners, marks of direction and selectors that change nothing where they stand."""
    is_mixed = any(
        unicodedata.bidirectional(letter) in {"R", "AL"} and letter not in _DIRECTIONS
        for letter in letters
        if letter
    )
    places = [place for place, letter in enumerate(letters) if letter]
    after, following = "", [""] * len(letters)
    for place in reversed(places):
        following[place] = after
        if not _is_invisible(letters[place]):
            after = letters[place]
    before = seen = ""  # the last that was kept, and the last of those that can be seen
    for place in places:
        letter = letters[place]
        if not _is_invisible(letter):
            before = seen = letter
        elif _is_in_place(letter, before, seen, following[place], is_mixed=is_mixed):
            before = letter
        else:
            letters[place] = ""


def _is_invisible(letter: str) -> bool:
    return letter in _JOINERS + _DIRECTIONS or VARIATION_SELECTORS.match(letter) is not None


def _is_in_place(letter: str, before: str, seen: str, after: str, *, is_mixed: bool) -> bool:
    if not before:
        return letter in _DIRECTIONS and is_mixed
    if letter in _DIRECTIONS:
        return is_mixed and before not in _DIRECTIONS and not (seen.isalpha() and after.isalpha())
    if letter in _JOINERS:
        if letter == "\u200d" and _is_emoji(seen) and _is_emoji(after):
            return before == seen or before == "\ufe0f"
        return bool(_IN_JOINING.match(before) and _IN_JOINING.match(after))
    return before == seen and _is_chosen_by(letter, before)


def _is_emoji(letter: str) -> bool:
    return bool(letter) and (
        "\U0001f000" <= letter <= "\U0001fbff"
        or unicodedata.category(letter) == "So"
        or letter == "\u2194"
    )


def _is_chosen_by(selector: str, letter: str) -> bool:
    """Whether `letter` is one of those that have variants for `selector` to choose."""
    category = unicodedata.category(letter)
    if selector >= "\U000e0100":
        return category == "Lo"
    if selector < "\u2000":
        return _MONGOLIAN.match(letter) is not None
    return category[0] in "NSP" or category == "Lo" or letter == "\u2139" or _is_emoji(letter)
