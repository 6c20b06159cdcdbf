"""The lists of public pieces: of a section, a topic, an author, a source, a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from articles.keyset import Key, Keys, KeysOf, Page, in_order, page_of
from articles.models import Article, Author, Byline, ListSubject, Section, Source, Topic

LIST_PIECES = 25
# What templates/articles/_piece_link.html shows of a piece, and no more.
LINK_FIELDS = ("id", "slug", "headline", "language", "text_direction", "published_at")
# So many pieces of a topic or an author are looked up and sorted. Of more, those of the whole paper
# are gone through by date, this many of them; a page is full before that, unless what it lists
# begins far back.
FEW, STRETCH = 2000, 10_000


@dataclass
class PiecesPage:
    """Pieces with all that a list shows, newest first, and the way to the pages beside it."""

    pieces: list[Article]
    page: Page

    @classmethod
    def read(cls, keys: Keys, query: Mapping[str, str], size: int | None = None) -> "PiecesPage":
        """See page_of(). LIST_PIECES at most, unless `size` says how many."""
        page = page_of(keys, query, size or LIST_PIECES)
        wanted = [key.pk for key in page.keys]
        return cls(in_order(Article.objects.public_among(wanted).for_listing(), wanted), page)


def keys_of(subject: ListSubject) -> Keys:
    """Of the public pieces that belong to it."""
    match subject:
        case Section():
            return _one_to_many(section=subject)
        case Source():
            return _one_to_many(source=subject)
        case Topic():
            return _many_to_many(Article.topics.through.objects.filter(topic=subject))
        case Author():
            return _many_to_many(Byline.objects.filter(author=subject))


def _one_to_many(**subject: Section | Source) -> Keys:
    return KeysOf(lambda until: Article.objects.published(until=until).filter(**subject))


def keys_between(begin: datetime, end: datetime) -> Keys:
    """Of the public pieces dated from `begin` on and before `end`."""

    def dated_until(until: datetime | None) -> QuerySet[Article]:
        pieces = Article.objects.published(until=min(until or end, end))
        return pieces.filter(published_at__gte=begin, published_at__lt=end)

    return KeysOf(dated_until)


def _many_to_many(links: QuerySet[Any]) -> Keys:
    """Of the pieces that `links` lead to, rows of a table between them and what is listed."""
    few = list(links.order_by().values_list("article", flat=True)[: FEW + 1])
    if len(few) > FEW:
        return KeysOfMany(links)
    return KeysOf(lambda until: Article.objects.published(until=until).filter(pk__in=few))


class KeysOfMany(KeysOf):
    """Of more pieces than one would sort for a page."""

    def __init__(self, links: QuerySet[Any]) -> None:
        self.links = links
        has_link = Exists(links.filter(article=OuterRef("pk")))
        super().__init__(lambda until: Article.objects.published(until=until).filter(has_link))
        self.of_paper = KeysOf(lambda until: Article.objects.published(until=until))

    def older(self, than: Key | None, limit: int, *, skip: int = 0) -> list[Key]:
        rows = self.rows_below(than).order_by("-published_at", "-pk")
        if skip:
            return self.read(rows[skip : skip + limit])
        all_below = self.of_paper.rows_below(than).order_by("-published_at", "-pk")
        end = _a_stretch_along(all_below)
        near = rows.filter(published_at__gte=end) if end else rows
        return self._near_or_all(near, all_below, limit, is_all=end is None)

    def newer(self, than: Key, limit: int) -> list[Key]:
        all_above = self.of_paper.rows_above(than).order_by("published_at", "pk")
        end = _a_stretch_along(all_above)
        # One bound, not that of the clock as well: the database would not see which is nearer.
        near = KeysOf(lambda until: self.dated_until(end)).rows_above(than)
        near = near.order_by("published_at", "pk")
        return self._near_or_all(near, all_above, limit, is_all=end is None)

    def _near_or_all(
        self, near: QuerySet[Any], pieces: QuerySet[Any], limit: int, *, is_all: bool
    ) -> list[Key]:
        """From the pieces within the stretch; where they don't fill a page, of all `pieces` those
        with a link, sorted."""
        found = self.read(near[:limit])
        if is_all or len(found) == limit:
            return found
        is_one = Exists(pieces.order_by().filter(pk=OuterRef("pk")))
        linked = Article.objects.filter(is_one, pk__in=self.links.order_by().values("article"))
        return self.read(linked.order_by(*pieces.query.order_by)[:limit])


def _a_stretch_along(pieces: QuerySet[Any]) -> datetime | None:
    """Where the stretch ends; None where the pieces do."""
    return pieces.values_list("published_at", flat=True)[STRETCH : STRETCH + 1].first()
