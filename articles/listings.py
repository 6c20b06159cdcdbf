"""The lists of public pieces: of a section, a topic, an author, a source, a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, Protocol

from django.db.models import CharField, DateTimeField, Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone

from articles.keyset import Key, Keys, KeysOf, Page, page_of
from articles.listed import Listed, listed
from articles.models import Article, Author, Byline, ListSubject, Section, Source, Topic
from newsroom.prepared import Given, GivenKeys, Prepared

LIST_PIECES = 25
# So many pieces of a topic or an author are looked up and sorted. Of more, those of the whole paper
# are gone through by date, this many of them; a page is full before that, unless what it lists
# begins far back.
FEW, STRETCH = 2000, 10_000


@dataclass
class PiecesPage:
    """Pieces as a list shows them, newest first, and the way to the pages beside it."""

    pieces: list[Listed]
    page: Page

    @classmethod
    def read(cls, keys: Keys, query: Mapping[str, str], size: int | None = None) -> "PiecesPage":
        """See page_of(). LIST_PIECES at most, unless `size` says how many."""
        page = page_of(keys, query, size or LIST_PIECES)
        return cls(listed(key.pk for key in page.keys), page)


class Question(Protocol):
    """Gives the public pieces of a list, with `until` as published() takes it. What the list is of
    are values, or what is Given for them."""

    def __call__(self, until: Any, **of: Any) -> QuerySet[Article]: ...


class PreparedKeys(KeysOf):
    """The keys of a list, by queries that are prepared for all lists of its kind."""

    def __init__(self, question: Question, *, last: datetime | None = None, **of: Any) -> None:
        """With `last`, the list ends there: it is given as such, and now where that is sooner."""
        if last is not None:
            of["last"] = last
        super().__init__(lambda until: question(until, **of))
        self.forms = _forms(question, tuple(of))
        self.last, self.of = last, of

    def older(self, than: Key | None, limit: int, *, skip: int = 0) -> list[Key]:
        now = timezone.now()
        last = min(self.last or now, now)
        of = self.of if self.last is None else self.of | {"last": last}
        if than is None or than.moment > last:
            rows = self.forms.from_top(limit=limit, skip=skip, now=now, **of)
        else:
            key = than._asdict()
            rows = self.forms.below(limit=limit, skip=skip, now=now, **key, **of)
        return [Key(*row) for row in rows]

    def newer(self, than: Key, limit: int) -> list[Key]:
        now = timezone.now()
        of = self.of if self.last is None else self.of | {"last": min(self.last, now)}
        rows = self.forms.above(limit=limit, now=now, **than._asdict(), **of)
        return [Key(*row) for row in rows]


class Forms(NamedTuple):
    from_top: Prepared[Any]
    below: Prepared[Any]
    above: Prepared[Any]


@cache
def _forms(question: Question, names: tuple[str, ...]) -> Forms:
    given = {name: GIVEN[name] for name in names}
    keys = KeysOf(lambda until: question(until, **given))
    key: Any = Key(GIVEN["moment"], GIVEN["pk"])  # type: ignore[arg-type]

    def newest_first(than: Key | None) -> QuerySet[Any, Any]:
        rows = keys.rows_below(than).order_by("-published_at", "-pk")
        return rows.values_list("published_at", "pk")

    def oldest_first() -> QuerySet[Any, Any]:
        rows = keys.rows_above(key).order_by("published_at", "pk")
        return rows.values_list("published_at", "pk")

    return Forms(
        Prepared(lambda: newest_first(None)),
        Prepared(lambda: newest_first(key)),
        Prepared(oldest_first),
    )


GIVEN: dict[str, Given] = {
    "section": Given("section"),
    "source": Given("source"),
    "few": GivenKeys("few"),
    "begin": Given("begin", DateTimeField()),
    "last": Given("last", DateTimeField()),
    "moment": Given("moment", DateTimeField()),
    "pk": Given("pk"),
    "slug": Given("slug", CharField()),
}


def subject_at(model: type[ListSubject], slug: str) -> ListSubject:
    """Raises Http404."""
    subject = _at_slug(model).first(slug=slug)
    if subject is None:
        raise Http404
    return subject


@cache
def _at_slug(model: type[ListSubject]) -> Prepared[ListSubject]:
    return Prepared(lambda: model._default_manager.filter(slug=GIVEN["slug"]).order_by())


def keys_of(subject: ListSubject) -> Keys:
    """Of the public pieces that belong to it."""
    match subject:
        case Section():
            return PreparedKeys(_of_section, section=subject.pk)
        case Source():
            return PreparedKeys(_of_source, source=subject.pk)
        case Topic():
            few = with_topic(topic=subject.pk, limit=FEW + 1)
            return _many_to_many(few, Article.topics.through.objects.filter(topic=subject))
        case Author():
            few = by_author(author=subject.pk, limit=FEW + 1)
            return _many_to_many(few, Byline.objects.filter(author=subject))


def _of_section(until: Any, *, section: Any) -> QuerySet[Article]:
    return Article.objects.published(until=until).filter(section=section)


def _of_source(until: Any, *, source: Any) -> QuerySet[Article]:
    return Article.objects.published(until=until).filter(source=source)


def _of_few(until: Any, *, few: Any) -> QuerySet[Article]:
    return Article.objects.published(until=until).filter(pk__in=few)


def _between(until: Any, *, begin: Any, last: Any) -> QuerySet[Article]:
    return Article.objects.published(until=until or last).filter(published_at__gte=begin)


with_topic = Prepared(
    lambda: (
        Article.topics.through.objects.filter(topic=Given("topic"))
        .order_by()
        .values_list("article", flat=True)
    )
)
by_author = Prepared(
    lambda: (
        Byline.objects.filter(author=Given("author")).order_by().values_list("article", flat=True)
    )
)


def keys_between(begin: datetime, end: datetime) -> Keys:
    """Of the public pieces dated from `begin` on and before `end`."""
    return PreparedKeys(_between, begin=begin, last=end - timedelta(microseconds=1))


def _many_to_many(few: list[int], links: QuerySet[Any]) -> Keys:
    """Of the pieces that `links` lead to, rows of a table between them and what is listed: those
    of `few` where these are all."""
    return KeysOfMany(links) if len(few) > FEW else PreparedKeys(_of_few, few=few)


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
