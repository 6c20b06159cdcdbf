"""The lists of public pieces: of a section, a topic, an author, a source, a month."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import MINYEAR, UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db.models import CharField, DateTimeField, Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone

from articles.keyset import Key, Keys, KeysOf, Page, page_of
from articles.listed import Listed, listed
from articles.models import Article, Author, Byline, ListSubject, Section, Source, Topic
from articles.models.article_indexes import IN_SITEMAPS
from newsroom.prepared import Given, GivenKeys, Prepared

LIST_PIECES = 25
# So many pieces of a topic or an author are looked up and sorted. Of more, those of the whole paper
# are gone through by date, this many of them; a page is full before that, unless what it lists
# begins far back.
FEW, STRETCH = 2_000, 15_000
LONG_AGO = datetime(MINYEAR, 1, 1, tzinfo=UTC)


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


# Gives the public pieces of a list, with `until` as published() takes it. What the list is of are
# values, or what is Given for them.
type Question = Callable[..., QuerySet[Article]]


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
    # Of a list by date an index leads from one to the next; these are looked up.
    along = IN_SITEMAPS if "few" in names else ""
    key: Any = Key(GIVEN["moment"], GIVEN["pk"])  # type: ignore[arg-type]

    def newest_first(than: Key | None) -> QuerySet[Any, Any]:
        rows = keys.rows_below(than).order_by("-published_at", "-pk")
        return rows.values_list("published_at", "pk")

    def oldest_first() -> QuerySet[Any, Any]:
        rows = keys.rows_above(key).order_by("published_at", "pk")
        return rows.values_list("published_at", "pk")

    return Forms(
        Prepared(lambda: newest_first(None), along=along),
        Prepared(lambda: newest_first(key), along=along),
        Prepared(oldest_first, along=along),
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
    "since": Given("since", DateTimeField()),
    "topic": Given("topic"),
    "author": Given("author"),
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
            links = Article.topics.through.objects.filter(topic=subject)
            return _many_to_many(few, links, topic=subject.pk)
        case Author():
            few = by_author(author=subject.pk, limit=FEW + 1)
            return _many_to_many(few, Byline.objects.filter(author=subject), author=subject.pk)


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


def _many_to_many(few: list[int], links: QuerySet[Any], **of: Any) -> Keys:
    """Of the pieces that `links` lead to, rows of a table between them and what is listed, which
    the name and key in `of` say: those of `few` where these are all."""
    return KeysOfMany(links, **of) if len(few) > FEW else PreparedKeys(_of_few, few=few)


class KeysOfMany(PreparedKeys):
    """Of more pieces than one would sort for a page."""

    def __init__(self, links: QuerySet[Any], **of: Any) -> None:
        super().__init__(_linked, **of)
        self.links = links

    def older(self, than: Key | None, limit: int, *, skip: int = 0) -> list[Key]:
        if skip:
            return super().older(than, limit, skip=skip)
        end = PreparedKeys(_of_paper).older(than, 1, skip=STRETCH)
        near = PreparedKeys(_linked, **self.of, since=end[0].moment if end else LONG_AGO)
        found = near.older(than, limit)
        if not end or len(found) == limit:
            return found
        rows = KeysOf(lambda until: Article.objects.published(until=until)).rows_below(than)
        return self._of_all(rows.order_by("-published_at", "-pk"), limit)

    def newer(self, than: Key, limit: int) -> list[Key]:
        of_paper = KeysOf(lambda until: Article.objects.published(until=until)).rows_above(than)
        of_paper = of_paper.order_by("published_at", "pk")
        end = of_paper.values_list("published_at", flat=True)[STRETCH : STRETCH + 1].first()
        # One bound, not that of the clock as well: the database would not see which is nearer.
        found = PreparedKeys(_linked, last=end or timezone.now(), **self.of).newer(than, limit)
        if end is None or len(found) == limit:
            return found
        return self._of_all(of_paper, limit)

    def _of_all(self, pieces: QuerySet[Any], limit: int) -> list[Key]:
        """Where a stretch did not fill a page: of all `pieces` those with a link, sorted."""
        is_one = Exists(pieces.order_by().filter(pk=OuterRef("pk")))
        linked = Article.objects.filter(is_one, pk__in=self.links.order_by().values("article"))
        return self.read(linked.order_by(*pieces.query.order_by)[:limit])


def _of_paper(until: Any) -> QuerySet[Article]:
    return Article.objects.published(until=until)


def _linked(
    until: Any, *, since: Any = None, last: Any = None, topic: Any = None, author: Any = None
) -> QuerySet[Article]:
    """Those with a topic, or by an author; since a moment, or until a last one."""
    if topic is not None:
        links: QuerySet[Any] = Article.topics.through.objects.filter(topic=topic)
    else:
        links = Byline.objects.filter(author=author)
    has_link = Exists(links.filter(article=OuterRef("pk")))
    pieces = Article.objects.published(until=until or last)
    return pieces.filter(has_link, **({"published_at__gte": since} if since else {}))
