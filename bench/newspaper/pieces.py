"""Pieces with their bylines, topics, versions, pictures, corrections and search entries."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, count

from django.contrib.auth.models import User
from django.db import connection, transaction

from articles import reading_time
from articles.models import (
    Article,
    Author,
    Byline,
    Correction,
    Image,
    ImageUse,
    Revision,
    SearchEntry,
    Section,
    Source,
    Topic,
)
from articles.models.search_entry import second_key
from articles.search.documents import filed
from bench.newspaper.bulk import Row, Table
from bench.newspaper.words import Text, Words, document, html

CHUNK = 2000
A_DAY = 100
STEP = timedelta(days=1) / A_DAY
SCHEDULED_FROM = timedelta(days=30)  # from now: nothing becomes public while one measures
# By the last two digits of a piece's number: what it is if not published, and how many replies it
# has, where there are ten times as many as pieces.
_PLACES = random.Random(0).sample(range(100), 100)
STATES = dict(zip(_PLACES, ["draft"] * 3 + ["in_review"] + ["withdrawn"] * 3, strict=False))
_REPLIES = [0] * 40 + [2] * 30 + [15] * 10 + [10] * 15 + [50] * 4 + [440]
REPLIES = dict(zip(_PLACES, _REPLIES, strict=True))
CORRECTED = "The ferry leaves at nine, not at eight."
SHAPES = (0, 100, 1000, 100_000)  # one piece more for each, with so many replies


@dataclass
class Desk:
    """Who and what pieces refer to."""

    words: Words
    staff: list[User]
    sections: list[Section]
    sources: list[Source]
    authors: list[Author]
    topics: list[Topic]
    images: list[Image]
    names: dict[str, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Some topics and authors have many pieces, most have few.
        self.of_authors = list(accumulate(1 / rank for rank in range(1, len(self.authors) + 1)))
        self.of_topics = list(accumulate(1 / rank for rank in range(1, len(self.topics) + 1)))
        self.names = {each.name: Text.of(each.name) for each in self.authors}
        self.names |= {each.name: Text.of(each.name) for each in self.topics}


@dataclass
class Piece:
    """What the rows of one piece are made of."""

    pk: int
    slug: str
    status: str
    at: datetime  # dated, or begun where it is a draft
    headline: Text
    standfirst: Text
    body: list[Text]
    section: Section
    source: Source | None
    authors: list[Author]
    topics: list[Topic]
    image: Image | None
    replies: int
    by: User
    is_corrected: bool = False
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    reply_count: int = 0  # approved ones

    @property
    def minutes(self) -> int:
        return -(-sum(len(each.tokens) for each in self.body) // reading_time.WORDS)

    @property
    def has_been_published(self) -> bool:
        return self.status in {"published", "withdrawn"}


@dataclass(frozen=True)
class Plan:
    pieces: int
    replies: int
    now: datetime
    shapes: tuple[int, ...] = SHAPES

    def all(self, desk: Desk) -> Iterator[list[Piece]]:
        """In the order of their keys, in chunks. Each chunk has a seed of its own."""
        for first in range(0, self.pieces, CHUNK):
            chance = random.Random(f"pieces {first}")
            numbers = range(first, min(first + CHUNK, self.pieces))
            yield [self.piece(number, chance, desk) for number in numbers]
        chance = random.Random("shapes")
        yield [self.shaped(place, chance, desk) for place in range(len(self.shapes))]

    def piece(self, number: int, chance: random.Random, desk: Desk) -> Piece:
        place = number % 100
        replies = REPLIES[place] * self.replies // (self.pieces * 10)
        piece = _written(number + 1, f"piece-{number}", replies, chance, desk)
        piece.status = STATES.get(place, "published")
        piece.at = self.now - STEP * (self.pieces - number)
        if piece.status == "draft" and number >= self.pieces - 7 * A_DAY:
            piece.status = "published"
            piece.at = self.now + SCHEDULED_FROM + timedelta(minutes=number % 5000)
        if piece.has_been_published:
            piece.published_at = piece.at
            if piece.status == "withdrawn":
                piece.withdrawn_at = min(piece.at + timedelta(days=2), self.now)
            elif piece.at < self.now:
                piece.is_corrected = chance.random() < 0.005
        return piece

    def shaped(self, place: int, chance: random.Random, desk: Desk) -> Piece:
        """They are of two days ago, so that they stand on no first page, but among the latest."""
        replies = self.shapes[place]
        piece = _written(self.pieces + place + 1, f"replies-{replies}", replies, chance, desk)
        piece.image = desk.images[0] if desk.images else None
        piece.published_at = piece.at = self.now - timedelta(days=2, seconds=place)
        return piece

    @property
    def total(self) -> int:
        return self.pieces + len(self.shapes)


def _written(pk: int, slug: str, replies: int, chance: random.Random, desk: Desk) -> Piece:
    headline = chance.choice(desk.words.headlines)
    numbered = Text(f"{headline.plain} {pk}", [*headline.tokens, str(pk)], headline.stems)
    both = chance.choices(desk.topics, cum_weights=desk.of_topics, k=2)
    writers = chance.choices(desk.authors, cum_weights=desk.of_authors, k=chance.choice([1, 1, 2]))
    return Piece(
        pk=pk,
        slug=slug,
        status="published",
        at=datetime.min,
        headline=numbered,
        standfirst=chance.choice(desk.words.standfirsts),
        body=desk.words.body(chance),
        section=chance.choice(desk.sections),
        source=chance.choice([*[None] * len(desk.sources), *desk.sources]),
        authors=_once(writers),
        topics=_once(both),
        image=chance.choice(desk.images) if desk.images and pk % 2 else None,
        replies=replies,
        by=chance.choice(desk.staff),
    )


def _once[Named: (Author, Topic)](several: list[Named]) -> list[Named]:
    """In the order of their names, as they are asked for."""
    return sorted({each.pk: each for each in several}.values(), key=lambda each: each.name)


class Tables:
    """Those that pieces are written to."""

    MODELS = (
        *(Article, Byline, Article.topics.through, Revision, ImageUse, Correction),
        SearchEntry,
    )

    def __init__(self, now: datetime) -> None:
        self.now, self.keys = now, count(1)
        self.stamp = connection.ops.adapt_datetimefield_value
        self.articles = Table(
            Article,
            *("id", "headline", "slug", "standfirst", "body", "body_html", "reading_minutes"),
            *("section_id", "source_id", "lead_image_id", "status", "published_at"),
            *("withdrawn_at", "withdrawn_reason", "changed_at"),
            *("created_at", "updated_at", "begun_by_id", "reply_count"),
            version=1,
        )
        self.bylines = Table(Byline, "article_id", "author_id", "position")
        self.topics = Table(Article.topics.through, "article_id", "topic_id")
        self.revisions = Table(
            Revision,
            *("article_id", "content", "status", "published_at", "at", "by_id"),
            number=1,
        )
        self.uses = Table(ImageUse, "article_id", "image_id", place="lead")
        self.corrections = Table(Correction, "article_id", "text", "at", "by_id", kind="correction")
        self.entries = Table(SearchEntry, "key", "article_id", *WORDS)

    def write(self, pieces: list[Piece], desk: Desk) -> None:
        with transaction.atomic():
            self.articles.insert(map(self._article, pieces))
            self.bylines.insert(
                (each.pk, author.pk, position)
                for each in pieces
                for position, author in enumerate(each.authors)
            )
            self.topics.insert((each.pk, topic.pk) for each in pieces for topic in each.topics)
            self.revisions.insert(map(self._revision, pieces))
            self.uses.insert((each.pk, each.image.pk) for each in pieces if each.image)
            self.corrections.insert(
                (each.pk, CORRECTED, self._changed(each), each.by.pk)
                for each in pieces
                if each.is_corrected
            )
            self.entries.insert(entry(each, desk) for each in pieces if each.status == "published")

    def _article(self, each: Piece) -> Row:
        body = html(each.body)
        return (
            *(each.pk, each.headline.plain, each.slug, each.standfirst.plain, body, body),
            *(each.minutes, each.section.pk, each.source and each.source.pk),
            *(each.image and each.image.pk, each.status, self._moment(each.published_at)),
            self._moment(each.withdrawn_at),
            "It was of another ferry." if each.withdrawn_at else "",
            self._changed(each) if each.is_corrected else None,
            self.stamp(min(each.at, self.now)),
            self.stamp(min(each.at + timedelta(hours=1), self.now)),
            each.by.pk,
            each.reply_count,
        )

    def _revision(self, each: Piece) -> Row:
        # The text, a fifth of all there would be, is left out: nothing is compared with it.
        content = {"headline": each.headline.plain}
        at = self.stamp(min(each.at, self.now))
        published_at = self._moment(each.published_at)
        return each.pk, json.dumps(content), each.status, published_at, at, each.by.pk

    def _moment(self, moment: datetime | None) -> str | datetime | None:
        stamped: str | datetime | None = self.stamp(moment) if moment else None
        return stamped

    def _changed(self, each: Piece) -> str | datetime | None:
        return self._moment(min(each.at + timedelta(hours=5), self.now))


WORDS = ("headline", "standfirst", "names", "body", "filed")


def entry(each: Piece, desk: Desk) -> Row:
    """The row by which search knows a published piece: see SearchEntry.follow()."""
    assert each.published_at
    authors = [desk.names[author.name] for author in each.authors]
    topics = [desk.names[topic.name] for topic in each.topics]
    names = Text(
        "",
        [token for name in [*authors, *topics] for token in name.tokens],
        [stem for name in [*authors, *topics] for stem in name.stems],
    )
    tokens = [filed("section", each.section.pk)]
    tokens += [filed("topic", topic.pk) for topic in each.topics]
    tokens += [filed("source", each.source.pk)] if each.source else []
    words = document(each.headline, each.standfirst, names, each.body, " ".join(tokens))
    return second_key(each.published_at) + each.pk, each.pk, *words
