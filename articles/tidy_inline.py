"""The words of a paragraph, and what makes them bold, italic or a link."""

import re
from collections.abc import Callable

from articles.html_tree import Element
from newsroom.clean_html import plain

# A tag and, for a link, its address.
type Mark = tuple[str, str]
type Marks = tuple[Mark, ...]
# Pieces of text with their marks; None is a line break.
type Inline = list[tuple[str | None, Marks]]

BOLD: Mark = ("strong", "")
ITALIC: Mark = ("em", "")
TAGS = {"b": BOLD, "strong": BOLD, "i": ITALIC, "em": ITALIC, "cite": ITALIC}

WHITE = " \t\n\r\f\xa0"
# Not the single space that must not break.
SPACES = re.compile(f"[{WHITE}]{{2,}}|[\t\n\r\f]")


def style_of(node: Element) -> dict[str, str]:
    """What its style attribute declares. Word writes several after each other in any case."""
    declared = (each.partition(":") for each in node.attributes.get("style", "").split(";"))
    return {name.strip().lower(): value.strip().lower() for name, colon, value in declared if colon}


def marked(
    node: Element, style: dict[str, str], marks: Marks, address: Callable[[str], str | None]
) -> Marks:
    """The marks of what is in `node`. Its style outdoes its tag: Google's copies are one <b>."""
    is_bold = _is_bold(style.get("font-weight", ""))
    is_italic = _is_italic(style.get("font-style", ""))
    if node.tag in TAGS:
        marks = _with(marks, TAGS[node.tag])
    for mark, is_set in ((BOLD, is_bold), (ITALIC, is_italic)):
        if is_set is not None:
            marks = _with(marks, mark) if is_set else tuple(m for m in marks if m != mark)
    if node.tag == "a":
        marks = tuple(mark for mark in marks if mark[0] != "a")
        if href := address(node.attributes.get("href", "")):
            marks += (("a", href),)
    return marks


def _with(marks: Marks, mark: Mark) -> Marks:
    return marks if mark in marks else (*marks, mark)


def _is_bold(weight: str) -> bool | None:
    if weight.isdecimal():
        return int(weight[:4]) >= 600
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(weight)


def _is_italic(style: str) -> bool | None:
    return {"italic": True, "oblique": True, "normal": False}.get(style)


def lines_of(inline: Inline) -> list[Inline]:
    """The paragraphs in it: an empty line divides two. None is empty."""
    lines: list[Inline] = [[]]
    breaks = 0
    for text, marks in inline:
        if text is None:
            breaks += 1
            continue
        if breaks and text.strip(WHITE):
            if breaks > 1:
                lines.append([])
            else:
                lines[-1].append((None, ()))
            breaks = 0
        lines[-1].append((text, marks))
    return [tidied for line in lines if (tidied := _tidied(line))]


def _tidied(line: Inline) -> Inline:
    """Without spaces that nobody sees, and with every piece as long as its marks last."""
    pieces: Inline = []
    for text, marks in _joined(_joined(line)):
        if text is None:
            _end_line(pieces)
            if pieces:
                pieces.append((None, ()))
            continue
        text = SPACES.sub(" ", text)
        before = pieces[-1][0] if pieces else None
        if before is None or before[-1] in WHITE:
            text = text.lstrip(WHITE)
        if text:
            pieces.append((text, marks))
    _end_line(pieces)
    return pieces


def _joined(line: Inline) -> Inline:
    """Neighbours with the same marks are one piece; a space has the marks of both its sides."""
    pieces: list[tuple[list[str] | None, Marks]] = []
    for number, (text, marks) in enumerate(line):
        if text is None:
            pieces.append((None, marks))
            continue
        if not text.strip(WHITE):
            following = line[number + 1][1] if number + 1 < len(line) else ()
            marks = _shared(pieces[-1][1] if pieces else (), following)
        before = pieces[-1] if pieces else (None, ())
        if before[0] is not None and before[1] == marks:
            before[0].append(text)
        else:
            pieces.append(([text], marks))
    return [(plain("".join(texts)) if texts else None, marks) for texts, marks in pieces]


def _shared(one: Marks, other: Marks) -> Marks:
    """What both begin with."""
    number = 0
    while number < min(len(one), len(other)) and one[number] == other[number]:
        number += 1
    return one[:number]


def _end_line(pieces: Inline) -> None:
    while pieces:
        text, marks = pieces.pop()
        if text is not None and (kept := text.rstrip(WHITE)):
            pieces.append((kept, marks))
            return


def nodes_of(line: Inline) -> list[Element | str]:
    """Marks that go on from one piece to the next are one element."""
    top = Element("")
    path: list[tuple[Mark, Element]] = []
    for number, (text, marks) in enumerate(line):
        if text is None:
            marks = _shared(line[number - 1][1], line[number + 1][1])
        kept = len(_shared(tuple(mark for mark, _ in path), marks))
        del path[kept:]
        for mark in marks[kept:]:
            element = Element(mark[0], {"href": mark[1]} if mark[0] == "a" else {})
            (path[-1][1] if path else top).children.append(element)
            path.append((mark, element))
        (path[-1][1] if path else top).children.append(Element("br") if text is None else text)
    return top.children
