"""What changed between two texts, word by word, side by side.

Paragraphs are laid beside each other first, then the words within those that changed. All work is
bounded: a body of the greatest length, wholly rewritten, takes two seconds: see
docs/decisions/desk.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby, zip_longest
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from rapidfuzz.distance import LCSseq

from articles.text_blocks import PARAGRAPH, Block, Run, blocks_of_html, blocks_of_text

MOST_PAIRS = 40_000  # of changed paragraphs that are weighed against each other
MOST_CELLS = 64_000_000  # of words before times words after, in one paragraph: 8 MB of memory
ALIKE = 0.3  # of their words: from there on two paragraphs are taken for one that was changed
FOLD_FROM = 2  # unchanged paragraphs, beside those next to a change


class Worded(Protocol):
    """What is laid beside another: told apart by its key, likened by its words."""

    @property
    def key(self) -> tuple[object, ...]: ...

    @property
    def words(self) -> list[Run]: ...


type Part = tuple[bool, list[Run]]  # whether it stayed, its words
type Span = tuple[bool, slice, slice]  # whether it stayed, where it was, where it is


class Row:
    """A paragraph before and after, None where it was not there. Drawn when it is printed."""

    def __init__(self, before: Block | None, after: Block | None) -> None:
        self.before, self.after = before, after

    @cached_property
    def is_changed(self) -> bool:
        return not (self.before and self.after) or self.before.key != self.after.key

    @cached_property
    def before_body_html(self) -> str:
        """Safe HTML with `del`; empty where nothing was there."""
        return _drawn(self.before, self._sides[0], "del") if self.before else ""

    @cached_property
    def after_body_html(self) -> str:
        """Safe HTML with `ins`; empty where nothing is there any more."""
        return _drawn(self.after, self._sides[1], "ins") if self.after else ""

    @cached_property
    def _sides(self) -> tuple[list[Part], list[Part]]:
        old, new = self.before, self.after
        if old is None or new is None or not self.is_changed:
            stayed = not self.is_changed
            return [(stayed, old.runs if old else [])], [(stayed, new.runs if new else [])]
        before, after = old.words, new.words
        if old.kind != new.kind:  # a heading made a paragraph: that is named before the words
            before, after = [old.named, *before], [new.named, *after]
        spans = _word_spans(before, after)
        return (
            [(stayed, before[part]) for stayed, part, _new in spans],
            [(stayed, after[part]) for stayed, _old, part in spans],
        )


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other. A folded one holds what nobody changed."""

    rows: list[Row]
    is_folded: bool


def side_by_side(before: str, after: str, *, is_html: bool) -> tuple[str, str]:
    """Both texts as safe HTML: the first with `del`, the second with `ins` around what differs.

    `is_html` says that both are clean HTML (articles/body_html.py). Links are text in it.
    """
    rows = compare(before, after, is_html=is_html)
    return (
        format_html_join("\n", "{}", ((row.before_body_html,) for row in rows)),
        format_html_join("\n", "{}", ((row.after_body_html,) for row in rows)),
    )


def compare(before: str, after: str, *, is_html: bool) -> list[Row]:
    """The paragraphs of both texts beside each other. See side_by_side()."""
    blocks_of = blocks_of_html if is_html else blocks_of_text
    return [Row(old, new) for old, new in aligned(blocks_of(before), blocks_of(after))]


def stretches(rows: Iterable[Row]) -> list[Stretch]:
    """The rows in their order, long unchanged stretches folded: but for the row beside a change."""
    found: list[Stretch] = []
    groups = [
        (changed, list(group)) for changed, group in groupby(rows, lambda row: row.is_changed)
    ]
    for number, (is_changed, group) in enumerate(groups):
        start = 1 if number > 0 else 0
        stop = len(group) - 1 if number < len(groups) - 1 else len(group)
        if is_changed or stop - start < FOLD_FROM:
            found.append(Stretch(group, is_folded=False))
            continue
        parts = [group[:start], group[start:stop], group[stop:]]
        found += [Stretch(part, is_folded=at == 1) for at, part in enumerate(parts) if part]
    return found


# --- Paragraphs --------------------------------------------------------------------------------


def aligned[W: Worded](
    before: Sequence[W], after: Sequence[W]
) -> Iterator[tuple[W | None, W | None]]:
    """What stayed beside itself, what changed beside what it was most likely made from."""
    for stayed, old, new in _spans([each.key for each in before], [each.key for each in after]):
        if stayed:
            yield from zip(before[old], after[new], strict=True)
        else:
            yield from _paired(before[old], after[new])


def _spans(before: list[object], after: list[object]) -> Iterator[Span]:
    """By their longest common subsequence."""
    numbers: dict[object, int] = {}
    old, new = ([numbers.setdefault(key, len(numbers)) for key in keys] for keys in (before, after))
    start_old = start_new = 0
    for block in LCSseq.opcodes(old, new):
        if block.tag != "equal":
            continue
        if (start_old, start_new) != (block.src_start, block.dest_start):
            yield False, slice(start_old, block.src_start), slice(start_new, block.dest_start)
        yield True, slice(block.src_start, block.src_end), slice(block.dest_start, block.dest_end)
        start_old, start_new = block.src_end, block.dest_end
    if (start_old, start_new) != (len(old), len(new)):
        yield False, slice(start_old, len(old)), slice(start_new, len(new))


def _paired[W: Worded](
    before: Sequence[W], after: Sequence[W]
) -> Iterator[tuple[W | None, W | None]]:
    """In their order, so that the paragraphs beside each other are as alike as can be."""
    if len(before) * len(after) > MOST_PAIRS:
        yield from zip_longest(before, after)
        return
    best = _likeness(before, after)
    old = new = 0
    while old < len(before) or new < len(after):
        here = best[old][new]
        if old < len(before) and here == best[old + 1][new]:
            yield before[old], None
            old += 1
        elif new < len(after) and here == best[old][new + 1]:
            yield None, after[new]
            new += 1
        else:
            yield before[old], after[new]
            old, new = old + 1, new + 1


def _likeness[W: Worded](before: Sequence[W], after: Sequence[W]) -> list[list[float]]:
    """How alike the paragraphs from each place on can be made, by pairing them in order."""
    numbers: dict[object, int] = {}
    words_before, words_after = (
        [[numbers.setdefault(word.key, len(numbers)) for word in each.words] for each in blocks]
        for blocks in (before, after)
    )
    best = [[0.0] * (len(after) + 1) for _each in range(len(before) + 1)]
    for old in reversed(range(len(before))):
        for new in reversed(range(len(after))):
            alike = LCSseq.normalized_similarity(
                words_before[old], words_after[new], score_cutoff=ALIKE
            )
            paired = alike + best[old + 1][new + 1] if alike else 0.0
            best[old][new] = max(paired, best[old + 1][new], best[old][new + 1])
    return best


# --- Words -------------------------------------------------------------------------------------


def _word_spans(before: list[Run], after: list[Run]) -> list[Span]:
    if len(before) * len(after) > MOST_CELLS:
        return [(False, slice(0, len(before)), slice(0, len(after)))]
    spans = _spans([word.key for word in before], [word.key for word in after])
    return _without_crumbs(spans, _lengths(before), _lengths(after))


def _lengths(words: list[Run]) -> list[int]:
    """How many characters stand before each place."""
    return [0, *accumulate(len(word.text.strip()) for word in words)]


def _without_crumbs(spans: Iterable[Span], before: list[int], after: list[int]) -> list[Span]:
    """A word or a sign that stayed between longer changes tells nothing: it joins the change."""

    def length(span: Span) -> int:
        _stayed, old, new = span
        return max(before[old.stop] - before[old.start], after[new.stop] - after[new.start])

    kept: list[Span] = []
    for span in spans:
        kept.append(span)
        while len(kept) >= 3 and not span[0]:
            first, crumb, last = kept[-3:]
            if 2 * length(crumb) > min(length(first), length(last)):
                break
            span = (False, slice(first[1].start, last[1].stop), slice(first[2].start, last[2].stop))
            kept[-3:] = [span]
    return kept


# --- As HTML -----------------------------------------------------------------------------------


def _drawn(block: Block, parts: Iterable[Part], tag: str) -> str:
    inner = format_html_join(
        "",
        "{}",
        ((_runs(words) if stayed else _marked(tag, words),) for stayed, words in parts if words),
    )
    if block.kind == PARAGRAPH:
        return format_html("<p>{}</p>", inner)
    return format_html('<p class="change-{}">{}</p>', block.kind, inner)


def _marked(tag: str, words: list[Run]) -> str:
    """Told in words, too, to those who can't see it: screen readers seldom do it by themselves."""
    words, space = _without_last_space(words)
    begins, ends = (
        (_("deleted:"), _("end of what was deleted"))
        if tag == "del"
        else (_("inserted:"), _("end of what was inserted"))
    )
    return format_html(
        '<{} class="change"><span class="visually-hidden">{} </span>{}'
        '<span class="visually-hidden"> ({})</span></{}>{}',
        tag,
        begins,
        _runs(words, is_changed=True),
        ends,
        tag,
        space,
    )


def _without_last_space(words: list[Run]) -> tuple[list[Run], str]:
    last = words[-1]
    text = last.text.rstrip(" ")
    return [*words[:-1], Run(text, last.marks, last.link)], last.text[len(text) :]


def _runs(words: list[Run], *, is_changed: bool = False) -> str:
    """Words with their emphasis, and where links of theirs lead, if that may be what changed."""
    drawn = []
    for (marks, link), run in groupby(words, key=lambda word: (word.marks, word.link)):
        html = _lines("".join(word.text for word in run), line_end="↵" if is_changed else "")
        for mark in marks:
            html = format_html("<{}>{}</{}>", mark, html, mark)
        if link and is_changed:
            html = format_html('{} <span class="change-link">({})</span>', html, link)
        drawn.append((html,))
    return format_html_join("", "{}", drawn)


def _lines(text: str, *, line_end: str) -> str:
    line_break = format_html("{}<{}>", line_end, "br")
    return format_html_join(line_break, "{}", ((line,) for line in text.split("\n")))
