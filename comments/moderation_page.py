"""How replies are moderated, for readers: the rules in words, and what came of them in numbers.

Whole days are counted, up to yesterday: so the numbers change once a day. See small_numbers.py for
what is told of them.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import figures, rules_in_words, waits
from comments.explanations import REFUSED
from comments.models import CannedReason, DayFigure, Policy, SecondLook
from comments.small_numbers import Told, folded, sum_of, told
from newsroom import site
from newsroom.page_store import changes_at, may_lag, stored

SHORT, LONG = 30, 90  # days
A_RULE = f"{figures.BY_RULE}*"  # all rules that readers are told nothing of

Kind = DayFigure.Kind


@dataclass(frozen=True)
class Row:
    label: str
    short: Told | str
    long: Told | str


class _Counts:
    """Of the days from `first` to `last`, by kind and key."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.by_kind: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def of(self, kind: str) -> int:
        return sum(self.by_kind[kind].values())

    @property
    def median(self) -> str:
        """In words, where there is enough to say."""
        counted = {int(step): number for step, number in self.by_kind[Kind.WAITED].items()}
        wait = waits.quantile(counted, 0.5)
        enough = sum(counted.values()) >= figures.ENOUGH_WAITS
        return waits.in_words(wait) if wait and enough else _("too few to tell")

    @property
    def reasons(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for key, number in self.by_kind[Kind.REASON].items():
            rule = key.removeprefix(figures.BY_RULE)
            found[A_RULE if rule != key and rule not in REFUSED else key] += number
        return found


@stored()
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    policy = Policy.objects.in_force()
    there = site.of(request).zone
    today = timezone.now().astimezone(there).date()
    _begin, tomorrow = figures.bounds(today, there)
    changes_at(tomorrow)
    last = today - timedelta(days=1)
    short, long = (_Counts(last - timedelta(days=days - 1), last) for days in (SHORT, LONG))
    _fill(short, long)
    reasons, turned_down = _reasons(short, long)
    context = {
        "rules": [
            (_("Before a reply appears"), list(rules_in_words.before_it_appears(policy))),
            (_("What a moderator reads first in any case"), list(rules_in_words.holds(policy))),
            (_("What is decided without one"), list(rules_in_words.turns_down(policy))),
            (_("Who decides"), list(rules_in_words.who_decides(policy))),
            (_("What you can do"), list(rules_in_words.yours())),
        ],
        "usual_wait": waits.in_words(policy.usual_wait) if policy.usual_wait else "",
        "rows": _rows(short, long, turned_down),
        "reasons": reasons,
        "short": SHORT,
        "long": LONG,
        "last": last,
    }
    return render(request, "comments/moderation.html", context)


def _fill(short: _Counts, long: _Counts) -> None:
    """Both in one question."""
    kinds = (Kind.RECEIVED, Kind.APPROVED, Kind.SPAM, Kind.WAITED, Kind.REASON)
    rows = DayFigure.objects.between(long.first, long.last).filter(kind__in=kinds).order_by()
    sums = rows.values_list("kind", "key").annotate(
        long=Sum("number"), short=Sum("number", filter=Q(day__gte=short.first))
    )
    for kind, key, in_long, in_short in sums:
        long.by_kind[kind][key] = in_long
        short.by_kind[kind][key] = in_short or 0


def _rows(short: _Counts, long: _Counts, turned_down: list[Told]) -> list[Row]:
    """`turned_down`: how many were, over the short and over the long time."""
    flow = {
        _("came in"): Kind.RECEIVED,
        _("were published"): Kind.APPROVED,
        _("were marked as spam"): Kind.SPAM,
    }
    rows = [Row(name, told(short.of(kind)), told(long.of(kind))) for name, kind in flow.items()]
    rows.insert(2, Row(_("were turned down"), *turned_down))
    label = _("half of those that waited for a moderator waited at most")
    rows.append(Row(label, short.median, long.median))
    looks = [_looks(each) for each in (short, long)]
    rows.append(Row(_("second looks asked for"), *(told(each.asked) for each in looks)))
    rows.append(Row(_("of these reversed the decision"), *(told(each.reversed) for each in looks)))
    return rows


def _looks(counts: _Counts) -> Any:
    there = figures.zone()
    begin, _end = figures.bounds(counts.first, there)
    _begin, end = figures.bounds(counts.last, there)
    with may_lag(minutes=10):
        return SecondLook.objects.figures(begin, end)


def _reasons(short: _Counts, long: _Counts) -> tuple[list[Row], list[Told]]:
    """Of what was turned down, the most frequent first; and how much that was in all."""
    (lately, others_lately), (over_all, others) = folded(short.reasons), folded(long.reasons)
    names = _names([*dict.fromkeys([*over_all, *lately])])
    rows = [Row(name, lately.get(key, "–"), over_all.get(key, "–")) for key, name in names.items()]
    rows.append(Row(_("other reasons"), others_lately, others))
    parts = [*lately.values(), others_lately], [*over_all.values(), others]
    return rows, [sum_of(each) for each in parts]


def _names(keys: list[str]) -> dict[str, str]:
    names = CannedReason.objects.in_words(keys, settings.LANGUAGE_CODE)
    for key in keys:
        if key == A_RULE:
            names[key] = _("A rule turned it down.")
        elif key.startswith(figures.BY_RULE):
            names[key] = str(REFUSED[key.removeprefix(figures.BY_RULE)])
        elif key not in names:
            names[key] = _("In the moderator's own words, or without any.")
    return names
