"""Lines of text for a picture: which of our fonts can draw it, and where its lines break.

The fonts lie in articles/fonts/ with their licences (SIL Open Font License 1.1). Source Serif 4
has the letters of Europe, Noto Serif JP those of Japanese: the characters of JIS X 0208 and of
Windows code page 932, which adds those of many names. Noto Naskh Arabic and Noto Serif Hebrew need
a Pillow that can shape and order their letters, as its wheels can (Raqm). Pillow is imported on
first use.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONTS = Path(__file__).parent / "fonts"


class Typeface(NamedTuple):
    """A font of ours, and the distance of its lines as a multiple of their size. One that `is_rtl`
    has letters that are read from right to left."""

    file: str
    leading: float
    is_rtl: bool = False

    def at(self, size: int) -> "FreeTypeFont":
        return _font(self.file, size)

    def draws(self, text: str) -> bool:
        if self.is_rtl and not can_shape():
            return False
        return characters(self.file).issuperset(map(ord, text))


HEADLINE = (
    Typeface("SourceSerif4-SemiBold.ttf", 1.16),
    Typeface("NotoSerifJP-SemiBold.subset.ttf", 1.36),
    Typeface("NotoNaskhArabic-SemiBold.ttf", 1.5, is_rtl=True),
    Typeface("NotoSerifHebrew-SemiBold.ttf", 1.3, is_rtl=True),
)
TEXT = (Typeface("SourceSerif4-Regular.ttf", 1.3), *HEADLINE[1:])

# No line begins with these (kinsoku), nor ends with those.
NOT_FIRST = frozenset(
    "、。，．・：；？！‐–—…‥々〻ゝゞヽヾー〜～）］｝〕〉》」』】〙〗〟’”»"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ,.:;?!)]}%％℃"
)
NOT_LAST = frozenset("（［｛〔〈《「『【〘〖〝‘“«([{￥＄£$#")
# What people write between words and no font has: pictograms and the marks that colour them.
ORNAMENTS = frozenset({"So", "Sk", "Cf", "Cn", "Co"})
JOINERS = frozenset("\ufe0e\ufe0f\u20e3")


def can_shape() -> bool:
    """Whether Pillow joins and orders letters as Arabic and Hebrew ask for."""
    from PIL import features  # noqa: PLC0415

    return features.check_feature("raqm") is True


@cache
def characters(file: str) -> frozenset[int]:
    """What a font of ours has glyphs for: its character map in format 12 (OpenType, `cmap`)."""
    data = (FONTS / file).read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * each) for each in range(tables))
    start = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    (maps,) = struct.unpack_from(">H", data, start + 2)
    for each in range(maps):
        (offset,) = struct.unpack_from(">I", data, start + 4 + 8 * each + 4)
        format, _reserved, _length, _language, groups = struct.unpack_from(
            ">HHIII", data, start + offset
        )
        if format == 12:
            spans = struct.iter_unpack(">III", data[start + offset + 16 :][: 12 * groups])
            return frozenset(code for first, last, _glyph in spans for code in _to(first, last))
    raise ValueError(f"{file} has no character map in format 12")


def _to(first: int, last: int) -> range:
    return range(first, last + 1)


@cache
def _font(file: str, size: int) -> "FreeTypeFont":
    from PIL import ImageFont  # noqa: PLC0415

    return ImageFont.truetype(FONTS / file, size)


def drawable(text: str, typefaces: tuple[Typeface, ...]) -> tuple[str, Typeface] | None:
    """The text as it can be drawn, in the first typeface that has all of it, or None.

    Ornaments that none has are left out (🚨), letters never: no box stands for a letter.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    without = " ".join("".join(map(_unless_ornament, plain)).split())
    for each in dict.fromkeys((plain, without)):
        for typeface in typefaces:
            if each and typeface.draws(each):
                return each, typeface
    return None


def _unless_ornament(character: str) -> str:
    return "" if character in JOINERS or unicodedata.category(character) in ORNAMENTS else character


def lines(text: str, font: "FreeTypeFont", width: int, most: int) -> list[str]:
    """The text in as few lines as fit into `width`, all about as long as each other; nothing
    where they would be more than `most`."""
    parts = list(units(text))
    greedy = _fill(parts, font, width)
    if len(greedy) > most:
        return []
    longest = max((font.getlength(part.strip()) for part in parts), default=0)
    narrow, wide = min(width, max(int(longest), width // max(len(greedy), 1))), width
    while wide - narrow > 4:
        middle = (narrow + wide) // 2
        if len(_fill(parts, font, middle)) > len(greedy):
            narrow = middle
        else:
            wide = middle
    return _fill(parts, font, wide)


def _fill(parts: list[str], font: "FreeTypeFont", width: int) -> list[str]:
    filled: list[str] = []
    line = ""
    for unit in parts:
        if line and font.getlength((line + unit).strip()) > width:
            filled.append(line.strip())
            line = ""
        while font.getlength(unit.strip()) > width and len(unit) > 1:
            fits = _longest(unit, font, width)
            filled.append(unit[:fits] + "-")
            unit = unit[fits:]
        line += unit
    return [*filled, line.strip()] if line.strip() else filled


def _longest(word: str, font: "FreeTypeFont", width: int) -> int:
    """How much of a word that is longer than a line fits into one with a hyphen after it."""
    fits = 1
    while fits < len(word) - 1 and font.getlength(word[: fits + 1] + "-") <= width:
        fits += 1
    return fits


def units(text: str) -> Iterator[str]:
    """What no line break may part: words with the space after them, and each character of
    Chinese or Japanese with those that may not stand apart from it."""
    unit = ""
    for before, character in zip(f" {text}", text, strict=False):
        if unit and _may_part(before, character):
            yield unit
            unit = ""
        unit += character
    if unit:
        yield unit


def _may_part(before: str, after: str) -> bool:
    if after in NOT_FIRST or after.isspace() or before in NOT_LAST:
        return False
    return before.isspace() or before in "-–—/" or _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
