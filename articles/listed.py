"""Pieces as lists show them: plain rows, for a page has dozens of them.

A row holds all that its card says. So the HTML of a card is kept by what stands in the row, and
drawn again only where that is new: the pages of a paper show the same few hundred pieces.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils.html import format_html_join

from articles.age import years_since
from articles.models import Article, Author, Byline, Image, Section, Source
from articles.models.article import path_of
from newsroom.language import direction_of
from newsroom.prepared import GivenKeys, Prepared
from newsroom.stencils import kept

type Named = tuple[str, str]  # name and slug


class Listed(NamedTuple):
    """A public piece with all that a list shows of it."""

    pk: int
    slug: str
    headline: str
    standfirst: str
    language: str
    text_direction: str
    published_at: datetime
    reading_minutes: int
    section_id: int
    section_name: str
    section_slug: str
    section_position: int
    source_name: str | None
    source_slug: str | None
    image_token: str | None
    image_version: int | None
    image_renditions: str | None
    image_is_transparent: bool | None
    image_withdrawn_at: datetime | None
    authors: tuple[Named, ...] = ()

    def get_absolute_url(self) -> str:
        return path_of(self.slug)

    @property
    def direction(self) -> str:
        return self.text_direction or direction_of(self.language)

    @property
    def section(self) -> Section:
        return Section(
            pk=self.section_id,
            name=self.section_name,
            slug=self.section_slug,
            position=self.section_position,
        )

    @property
    def article(self) -> Article:
        """For templates: with what is here, and nothing else."""
        article = Article(
            pk=self.pk,
            slug=self.slug,
            headline=self.headline,
            standfirst=self.standfirst,
            language=self.language,
            text_direction=self.text_direction,
            published_at=self.published_at,
            reading_minutes=self.reading_minutes,
            section=self.section,
            source=Source(name=self.source_name or "", slug=self.source_slug)
            if self.source_slug
            else None,
            lead_image=self._image,
        )
        authors = (Author(name=name, slug=slug) for name, slug in self.authors)
        set_bylines(article, [Byline(article=article, author=author) for author in authors])
        return article

    @property
    def _image(self) -> Image | None:
        if self.image_token is None:
            return None
        return Image(
            token=self.image_token,
            version=self.image_version or 0,
            renditions=json.loads(self.image_renditions or "[]"),
            is_transparent=bool(self.image_is_transparent),
            withdrawn_at=self.image_withdrawn_at,
        )


def _rows(*more: str) -> Any:
    return (
        Article.objects.public_among(GivenKeys("pks"))
        .order_by()
        .values_list(
            *("pk", "slug", "headline", "standfirst", "language", "text_direction"),
            *("published_at", "reading_minutes"),
            *(F(f"section__{name}") for name in ("pk", "name", "slug", "position")),
            *(F(f"source__{name}") for name in ("name", "slug")),
            *(F(f"lead_image__{name}") for name in ("token", "version")),
            Cast("lead_image__renditions", TextField()),
            *(F(f"lead_image__{name}") for name in ("is_transparent", "withdrawn_at")),
            *more,
        )
    )


rows_of = Prepared(_rows)
rows_with_bodies = Prepared(lambda: _rows("body_html"))
bylines_of = Prepared(
    lambda: (
        Byline.objects.filter(article__in=GivenKeys("pks"))
        .order_by("article", "position", "pk")
        .values_list("article", "author__name", "author__slug")
    )
)


def listed(pks: Iterable[int]) -> list[Listed]:
    """Those of the pieces that readers may see, in the order of their keys, with two queries."""
    wanted = list(dict.fromkeys(pks))
    if not wanted:
        return []
    authors = authors_of(wanted)
    found = {row[0]: Listed._make((*row, authors.get(row[0], ()))) for row in rows_of(pks=wanted)}
    return [found[pk] for pk in wanted if pk in found]


def with_bodies(pks: Iterable[int]) -> list[tuple[Listed, str]]:
    """The same, each with the HTML of its body."""
    wanted = list(dict.fromkeys(pks))
    if not wanted:
        return []
    authors = authors_of(wanted)
    found = {
        row[0]: (Listed._make((*row[:-1], authors.get(row[0], ()))), row[-1])
        for row in rows_with_bodies(pks=wanted)
    }
    return [found[pk] for pk in wanted if pk in found]


def authors_of(pks: Iterable[int]) -> dict[int, tuple[Named, ...]]:
    """Of pieces that have any, by their keys: as the byline names them."""
    named = defaultdict[int, list[Named]](list)
    for article, name, slug in bylines_of(pks=pks):
        named[article].append((name, slug))
    return {article: tuple(authors) for article, authors in named.items()}


def set_bylines(article: Article, bylines: list[Byline]) -> None:
    """As prefetch_related() does: `article.bylines.all()` gives them, and asks nothing."""
    prefetched = article.__dict__.setdefault("_prefetched_objects_cache", {})
    prefetched["bylines"] = bylines


def cards(
    pieces: Iterable[Listed],
    *,
    subject: object = None,
    brief: bool = False,
    level: int = 2,
    eager: bool = False,
    is_dated: bool = False,
) -> str:
    """The HTML of pieces in a list: of a `subject`, which their cards do not name again.

    `brief` are those without picture and standfirst, `is_dated` those that stand below their day;
    `eager` is the one at the top of the page.
    """
    section = subject.pk if isinstance(subject, Section) else None
    template = f"articles/_{'brief' if brief else 'card'}.html"
    how = (level, eager, is_dated)
    each = (
        (kept(template, _card, piece, piece.section_id == section, _age(piece), *how),)
        for piece in pieces
    )
    return format_html_join("\n", "{}", each)


def around_hit(piece: Listed) -> tuple[str, str]:
    """What stands in every search result above and below the words that were found."""
    above = kept("articles/_kicker.html", _hit, piece, _age(piece))
    return above, kept("articles/_card_foot.html", _hit, piece, _age(piece))


def _age(piece: Listed) -> int:
    """What the HTML of a piece depends on besides its row."""
    return years_since(piece.published_at)


def _hit(piece: Listed, years: int) -> dict[str, Any]:
    return {"article": piece.article}


def _card(
    piece: Listed, is_of_subject: bool, years: int, level: int, eager: bool, is_dated: bool
) -> dict[str, Any]:
    article = piece.article
    return {
        "article": article,
        "subject": article.section if is_of_subject else None,
        "level": level,
        "eager": eager,
        "is_dated": is_dated,
    }
