"""The old wire, our text and the new wire, paragraph by paragraph beside each other.

Each paragraph is named by what the three say, so that a choice that somebody made is still there
when one of the texts moves on, wherever the same three stand beside each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import zip_longest
from typing import Literal

from django.utils.html import format_html_join

from articles.changes import Row, aligned
from articles.html_tree import Element, read, write
from articles.text_blocks import Block, Run, blocks_of_html, blocks_of_text

type Choice = Literal["", "ours", "new"]

OURS: Choice = "ours"
NEW: Choice = "new"


@dataclass(frozen=True)
class Chunk:
    """What may be chosen as a whole: an element of the outermost level of a text, or a line."""

    source: str = field(compare=False)  # clean HTML, or the line itself
    blocks: tuple[Block, ...]

    @cached_property
    def key(self) -> tuple[object, ...]:
        return tuple(block.key for block in self.blocks)

    @cached_property
    def words(self) -> list[Run]:
        return [word for block in self.blocks for word in block.words]


def chunks_of_html(html: str) -> list[Chunk]:
    """Of clean HTML. Words outside any element become a paragraph."""
    found = []
    for node in read(html).children:
        if not isinstance(node, Element):
            node = Element("p", {}, [node])
        source = write(node)
        blocks = tuple(blocks_of_html(source))
        if blocks:
            found.append(Chunk(source, blocks))
    return found


def chunk_of_line(line: str) -> Chunk | None:
    blocks = tuple(blocks_of_text(line))
    return Chunk(line, blocks) if blocks else None


@dataclass(frozen=True)
class Paragraph:
    """One place of the three texts; None where a text has nothing there."""

    name: str  # of the choice, in a form
    before: Chunk | None  # the wire whose text our piece has, or was last compared with
    ours: Chunk | None
    new: Chunk | None

    @cached_property
    def wire_changed(self) -> bool:
        return not _same(self.before, self.new)

    @cached_property
    def we_changed(self) -> bool:
        return not _same(self.before, self.ours)

    @cached_property
    def is_open(self) -> bool:
        """Whether there is anything to choose between."""
        return not _same(self.ours, self.new)

    @property
    def preset(self) -> Choice:
        """What nobody needs to think about; empty where both changed it."""
        if not self.is_open:
            return OURS
        if self.wire_changed and self.we_changed:
            return ""
        return NEW if self.wire_changed else OURS

    def chosen(self, choice: str) -> str:
        """The source of what `choice` says; empty where that text has nothing there."""
        chunk = self.new if choice == NEW else self.ours
        return chunk.source if chunk else ""

    # --- Drawn: safe HTML, with what differs from the old wire marked --------------------------

    @cached_property
    def before_html(self) -> str:
        other = self.new if self.wire_changed else self.ours
        return _drawn(row.before_body_html for row in _rows(self.before, other))

    @cached_property
    def ours_html(self) -> str:
        return _drawn(row.after_body_html for row in _rows(self.before, self.ours))

    @cached_property
    def new_html(self) -> str:
        return _drawn(row.after_body_html for row in _rows(self.before, self.new))


def paragraphs_of(before: str, ours: str, new: str) -> list[Paragraph]:
    """Three bodies, clean HTML, laid beside each other."""
    old, mine, theirs = (chunks_of_html(each) for each in (before, ours, new))
    rows = _merged(len(old), list(aligned(old, mine)), list(aligned(old, theirs)))
    often: dict[str, int] = {}
    found = []
    for was, our, now in rows:
        digest = _digest(was, our, now)
        often[digest] = often.get(digest, 0) + 1
        found.append(Paragraph(f"p-{digest}-{often[digest]}", was, our, now))
    return found


def line_of(name: str, before: str, ours: str, new: str) -> Paragraph:
    """A field of one line, chosen in the same way."""
    return Paragraph(name, chunk_of_line(before), chunk_of_line(ours), chunk_of_line(new))


def choices_from(paragraphs: Iterable[Paragraph], sent: Mapping[str, str]) -> dict[str, Choice]:
    """What was sent for each paragraph; the preset where nothing that can be chosen was."""
    choices: dict[str, Choice] = {}
    for each in paragraphs:
        value = sent.get(each.name, "")
        is_choice = value in {OURS, NEW} and each.is_open
        choices[each.name] = (OURS if value == OURS else NEW) if is_choice else each.preset
    return choices


def undecided(paragraphs: Iterable[Paragraph], choices: Mapping[str, Choice]) -> list[Paragraph]:
    return [each for each in paragraphs if not choices[each.name]]


def outcome_of(paragraphs: Iterable[Paragraph], choices: Mapping[str, Choice]) -> str:
    """The HTML of the text that was chosen. What is undecided yet is as we have it."""
    return "".join(each.chosen(choices[each.name]) for each in paragraphs)


type Three = tuple[Chunk | None, Chunk | None, Chunk | None]
type Pairs = list[tuple[Chunk | None, Chunk | None]]


def _merged(length: int, with_ours: Pairs, with_new: Pairs) -> Iterator[Three]:
    """Two alignments of the same old text as one: what both put in at the same place is laid
    beside each other."""
    ours, our_gaps = _partners(length, with_ours)
    new, new_gaps = _partners(length, with_new)
    old = [before for before, _other in with_ours if before is not None]
    for place, (our_gap, new_gap) in enumerate(zip(our_gaps, new_gaps, strict=True)):
        for our, now in (
            aligned(our_gap, new_gap) if our_gap and new_gap else _apart(our_gap, new_gap)
        ):
            yield None, our, now
        if place < length:
            yield old[place], ours[place], new[place]


def _apart(ours: list[Chunk], new: list[Chunk]) -> Iterator[tuple[Chunk | None, Chunk | None]]:
    yield from zip_longest(ours, [])
    yield from ((None, each) for each in new)


def _partners(length: int, pairs: Pairs) -> tuple[list[Chunk | None], list[list[Chunk]]]:
    """What stands beside each old one, and what was put in before each, and after the last."""
    partners: list[Chunk | None] = []
    gaps: list[list[Chunk]] = [[] for _place in range(length + 1)]
    for before, other in pairs:
        if before is not None:
            partners.append(other)
        elif other is not None:
            gaps[len(partners)].append(other)
    return partners, gaps


def _same(one: Chunk | None, other: Chunk | None) -> bool:
    return (one.key if one else None) == (other.key if other else None)


def _rows(before: Chunk | None, after: Chunk | None) -> list[Row]:
    pairs = aligned(before.blocks if before else (), after.blocks if after else ())
    return [Row(old, new) for old, new in pairs]


def _drawn(parts: Iterable[str]) -> str:
    return format_html_join("\n", "{}", ((part,) for part in parts if part))


def _digest(*chunks: Chunk | None) -> str:
    keys = repr([chunk.key if chunk else None for chunk in chunks])
    return sha256(keys.encode("utf-8", "surrogatepass")).hexdigest()[:16]
