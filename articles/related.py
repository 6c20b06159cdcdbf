"""What a reader may go on with: the pieces beside this one in its section, and those related."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import log2
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    Expression,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from articles.linked import LINK_FIELDS, Linked
from articles.models import Article, Pin
from newsroom.page_store import remembered
from newsroom.prepared import Given, Prepared

RELATED = Pin.MOST
# Looked at for what is related: the newest pieces of each topic, and so many topics at most.
CANDIDATES, TOPICS = 50, 10
# A piece that is so much older or newer than the one that is read counts half.
HALVED = timedelta(days=180)


@dataclass(frozen=True)
class Beside:
    previous: Linked | None
    next: Linked | None
    related: tuple[Linked, ...]


class Found(NamedTuple):
    """A public piece, and what it was found as: `number` is the place of a pin, or the topic."""

    kind: str
    number: int
    piece: Linked


def beside(article: Article) -> Beside:
    """For a public piece whose topics are prefetched: with one query, and the same answer as long
    as the pieces and their topics stay the same."""
    topics = sorted(topic.pk for topic in article.topics.all())[:TOPICS]
    return _beside(article.pk, article.section_id, _date(article), tuple(topics))


@remembered
def _beside(pk: int, section: int, moment: datetime, topics: tuple[int, ...]) -> Beside:
    """Replies do not change it, which most pages of pieces are drawn anew for."""
    found = list(_found(pk, section, moment, topics))
    of_section = {each.kind: each.piece for each in found if each.kind in ("previous", "next")}
    return Beside(of_section.get("previous"), of_section.get("next"), _related(moment, found))


def _related(moment: datetime, found: list[Found]) -> tuple[Linked, ...]:
    """First the pins, then those that share the rarest topics and are nearest in time."""
    pins = sorted((each for each in found if each.kind == "pin"), key=lambda each: each.number)
    of_topic: dict[int, list[Linked]] = defaultdict(list)
    for each in found:
        if each.kind == "topic":
            of_topic[each.number].append(each.piece)
    pieces: dict[int, Linked] = {}
    scores: dict[int, float] = defaultdict(float)
    for of_one in of_topic.values():
        weight = _rarity(moment, of_one)
        for piece in of_one:
            pieces[piece.pk] = piece
            scores[piece.pk] += weight / (1 + _apart(moment, piece) / HALVED)
    best = sorted(
        scores, key=lambda pk: (-round(scores[pk], 9), -pieces[pk].published_at.timestamp(), -pk)
    )
    chosen = {each.piece.pk: each.piece for each in pins}
    for pk in best:
        chosen.setdefault(pk, pieces[pk])
    return tuple(chosen.values())[:RELATED]


def _rarity(moment: datetime, pieces: list[Linked]) -> float:
    """The fewer pieces a year have the topic, the more it tells. By the newest of them."""
    span = max((_apart(moment, piece) for piece in pieces), default=timedelta())
    a_year = len(pieces) * timedelta(days=365) / max(span, timedelta(days=30))
    return 1 / log2(2 + a_year)


def _apart(moment: datetime, piece: Linked) -> timedelta:
    return abs(moment - piece.published_at)


def _date(article: Article) -> datetime:
    assert article.published_at  # only what is public is asked about
    return article.published_at


def _found(pk: int, section: int, moment: datetime, topics: tuple[int, ...]) -> Iterator[Found]:
    rows = _query(len(topics), CANDIDATES)(
        section=section,
        moment=moment,
        pk=pk,
        **{_name(place): topic for place, topic in enumerate(topics)},
    )
    for kind, number, *values in rows:
        yield Found(kind, number, Linked._make(values))


@cache
def _query(topics: int, candidates: int) -> Prepared[Any]:
    """Of a piece with so many topics, and of so many pieces for each."""

    def make() -> QuerySet[Any, Any]:
        first, *others = _parts(topics, candidates)
        return first.union(*others, all=True).order_by()

    return Prepared(make)


def _parts(topics: int, candidates: int) -> Iterator[QuerySet[Any]]:
    """A part of the query for each kind. What is cut to a number is cut in a subquery, for a part
    of a union must not be on SQLite."""
    moment, pk = Given("moment", DateTimeField()), Given("pk")
    of_section = {"section": Given("section")}
    older = Article.objects.published(until=moment).filter(**of_section)
    older = older.exclude(published_at=moment, pk__gte=pk)
    newer = Article.objects.published().filter(published_at__gte=moment, **of_section)
    newer = newer.exclude(published_at=moment, pk__lte=pk).order_by("published_at", "pk")
    yield _rows("previous", Value(0), older.values("pk")[:1])
    yield _rows("next", Value(0), newer.values("pk")[:1])
    pins = Pin.objects.filter(article=pk).order_by()
    pinned = pins.filter(piece=OuterRef("pk")).values("position")
    yield _rows("pin", Subquery(pinned), pins.values("piece"))
    for topic in map(Given, map(_name, range(topics))):
        links = Article.topics.through.objects.filter(topic=topic).order_by("-pk")
        others = links.exclude(article=pk)
        yield _rows("topic", topic, others.values("article")[:candidates])


def _name(place: int) -> str:
    return f"topic_{place}"


def _rows(kind: str, number: Expression | Subquery, few: QuerySet[Any]) -> QuerySet[Any]:
    pieces = Article.objects.public_among(few).order_by()
    return pieces.values_list(Value(kind), Cast(number, BigIntegerField()), *LINK_FIELDS)
