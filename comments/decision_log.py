"""What was decided, newest first: which part of the log somebody wants to see, and as a table."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from articles.keyset import KeysOf, Page, in_order, page_of
from articles.models import Article
from comments.models import Comment, Decision
from comments.models.decision import DecisionQuerySet

CHUNK = 1000  # rows of the table that are read at once

HEADINGS = (
    *("decision", "time", "person", "rule", "about", "from", "to", "reason", "note"),
    *("reply", "piece", "batch", "takes_back", "taken_back_by", "taken_back_at"),
)


@dataclass(frozen=True, kw_only=True)
class LogChoice:
    """What of the log is asked for. What is None or empty narrows nothing."""

    by: int | None = None  # the primary key of a person
    rule: str = ""
    kind: str = ""
    from_status: str = ""
    to_status: str = ""
    since: date | None = None  # days of the site's clock, both included
    until: date | None = None
    article: int | None = None
    reply: int | None = None
    batch: int | None = None

    def as_query(self) -> str:
        """As the address of the log says it."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return urlencode({name: str(value) for name, value in said.items() if value})

    @property
    def is_filtered(self) -> bool:
        return self != LogChoice()

    def decisions(self, zone: tzinfo | None = None) -> DecisionQuerySet:
        """All that it is about, in no order. Days are those of `zone`, or the zone in force."""
        found: DecisionQuerySet = Decision.objects.order_by()
        simple = {
            "by": self.by,
            "kind": self.kind,
            "from_status": self.from_status,
            "to_status": self.to_status,
            "comment": self.reply,
            "batch": self.batch,
        }
        found = found.filter(**{name: value for name, value in simple.items() if value})
        if self.rule:
            # The index of rules leaves out what people decided.
            found = found.filter(rule=self.rule, by__isnull=True)
        if self.article:
            found = found.filter(comment__in=Comment.objects.filter(article=self.article))
        if self.since:
            found = found.filter(at__gte=_midnight(self.since, zone))
        if self.until:
            found = found.filter(at__lt=_midnight(self.until + timedelta(days=1), zone))
        return found

    def page(self, query: Any, size: int) -> tuple[list[Decision], Page]:
        """Those that `before` or `after` in the query ask for, and what stands beside them."""
        page = page_of(self._keys(), query, size)
        keys = [key.pk for key in page.keys]
        return in_order(with_all(Decision.objects.filter(pk__in=keys)), keys), page

    def rows(self, zone: tzinfo) -> Iterator[tuple[Any, ...]]:
        """The table: headings, then a row for each decision, with times on the clock of `zone`.

        Read in pieces: however long it is, no more than CHUNK of them are in memory. What is
        decided while it is read is not in it.
        """
        yield HEADINGS
        keys, below = self._keys(zone), None
        while found := keys.older(below, CHUNK):
            yield from _rows([key.pk for key in found], zone)
            below = found[-1]

    def _keys(self, zone: tzinfo | None = None) -> KeysOf:
        def dated_until(moment: datetime | None) -> DecisionQuerySet:
            found = self.decisions(zone)
            return found if moment is None else found.filter(at__lte=moment)

        return KeysOf(dated_until, "at")


# As HEADINGS.
_COLUMNS = (
    *("pk", "at", "by__username", "rule", "kind", "from_status", "to_status"),
    *("given__text", "given__note", "comment", "comment__article__slug", "batch", "undoes"),
    *("undone_by__by__username", "undone_by__at"),
)
_BODIES = [
    *("comment__body", "comment__body_html"),
    *(f"comment__article__{name}" for name in ("body", "body_html", "desk_notes")),
]


def with_all(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """With all that the log says of each, and none of the texts of replies and pieces."""
    return (
        decisions.select_related(
            *("by", "given", "canned", "batch", "comment__article", "undone_by__by", "undoes")
        )
        .defer(*_BODIES)
        .order_by()
    )


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), zone)


def _rows(pks: list[int], zone: tzinfo) -> Iterator[tuple[Any, ...]]:
    """Of these decisions, newest first. Objects would take several times as long to make."""
    found = Decision.objects.filter(pk__in=pks).order_by("-at", "-pk").values_list(*_COLUMNS)
    for number, at, *decided, slug, batch, undoes, undone_by, undone_at in found:
        yield (
            *(number, _time(at, zone), *decided, settings.SITE_URL + _path(slug), batch, undoes),
            *(undone_by, _time(undone_at, zone)),
        )


@lru_cache(1000)
def _path(slug: str) -> str:
    return Article(slug=slug).get_absolute_url()


def _time(moment: datetime | None, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""
