"""What a search page is asked for by its address: words, filters, order, and a place in the list.

    q=ferry+strike&section=world&topic=japan&source=afp&period=week&from=2026-01-31&to=…&order=newest

A value that makes no sense is left out, and `messages` tell the reader so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import CharField, Exists, OuterRef, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.keyset import LIST_QUERY
from articles.models import Article, Section, Source, Topic
from articles.models.search_entry import PIECE_BITS, second_key
from articles.search.documents import filed
from articles.search.query import MOST_SIGNS, MOST_TERMS, Query, clean, parse
from newsroom.page_store import AsWritten, as_given, one_of, remembered
from newsroom.prepared import Given, Prepared

KINDS = {"section": Section, "topic": Topic, "source": Source}
MOST_CHOICES = 300  # of each kind, in the form; the others are reached by links
PERIODS = {
    "day": (1, gettext_lazy("The last day")),
    "week": (7, gettext_lazy("The last week")),
    "month": (30, gettext_lazy("The last month")),
    "year": (365, gettext_lazy("The last year")),
}
ORDERS = {"": gettext_lazy("Best first"), "newest": gettext_lazy("Newest first")}
FILTERS = (*KINDS, "period", "from", "to")
YEARS = range(1700, 2200)


def text_as_written(text: str) -> str:
    return clean(text[: 10 * MOST_SIGNS])


def day_as_written(text: str) -> str:
    return text.strip()


# What Asked.read() and the pages of the results read, and how each is written.
SEARCH_QUERY: Mapping[str, AsWritten] = LIST_QUERY | {
    "q": text_as_written,
    **dict.fromkeys(KINDS, as_given),
    "period": one_of(*PERIODS),
    "order": one_of(*ORDERS),
    "from": day_as_written,
    "to": day_as_written,
}


class Choice(NamedTuple):
    """A section, topic or source that results may be narrowed to."""

    kind: str
    pk: int
    name: str
    slug: str


class Applied(NamedTuple):
    name: str
    without: str


@dataclass
class Asked:
    """Read with one query, for the choices; `place` is for the pages of the results."""

    text: str = ""
    query: Query = field(default_factory=Query)
    chosen: dict[str, Choice] = field(default_factory=dict)
    choices: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    period: str = ""
    since: date | None = None
    until: date | None = None
    order: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "Asked":
        """Of the parameters of an address (request.GET). Any give something."""
        text = text_as_written(parameters.get("q", ""))
        asked = cls(text=text[:MOST_SIGNS], query=parse(text), place=parameters)
        if asked.query.was_cut:
            asked.messages.append(
                _("Only the first %(signs)d characters and %(words)d words were searched for.")
                % {"signs": MOST_SIGNS, "words": MOST_TERMS}
            )
        asked._read_choices(parameters)
        asked._read_period(parameters)
        if parameters.get("order", "") in ORDERS:
            asked.order = parameters.get("order", "")
        return asked

    @property
    def wants_something(self) -> bool:
        return bool(self.query.wanted)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen or self.period or self.since or self.until)

    @property
    def filed(self) -> list[str]:
        """The tokens of what was chosen."""
        return [filed(kind, choice.pk) for kind, choice in self.chosen.items()]

    @cached_property
    def parameters(self) -> dict[str, str]:
        """What was understood, without the place: for links, and for feeds of the same search."""
        given = {"q": self.text} | {kind: each.slug for kind, each in self.chosen.items()}
        given |= {"period": self.period, "order": self.order}
        given |= {"from": _day(self.since), "to": _day(self.until)}
        return {name: value for name, value in given.items() if value}

    def link(self, **changes: Any) -> str:
        """The query of the address of this search, with other values; empty ones are left out."""
        given = self.parameters | changes
        return "?" + urlencode({name: value for name, value in given.items() if value})

    @property
    def applied(self) -> list[Applied]:
        """The filters in force, each with the query of this search without it."""
        names = {kind: choice.name for kind, choice in self.chosen.items()}
        if self.period:
            names["period"] = str(PERIODS[self.period][1])
        if self.since:
            names["from"] = _("From %(day)s") % {"day": date_format(self.since)}
        if self.until:
            names["to"] = _("Until %(day)s") % {"day": date_format(self.until)}
        return [Applied(name, self.link(**{kind: ""})) for kind, name in names.items()]

    @property
    def first_key(self) -> int | None:
        moments = [_begin(self.since)] if self.since else []
        if self.period:
            moments.append(timezone.now() - timedelta(days=PERIODS[self.period][0]))
        return second_key(max(moments)) if moments else None

    def leaves_at(self, oldest: int) -> datetime | None:
        """When the oldest piece that was found, whose key this is, is too old to be found."""
        if not self.period:
            return None
        found_at = datetime.fromtimestamp(oldest >> PIECE_BITS, UTC)
        return found_at + timedelta(days=PERIODS[self.period][0], seconds=1)

    @property
    def last_key(self) -> int | None:
        return second_key(_begin(self.until + timedelta(days=1))) - 1 if self.until else None

    def _read_choices(self, parameters: Mapping[str, str]) -> None:
        asked_for = {kind: parameters.get(kind, "") for kind in KINDS}
        self.choices = _choices({kind: _slug(text) for kind, text in asked_for.items()})
        for kind, text in asked_for.items():
            found = [choice for choice in self.choices[kind] if choice.slug == text]
            if found:
                self.chosen[kind] = found[0]
            elif text:
                self.messages.append(
                    _("Nothing is called “%(name)s” here: that filter was left out.")
                    % {"name": clean(text)[:60]}
                )

    def _read_period(self, parameters: Mapping[str, str]) -> None:
        if parameters.get("period", "") in PERIODS:
            self.period = parameters["period"]
        self.since = self._date(parameters.get("from", ""))
        self.until = self._date(parameters.get("to", ""))
        if self.since and self.until and self.since > self.until:
            self.messages.append(_("The first day is after the last one: both were left out."))
            self.since = self.until = None

    def _date(self, text: str) -> date | None:
        if not text.strip():
            return None
        try:
            day = datetime.strptime(text.strip(), "%Y-%m-%d").date()
        except ValueError:
            day = None
        if day is None or day.year not in YEARS:
            self.messages.append(
                _("“%(text)s” is no date like 2026-01-31: it was left out.")
                % {"text": clean(text)[:40]}
            )
            return None
        return day


def _choices(slugs: dict[str, str]) -> dict[str, tuple[Choice, ...]]:
    """By kind, in the order of their names: those that have public pieces. Those of `slugs` are
    among them if they are anywhere."""
    found = _first_choices()
    for kind, slug in slugs.items():
        if slug and not any(choice.slug == slug for choice in found[kind]):
            more = [Choice._make(row) for row in _choice_at(kind)(slug=slug)]
            found = found | {kind: _by_name([*found[kind], *more])}
    return found


@remembered
def _first_choices() -> dict[str, tuple[Choice, ...]]:
    """Of each kind so many that a form can hold them."""
    found: dict[str, list[Choice]] = {kind: [] for kind in KINDS}
    for row in _first_rows():
        found[row[0]].append(Choice._make(row))
    return {kind: _by_name(choices) for kind, choices in found.items()}


def _by_name(choices: list[Choice]) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda choice: choice.name.casefold()))


@Prepared
def _first_rows() -> Any:
    parts = []
    for kind in KINDS:
        first = _with_pieces(kind).order_by("name").values("pk")[:MOST_CHOICES]
        rows: Any = KINDS[kind]._default_manager.filter(pk__in=first).order_by()
        parts.append(rows.values_list(Value(kind), "pk", "name", "slug"))
    return parts[0].union(*parts[1:], all=True).order_by()


@cache
def _choice_at(kind: str) -> Prepared[Any]:
    def make() -> Any:
        rows = _with_pieces(kind).filter(slug=Given("slug", CharField())).order_by()
        return rows.values_list(Value(kind), "pk", "name", "slug")

    return Prepared(make)


def _with_pieces(kind: str) -> Any:
    """Looked up from what pieces are filed under: the first public one of each is enough."""
    rows: Any = KINDS[kind]._default_manager.all()
    if kind != "topic":
        return rows.filter(Exists(Article.objects.published().filter(**{kind: OuterRef("pk")})))
    links = Article.topics.through.objects.filter(topic=OuterRef("pk"))
    return rows.filter(Exists(links.filter(Article.objects.is_public_of("article"))))


def _slug(text: str) -> str:
    """Text that may be asked of the database."""
    try:
        validate_slug(text)
    except ValidationError:
        return ""
    return text


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
