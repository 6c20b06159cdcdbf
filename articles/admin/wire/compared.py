"""The three texts of a wire and its piece, as places to choose at, and what was chosen so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles.body_html import clean
from articles.importers.wire.document import Signal
from articles.models import Article, Byline, WireItem, WireVersion
from articles.wire import drafts
from articles.wire.lines import LABELS, lines_of_piece, lines_of_wire
from articles.wire.three_texts import (
    NEW,
    Choice,
    Paragraph,
    choices_from,
    line_of,
    outcome_of,
    paragraphs_of,
    undecided,
)

BYLINE = "byline"
FOLD_FROM = 2  # places in a row that nobody changed


@dataclass(frozen=True)
class Place:
    """A paragraph or a line of the three texts, and what was chosen there."""

    title: str | Promise
    paragraph: Paragraph
    choice: Choice

    @property
    def is_same(self) -> bool:
        """Whether neither the wire nor we have changed it."""
        return not (self.paragraph.wire_changed or self.paragraph.we_changed)

    @property
    def why(self) -> str:
        ours, wire = self.paragraph.we_changed, self.paragraph.wire_changed
        if ours and wire:
            return _("changed by us and by the wire")
        return _("changed by the wire") if wire else _("changed by us")


@dataclass(frozen=True)
class PlaceGroup:
    """Places that follow each other. A folded one holds what nobody changed."""

    places: list[Place]
    is_folded: bool


@dataclass
class Comparison:
    item: WireItem
    article: Article
    before: WireVersion | None  # whose text our piece had, or was last compared with
    newest: WireVersion
    lines: list[Paragraph]
    paragraphs: list[Paragraph]
    choices: dict[str, Choice]

    @classmethod
    def of(cls, item: WireItem, sent: Mapping[str, str]) -> "Comparison":
        """Of a taken item: with the choices that were `sent`, and presets for the others."""
        article, before, newest = item.article, item.taken_version, item.newest
        assert article is not None and newest is not None
        old = lines_of_wire(before) if before else {}
        ours, new = lines_of_piece(article), lines_of_wire(newest)
        lines = [line_of(name, old.get(name, ""), ours[name], new[name]) for name in LABELS]
        lines.insert(2, line_of(BYLINE, *bylines_of(item, article, before, newest)))
        paragraphs = paragraphs_of(before.body if before else "", article.body, newest.body)
        choices = choices_from([*lines, *paragraphs], sent)
        return cls(item, article, before, newest, lines, paragraphs, choices)

    @cached_property
    def places(self) -> list[Place]:
        titles = [_label(each.name) for each in self.lines]
        titles += [_("Paragraph %d") % number for number in range(1, len(self.paragraphs) + 1)]
        return [
            Place(title, each, self.choices[each.name])
            for title, each in zip(titles, [*self.lines, *self.paragraphs], strict=True)
        ]

    @property
    def groups(self) -> Iterator[PlaceGroup]:
        for is_same, group in groupby(self.places, lambda place: place.is_same):
            places = list(group)
            yield PlaceGroup(places, is_folded=is_same and len(places) >= FOLD_FROM)

    @property
    def undecided(self) -> list[Place]:
        names = {each.name for each in undecided([*self.lines, *self.paragraphs], self.choices)}
        return [place for place in self.places if place.paragraph.name in names]

    @property
    def body(self) -> str:
        return outcome_of(self.paragraphs, self.choices)

    @property
    def body_html(self) -> str:
        """Cleaned once more, as it will be when it is saved. Raises ValidationError if too long."""
        return clean(self.body)

    @property
    def fields(self) -> dict[str, str]:
        """The lines of the piece that were chosen, by the names of its fields."""
        return {name: text for name, text in self._chosen_lines().items() if name != BYLINE}

    @property
    def byline(self) -> list[str] | None:
        """The names that the newest wire gives, where those were chosen and are others."""
        line = next(each for each in self.lines if each.name == BYLINE)
        if not line.is_open or self.choices[BYLINE] != NEW:
            return None
        return drafts.names_in(self.newest.byline, self.item.provider)

    @property
    def outcome_lines(self) -> list[tuple[str | Promise, str]]:
        return [(_label(name), text) for name, text in self._chosen_lines().items()]

    def _chosen_lines(self) -> dict[str, str]:
        return {each.name: each.chosen(self.choices[each.name]) for each in self.lines}

    @property
    def can_tell_readers(self) -> bool:
        return self.newest.signal == Signal.CORRECTION and self.article.is_public

    @property
    def advisory(self) -> list[str]:
        return self.newest.advisory.splitlines()

    def was_drawn_from(self, sent: Mapping[str, str]) -> bool:
        """Whether what was `sent` is a form that shows what there is now."""
        return (sent.get("version"), sent.get("wire_version")) == (
            str(self.article.version),
            str(self.newest.number),
        )


def bylines_of(
    item: WireItem, article: Article, before: WireVersion | None, newest: WireVersion
) -> tuple[str, str, str]:
    """The people that each of the three names."""
    ours = [each.author.name for each in article.bylines.with_authors()]
    old, new = (
        drafts.names_in(version.byline, item.provider) if version else []
        for version in (before, newest)
    )
    return ", ".join(old), ", ".join(ours), ", ".join(new)


def _label(name: str) -> str | Promise:
    return Byline._meta.verbose_name_plural or name if name == BYLINE else LABELS[name]
