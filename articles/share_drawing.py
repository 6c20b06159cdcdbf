"""How the picture looks that stands for a piece without one, where people share its address.

1200 × 630, as the networks cut it: paper, ink and a double rule, like the head of the site. Needs
Pillow, imported on first use. With another look comes another DRAWING (share_words.py).
"""

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from articles.lettering import HEADLINE, TEXT, Typeface, drawable, lines, units
from articles.models import ShareImage
from articles.share_words import Words
from newsroom.images import encoded

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = ShareImage.SIZE
MARGIN = 84
MEASURE = WIDTH - 2 * MARGIN

# As static/css/site.css has them.
PAPER, INK, QUIET, RULE, ACCENT = "#fdfdfc", "#16191d", "#555b63", "#d3d7db", "#0e4d78"

NAME_SIZES = range(46, 19, -2)
LARGE_NAME_SIZES = range(112, 39, -4)
HEADLINE_SIZES = range(108, 31, -2)
MAY_BREAK_WORDS = 40
MOST_LINES = 5
SMALL = 28


class Side(Enum):
    """Where lines begin: x, and Pillow's anchor on the baseline."""

    LEFT = (MARGIN, "ls")
    MIDDLE = (WIDTH // 2, "ms")
    RIGHT = (WIDTH - MARGIN, "rs")


class Text(NamedTuple):
    """Lines set in one size of a typeface."""

    lines: list[str]
    typeface: Typeface
    size: int

    @property
    def leading(self) -> int:
        return round(self.size * self.typeface.leading)

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


def draw(words: Words) -> bytes:
    """The picture as a PNG."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    if headline := drawable(words.headline, HEADLINE):
        _piece(pen, words, *headline)
    else:
        _nameplate(pen, words)
    return encoded(picture.quantize(64), "PNG", optimize=True)


def _piece(pen: "ImageDraw", words: Words, headline: str, typeface: Typeface) -> None:
    """Name, double rule, section and headline from the top; the date at the foot. All begins on
    the side where reading the headline does."""
    side = Side.RIGHT if typeface.is_rtl else Side.LEFT
    name = _name(words, NAME_SIZES)
    _write(pen, name, top=118 - name.height, color=INK, side=side)
    _double_rule(pen, 134)
    top, bottom = 166, 532
    if section := drawable(words.section, HEADLINE):
        kicker = _one_line(*section, range(SMALL, 17, -2))
        _write(pen, kicker, top=top, color=ACCENT, side=side)
        top += kicker.height + 10
    _write(pen, _fitted(headline, typeface, bottom - top), top=top, color=INK, side=side)
    pen.rectangle((MARGIN, 552, WIDTH - MARGIN - 1, 553), fill=RULE)
    _write(pen, _date(words), top=565, color=QUIET, side=side)


def _nameplate(pen: "ImageDraw", words: Words) -> None:
    """For words that no font of ours can draw: the name of the site and the date alone."""
    name = _name(words, LARGE_NAME_SIZES)
    _write(pen, name, top=HEIGHT // 2 - name.height - 16, color=INK, side=Side.MIDDLE)
    _double_rule(pen, HEIGHT // 2 + 8)
    _write(pen, _date(words), top=HEIGHT // 2 + 48, color=QUIET, side=Side.MIDDLE)


def _name(words: Words, sizes: range) -> Text:
    return _one_line(*(drawable(words.site, HEADLINE) or (words.host, HEADLINE[0])), sizes)


def _date(words: Words) -> Text:
    text, typeface = drawable(words.date, TEXT) or (words.iso_date, TEXT[0])
    return Text([text], typeface, SMALL)


def _one_line(text: str, typeface: Typeface, sizes: range) -> Text:
    """In the largest size in which it fits into one line; cut where it fits in none."""
    for size in sizes:
        if typeface.at(size).getlength(text) <= MEASURE:
            return Text([text], typeface, size)
    return Text(_cut(text, typeface, sizes[-1], 1), typeface, sizes[-1])


def _fitted(text: str, typeface: Typeface, height: int) -> Text:
    """In the largest size in which it is not too high; cut where it is in all of them. The larger
    sizes are for what has no word that is longer than a line."""
    for size in HEADLINE_SIZES:
        font = typeface.at(size)
        if size > MAY_BREAK_WORDS and any(font.getlength(word) > MEASURE for word in units(text)):
            continue
        fitted = Text(lines(text, font, MEASURE, MOST_LINES), typeface, size)
        if fitted.lines and fitted.height <= height:
            return fitted
    smallest = HEADLINE_SIZES[-1]
    return Text(_cut(text, typeface, smallest, MOST_LINES), typeface, smallest)


def _cut(text: str, typeface: Typeface, size: int, most: int) -> list[str]:
    font = typeface.at(size)
    while not (cut := lines(f"{text}…", font, MEASURE, most)):
        text = text[:-1].rstrip()
    return cut


def _write(pen: "ImageDraw", text: Text, *, top: int, color: str, side: Side) -> None:
    """Each line on its baseline, so that lines of all typefaces stand evenly."""
    font = text.typeface.at(text.size)
    x, anchor = side.value
    direction = "rtl" if text.typeface.is_rtl else None
    for number, line in enumerate(text.lines):
        y = top + number * text.leading + round((text.leading + text.size * 0.68) / 2)
        pen.text((x, y), line, fill=color, font=font, anchor=anchor, direction=direction)


def _double_rule(pen: "ImageDraw", top: int) -> None:
    pen.rectangle((MARGIN, top, WIDTH - MARGIN - 1, top + 4), fill=INK)
    pen.rectangle((MARGIN, top + 9, WIDTH - MARGIN - 1, top + 10), fill=INK)
