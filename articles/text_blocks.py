"""A text as paragraphs of words, so that two of them can be compared: see changes.py."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.picture_html import ADDRESS

PARAGRAPH = "paragraph"

# What a paragraph is, by the outermost of these elements that it stands in.
KINDS = {
    "li": "item",
    "blockquote": "quotation",
    "tr": "row",
    "figcaption": "caption",
    "aside": "card",
    "h2": "heading",
    "h3": "subheading",
}
# How it is named to people where that is what changed.
NAMES = {
    PARAGRAPH: gettext_noop("paragraph"),
    "item": gettext_noop("item of a list"),
    "numbered": gettext_noop("numbered item"),
    "quotation": gettext_noop("quotation"),
    "row": gettext_noop("row of a table"),
    "caption": gettext_noop("caption"),
    "card": gettext_noop("link card"),
    "heading": gettext_noop("heading"),
    "subheading": gettext_noop("subheading"),
    "picture": gettext_noop("picture"),
    "line": gettext_noop("dividing line"),
}
BREAKING = frozenset(KINDS) | {"p", "ul", "ol", "div", "table", "thead", "tbody", "figure"}
MARKS = {"strong": "strong", "em": "em", "cite": "cite", "small": "small"}
CELLS = frozenset(["td", "th"])

# Scripts without spaces between words: ideographs and hiragana one by one, katakana in runs.
_ONE_BY_ONE = "\u3041-\u309f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KATAKANA = "\u30a0-\u30ff\uff66-\uff9f"
_POINTS = r"!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u205e\u3000-\u303f\uff01-\uff0f\uff1a-\uff20"
_WORD = rf"[^\s{_POINTS}{_ONE_BY_ONE}{_KATAKANA}]+"
WORD = re.compile(
    rf"(?:{_WORD}(?:['’.,\-]{_WORD})*|[{_KATAKANA}]+|[{_ONE_BY_ONE}{_POINTS}])\s*|\s+"
)


@dataclass(frozen=True)
class Run:
    """Words that are emphasised and linked alike; one of them, in `Block.words`.

    White space belongs to the word before it, and does not make it another one.
    """

    text: str
    marks: tuple[str, ...] = ()
    link: str = ""
    identity: str = ""  # what else tells it from another one that reads the same

    @property
    def key(self) -> tuple[object, ...]:
        text = self.text.strip(" ") if self.text.strip() or "\n" in self.text else ""
        return (text, self.marks, self.link, self.identity)

    @property
    def words(self) -> list["Run"]:
        if self.identity or self.text == "\n":
            return [self]
        return [Run(found[0], self.marks, self.link) for found in WORD.finditer(self.text)]


@dataclass(frozen=True)
class Block:
    """A paragraph of some kind: one of NAMES."""

    kind: str
    runs: list[Run]

    @cached_property
    def key(self) -> tuple[object, ...]:
        return (self.kind, *(run.key for run in self.runs))

    @cached_property
    def words(self) -> list[Run]:
        return [word for run in self.runs for word in run.words]

    @property
    def named(self) -> Run:
        return Run(f"[{_(NAMES[self.kind])}] ")


def blocks_of_text(text: str) -> list[Block]:
    return [
        Block(PARAGRAPH, [Run(" ".join(line.split()))])
        for line in text.splitlines()
        if line.strip()
    ]


def blocks_of_html(html: str) -> list[Block]:
    """Those of clean HTML. Of an element that is not known, the text is taken."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.blocks


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.open: list[str] = []  # the elements around what is read that break paragraphs
        self.often: Counter[str] = Counter()  # how often each of them stands there
        self.marks: Counter[str] = Counter()
        self.links: list[str] = []

    def end_block(self, kind: str = "") -> None:
        runs, self.runs = self.runs, []
        if any(run.text.strip() or run.identity for run in runs):
            self.blocks.append(Block(kind or self._kind(), runs))

    def _kind(self) -> str:
        place, found = next(
            ((place, tag) for place, tag in enumerate(self.open) if tag in KINDS), (0, "")
        )
        if found == "li" and place and self.open[place - 1] == "ol":
            return "numbered"
        return KINDS.get(found, PARAGRAPH)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in BREAKING:
            if not self.often["tr"]:
                self.end_block()
            self.open.append(tag)
            self.often[tag] += 1
        elif tag in CELLS and self.runs:
            self.runs.append(Run(" | "))
        elif tag in MARKS:
            self.marks[MARKS[tag]] += 1
        elif tag == "a":
            self.links.append(values.get("href", ""))
        elif tag == "br":
            self.runs.append(Run("\n"))
        elif tag == "hr":
            self.end_block()
            self.runs = [Run("* * *")]
            self.end_block("line")
        elif tag == "img":
            self._read_picture(values)

    def handle_endtag(self, tag: str) -> None:
        if tag in BREAKING and self.often[tag]:
            if tag == "tr" or not self.often["tr"]:
                self.end_block()
            closed = ""
            while closed != tag:
                closed = self.open.pop()
                self.often[closed] -= 1
        elif tag in MARKS and self.marks[MARKS[tag]]:
            self.marks[MARKS[tag]] -= 1
        elif tag == "a" and self.links:
            self.links.pop()

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        if not self.runs:
            text = text.lstrip()
        marks = tuple(sorted(mark for mark, often in self.marks.items() if often))
        if text:
            self.runs.append(Run(text, marks, self.links[-1] if self.links else ""))

    def _read_picture(self, values: dict[str, str]) -> None:
        """A picture in words; another one is another one, whatever it shows. In a link card it
        is a part of the card, and in a table of its row."""
        is_part = self.often["tr"] or self.often["aside"]
        if not is_part:
            self.end_block()
        address = values.get("src", "")
        of_library = ADDRESS.fullmatch(address)
        name = of_library["token"] if of_library else address
        self.runs.append(Run(f"[{_('Picture')}] ", identity=name or "?"))
        self.runs.append(Run(values.get("alt", "")))
        if not is_part:
            self.end_block("picture")
