"""Pieces of which a page shows little more than the headline: plain rows, as those of listed.py."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from articles.age import age
from articles.models import Article
from articles.models.article import path_of
from newsroom.language import direction_of
from newsroom.prepared import GivenKeys, Prepared
from newsroom.stencils import kept

LINK_FIELDS = ("pk", "slug", "headline", "language", "text_direction", "published_at")


class Linked(NamedTuple):
    """A public piece, with what templates/articles/_piece_link.html shows of it: LINK_FIELDS."""

    pk: int
    slug: str
    headline: str
    language: str
    text_direction: str
    published_at: datetime

    def get_absolute_url(self) -> str:
        return path_of(self.slug)

    @property
    def direction(self) -> str:
        return self.text_direction or direction_of(self.language)


rows_of = Prepared(
    lambda: Article.objects.public_among(GivenKeys("pks")).order_by().values_list(*LINK_FIELDS)
)
newest_rows = Prepared(lambda: Article.objects.published().values_list(*LINK_FIELDS))


def linked(pks: Iterable[int]) -> dict[int, Linked]:
    """Those of the pieces that readers may see, by their keys, with one query."""
    wanted = list(pks)
    return {row[0]: Linked._make(row) for row in rows_of(pks=wanted)} if wanted else {}


def newest(number: int) -> list[Linked]:
    return [Linked._make(row) for row in newest_rows(limit=number)]


def piece_link(piece: Linked) -> str:
    """The HTML of the link to a piece, kept by what it says."""
    return kept("articles/_piece_link.html", _link, piece, age(piece.published_at))


def _link(piece: Linked, age: str) -> dict[str, Any]:
    return {"article": piece, "age": age}
