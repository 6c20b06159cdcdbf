"""The pieces of a feed as they are read: with all that it tells of them, and what says whether that
is still the same."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.db.models import Model

from articles.keyset import in_order
from articles.listed import Named, authors_of, set_bylines
from articles.models import Article, Author, Byline, Correction, Topic
from newsroom.prepared import GivenKeys, Prepared


@dataclass(eq=False)
class Fed:
    """Two are equal where all is equal that was read of them."""

    article: Article
    authors: tuple[Named, ...] = ()
    topics: list[str] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)  # standing, newest first

    @cached_property
    def key(self) -> bytes:
        article = self.article
        rows = [article, article.section, article.source, article.lead_image, *self.corrections]
        read = [*map(_values, rows), self.authors, self.topics]
        return blake2b(repr(read).encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fed) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def piece(self) -> Article:
        """With its bylines, its topics and its `standing_corrections`."""
        article = self.article
        authors = (Author(name=name, slug=slug) for name, slug in self.authors)
        set_bylines(article, [Byline(article=article, author=author) for author in authors])
        prefetched: dict[str, Any] = article.__dict__["_prefetched_objects_cache"]
        prefetched["topics"] = [Topic(name=name) for name in self.topics]
        article.standing_corrections = self.corrections  # type: ignore[attr-defined]
        return article


def _values(row: Model | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def newest(number: int) -> list[Fed]:
    """Of the whole paper."""
    return _with_parts(_newest(limit=number))


def among(pks: Iterable[int]) -> list[Fed]:
    """Those of the pieces that readers may see, in the order of their keys."""
    wanted = list(pks)
    return _with_parts(in_order(_among(pks=wanted), wanted))


def _with_parts(articles: list[Article]) -> list[Fed]:
    pks = [article.pk for article in articles]
    authors, topics, corrections = authors_of(pks), defaultdict(list), defaultdict(list)
    for article, name in _topics(pks=pks):
        topics[article].append(name)
    for correction in _corrections(pks=pks):
        corrections[correction.article_id].append(correction)
    return [
        Fed(each, authors.get(each.pk, ()), topics[each.pk], corrections[each.pk])
        for each in articles
    ]


_newest = Prepared(lambda: Article.objects.published().for_feeds())
_among = Prepared(lambda: Article.objects.public_among(GivenKeys("pks")).for_feeds().order_by())
_topics = Prepared(
    lambda: (
        Article.topics.through.objects.filter(article__in=GivenKeys("pks"))
        .order_by("article", "topic__name")
        .values_list("article", "topic__name")
    )
)
_corrections = Prepared(lambda: Correction.objects.standing().filter(article__in=GivenKeys("pks")))
