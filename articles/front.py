"""Which pieces stand where on the front page: decided when it is read, by places and clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Cast, RowNumber

from articles.listed import Listed, listed
from articles.models import Article, FrontPlace, Section
from newsroom import prepared

FIRST = 1 + FrontPlace.FURTHER
BLOCK = FrontPlace.IN_A_BLOCK
MORE = 15
# Of a block's newest pieces, so many at most stand above it already.
BLOCK_CANDIDATES = BLOCK + FIRST
# Enough to fill the first places, and the end of the page below the blocks of 30 sections.
NEWEST = FIRST + MORE + 30 * BLOCK


@dataclass
class Block:
    section: Section
    pieces: list[Listed]


@dataclass
class Front:
    """The page from head to foot: the lead and the five below it, the blocks, the rest."""

    first: list[Listed]
    blocks: list[Block]
    more: list[Listed]

    def __iter__(self) -> Iterator[Listed]:
        yield from self.first
        for block in self.blocks:
            yield from block.pieces
        yield from self.more


class Candidate(NamedTuple):
    """A public piece that may stand in the block of a section, or without one at the top.

    `place` is the one an editor gave to it. Without it the piece is there for being new: the
    newest of a section has `rank` 0, and the newest of the whole paper as well.
    """

    section: int | None
    place: int | None
    rank: int
    piece: int


class Arrangement(NamedTuple):
    """Primary keys of pieces: the first ones, those of each block by its section, the rest."""

    first: list[int]
    blocks: dict[int, list[int]]
    more: list[int]


def front_page() -> Front:
    """The front page as readers see it now, with three queries whatever stands on it."""
    return front_of(candidates())


def front_of(candidates: list[Candidate]) -> Front:
    arrangement = arrange(candidates)
    wanted = [*arrangement.first, *arrangement.more]
    for pieces in arrangement.blocks.values():
        wanted += pieces
    found = {piece.pk: piece for piece in listed(wanted)}

    def there(pieces: list[int]) -> list[Listed]:
        return [found[pk] for pk in pieces if pk in found]

    blocks = [
        Block(pieces[0].section, pieces)
        for pieces in map(there, arrangement.blocks.values())
        if pieces
    ]
    blocks.sort(key=lambda block: (block.section.position, block.section.name))
    return Front(there(arrangement.first), blocks, there(arrangement.more))


def arrange(candidates: list[Candidate]) -> Arrangement:
    """First those with a place, then the newest that stand nowhere yet. None stands twice."""
    given: dict[tuple[int | None, int], int] = {}
    for each in sorted(candidates, key=lambda each: (each.section or 0, each.place or 0)):
        if each.place is not None and each.piece not in given.values():
            given[each.section, each.place] = each.piece
    standing = set(given.values())
    new = sorted((each for each in candidates if each.place is None), key=attrgetter("rank"))

    def newest(section: int | None, number: int) -> list[int]:
        free = [
            each.piece for each in new if each.section == section and each.piece not in standing
        ]
        standing.update(free[:number])
        return free[:number]

    def fill(section: int | None, size: int) -> list[int]:
        places = [given.get((section, place)) for place in range(size)]
        filling = iter(newest(section, places.count(None)))
        pieces = (piece or next(filling, None) for piece in places)
        return [piece for piece in pieces if piece]

    first = fill(None, FIRST)
    sections = sorted({each.section for each in candidates if each.section})
    blocks = {section: fill(section, BLOCK) for section in sections}
    return Arrangement(first, blocks, newest(None, MORE))


def candidates() -> list[Candidate]:
    """All that may stand on the page now, in one query whose cost grows with the blocks alone."""
    return [each for each in map(Candidate._make, _may_stand()) if each.piece]


@prepared.Prepared
def _may_stand() -> Any:
    of_sections = [_of_sections(rank) for rank in range(BLOCK_CANDIDATES)]
    return _of_the_paper().union(_with_a_place(), *of_sections, all=True).order_by()


def _nothing() -> Cast:
    """NULL of a type, for PostgreSQL lets no part of a union guess it."""
    return Cast(Value(None), BigIntegerField())


def _with_a_place() -> Any:
    """What editors placed: public, not expired, and in a block still of that section."""
    in_force = Q(until=None) | Q(until__gt=prepared.now())
    is_public = Article.objects.is_public_of("article")
    is_of_section = Article.objects.filter(section=OuterRef("section")).is_public_of("article")
    return (
        FrontPlace.objects.filter(
            in_force,
            Q(is_public, section=None) | Q(is_of_section, section__is_on_front=True),
        )
        .order_by()
        .values_list("section_id", "position", Value(0), "article_id")
    )


def _of_the_paper() -> Any:
    newest = Article.objects.published().values("pk")[:NEWEST]
    older = Window(RowNumber(), order_by=[F("published_at").desc(), F("pk").desc()])
    return (
        Article.objects.filter(pk__in=newest)
        .order_by()
        .values_list(_nothing(), _nothing(), older - 1, "pk")
    )


def _of_sections(rank: int) -> Any:
    """The newest piece of each section that has a block, or with `rank` 1 the second newest …"""
    pieces = Article.objects.published().filter(section=OuterRef("pk")).values("pk")
    return (
        Section.objects.filter(is_on_front=True)
        .annotate(piece=Subquery(pieces[rank : rank + 1]))
        .order_by()
        .values_list("pk", _nothing(), Value(rank), "piece")
    )
