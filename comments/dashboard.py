"""What the dashboard tells of a period: the questions, and how their answers are put together."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from comments import figures, waits
from comments.models import CannedReason, Comment, DayFigure, SecondReading
from comments.models.day_figure import DayFigureQuerySet
from comments.moderation.rule_names import name_of

Kind = DayFigure.Kind
FLOW = (Kind.RECEIVED, Kind.APPROVED, Kind.REJECTED, Kind.SPAM)
PERIODS = (7, 30, 90, 364)  # days; the last are 52 weeks
BY_WEEK_FROM = 100  # days
BUSIEST = 10  # pieces
# Since how long what waits has waited at least.
AGES = tuple(timedelta(hours=each) for each in (0, 1, 4, 24, 72, 168))
LETS_OUT = "nothing_found"  # decides by itself, so moderators see few of its replies again


@dataclass
class Step:
    """A day, or a week."""

    first: date
    last: date
    flow: Counter[str] = field(default_factory=Counter)
    waited: Counter[int] = field(default_factory=Counter)

    @cached_property
    def median(self) -> timedelta | None:
        return waits.quantile(self.waited, 0.5)

    @cached_property
    def p90(self) -> timedelta | None:
        return waits.quantile(self.waited, 0.9)


@dataclass(frozen=True)
class Waiting:
    """How many wait, by AGES, and since when the first does."""

    ages: tuple[int, ...]
    oldest: datetime | None

    @property
    def count(self) -> int:
        return sum(self.ages)


@dataclass(frozen=True)
class RuleRow:
    """In how many replies a rule found something, and how often a moderator thought otherwise."""

    rule: str
    hits: int
    decided: int
    reversed: int

    @property
    def name(self) -> str:
        return name_of(self.rule)

    @property
    def percent(self) -> int | None:
        """Of the replies that a moderator decided on; of those that were let out, of all."""
        of = self.hits if self.rule == LETS_OUT else self.decided
        return round(100 * self.reversed / of) if of else None


@dataclass(frozen=True)
class PieceRow:
    article: Article
    received: int
    waiting: int


@dataclass(frozen=True)
class Agreement:
    """How often moderators who didn't know of each other came to which verdicts."""

    pairs: dict[tuple[str, str], int]

    @property
    def count(self) -> int:
        return sum(self.pairs.values())

    @property
    def same(self) -> int:
        return sum(number for (first, second), number in self.pairs.items() if first == second)

    @property
    def percent(self) -> int | None:
        return round(100 * self.same / self.count) if self.count else None


def waiting_now() -> Waiting:
    now = timezone.now()
    limits = [*(now - age for age in AGES), None]
    counts = {}
    for place, (newest, oldest) in enumerate(zip(limits, limits[1:], strict=False)):
        within = Q(submitted_at__gt=oldest) if oldest else Q()
        if place:
            within &= Q(submitted_at__lte=newest)
        counts[f"age{place}"] = Count("pk", filter=within)
    found: dict[str, Any] = Comment.objects.held().aggregate(oldest=Min("submitted_at"), **counts)
    return Waiting(tuple(found[name] for name in counts), found["oldest"])


class Period:
    """The days up to today, `days` of them; each question is asked once."""

    def __init__(self, days: int) -> None:
        self.days, self.last = days, figures.today()
        self.first = self.last - timedelta(days=days - 1)

    @property
    def is_by_week(self) -> bool:
        return self.days >= BY_WEEK_FROM

    @cached_property
    def _figures(self) -> DayFigureQuerySet:
        return DayFigure.objects.between(self.first, self.last)

    @cached_property
    def steps(self) -> list[Step]:
        """Oldest first. Weeks end today, and the oldest may be shorter."""
        length = 7 if self.is_by_week else 1
        ends = [self.last - timedelta(days=back) for back in range(0, self.days, length)]
        steps = [
            Step(max(end - timedelta(days=length - 1), self.first), end) for end in reversed(ends)
        ]
        rows = self._figures.filter(kind__in=[*FLOW, Kind.WAITED]).order_by()
        for day, kind, key, number in rows.values_list("day", "kind", "key", "number"):
            step = steps[-1 - (self.last - day).days // length]
            if kind == Kind.WAITED:
                step.waited[int(key)] += number
            else:
                step.flow[kind] += number
        return steps

    @cached_property
    def flow(self) -> Counter[str]:
        return sum((step.flow for step in self.steps), Counter[str]())

    @cached_property
    def flow_before(self) -> Counter[str]:
        """Of as many days before; nothing where not all of those were counted."""
        first = self.first - timedelta(days=self.days)
        before = DayFigure.objects.between(first, self.first - timedelta(days=1))
        rows = before.filter(kind__in=FLOW).order_by().values_list("kind")
        found = list(rows.annotate(sum=Sum("number"), since=Min("day")))
        if not any(kind == Kind.RECEIVED and since == first for kind, _sum, since in found):
            return Counter()
        return Counter({kind: number for kind, number, _since in found})

    @cached_property
    def waited(self) -> Counter[int]:
        return sum((step.waited for step in self.steps), Counter[int]())

    @cached_property
    def rules(self) -> list[RuleRow]:
        """Those with the most hits first."""
        kinds = (Kind.RULE_HIT, Kind.RULE_DECIDED, Kind.RULE_REVERSED)
        rows = self._figures.filter(kind__in=kinds).order_by().values_list("key", "kind")
        by_rule: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for rule, kind, number in rows.annotate(sum=Sum("number")):
            by_rule[rule][kind] = number
        found = (RuleRow(rule, *(each[kind] for kind in kinds)) for rule, each in by_rule.items())
        return sorted(found, key=lambda row: (-row.hits, -row.decided, row.rule))

    @cached_property
    def reasons(self) -> list[tuple[str, int]]:
        """Why replies were rejected, by figures.reason_key(), the most frequent first."""
        totals = self._figures.totals(Kind.REASON)
        return sorted(totals.items(), key=lambda item: (-item[1], item[0]))

    @cached_property
    def pieces(self) -> list[PieceRow]:
        rows = self._figures.filter(kind=Kind.PIECE).order_by().values_list("key")
        busiest = list(rows.annotate(sum=Sum("number")).order_by("-sum", "key")[:BUSIEST])
        numbers = [int(key) for key, _ in busiest]
        known = Article.objects.only("headline", "slug", "language", "status").in_bulk(numbers)
        held = Comment.objects.held().filter(article__in=numbers).order_by()
        waiting = dict(held.values_list("article").annotate(number=Count("pk")))
        return [
            PieceRow(known[int(key)], number, waiting.get(int(key), 0))
            for key, number in busiest
            if int(key) in known
        ]

    @cached_property
    def agreement(self) -> Agreement:
        begin, _ = figures.bounds(self.first, figures.zone())
        read = SecondReading.objects.read().filter(read_at__gte=begin).order_by()
        rows = read.values_list("decision__to_status", "verdict").annotate(number=Count("pk"))
        return Agreement({(first, second): number for first, second, number in rows})


def reason_names(keys: list[str], language: str) -> dict[str, str]:
    """What figures.reason_key() stands for, in words."""
    names = CannedReason.objects.in_words(keys, language)
    for key in keys:
        if key.startswith(figures.BY_RULE):
            names[key] = name_of(key.removeprefix(figures.BY_RULE))
        elif key not in names:
            names[key] = _("In the moderator's own words, or none")
    return names
