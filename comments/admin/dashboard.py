"""The figures of the replies' desk: /admin/comments/dashboard/."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from comments import waits
from comments.charts import Chart, columns, share_of, wait_lines
from comments.dashboard import PERIODS, Agreement, Period, Step, reason_names, waiting_now
from comments.models import Policy, SecondLook
from comments.models.decision import Status
from comments.models.second_reading import VERDICTS
from newsroom.admin_site import site
from newsroom.moments import day_text, grouped
from newsroom.private_pages import private

USUAL_PERIOD = 30
REASONS = 8  # that are named
_FLOW = ("received", *map(str, VERDICTS))

AGE_NAMES = (
    gettext_lazy("less than an hour"),
    gettext_lazy("1 to 4 hours"),
    gettext_lazy("4 to 24 hours"),
    gettext_lazy("1 to 3 days"),
    gettext_lazy("3 to 7 days"),
    gettext_lazy("more than a week"),
)


@dataclass(frozen=True)
class Bar:
    """A line of a table with a bar in it; `part` of it is darker."""

    label: str
    number: int
    length: str
    kind: str = ""
    part: str = ""
    url: str = ""
    row: Any = None


@dataclass(frozen=True)
class Cell:
    number: int
    percent: int
    heat: int  # 0 to 5
    is_same: bool


@require_safe
@private
def dashboard(request: HttpRequest) -> HttpResponse:
    """What comes in, what becomes of it, how long that takes, and how far moderators and rules
    agree. Each chart stands with its table."""
    if not request.user.has_perm("comments.moderate_comment"):
        raise PermissionDenied
    period, waiting, policy = Period(_days(request)), waiting_now(), Policy.objects.current()
    names = [_name(step) for step in period.steps]
    context = site.each_context(request) | {
        "title": _("Figures"),
        "period": period,
        "periods": [(days, _period_name(days), days == period.days) for days in PERIODS],
        "waiting": waiting,
        "replies_waiting": waiting.count,
        "ages": _ages(waiting.ages),
        "tiles": _tiles(period),
        "flow_chart": _flow_chart(period, names),
        "wait_chart": _wait_chart(period, names),
        "rows": [_row(step) for step in reversed(period.steps)],
        "rules": _rules(period),
        "reasons": _reasons(period),
        "pieces": _pieces(period),
        "agreement": period.agreement,
        "matrix": _matrix(period.agreement),
        "shows_again": policy.shows_again,
        "looks": _looks(period),
        "usual_wait": policy.usual_wait and waits.in_words(policy.usual_wait),
    }
    return render(request, "admin/comments/dashboard.html", context)


def _days(request: HttpRequest) -> int:
    """What isn't one of PERIODS is the usual one."""
    asked = request.GET.get("days", "")
    return next((days for days in PERIODS if str(days) == asked), USUAL_PERIOD)


def _period_name(days: int) -> str:
    if days == PERIODS[-1]:
        return _("A year")
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _short_day(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def _name(step: Step) -> str:
    return _short_day(step.last if step.first == step.last else step.first)


def _ages(ages: Iterable[int]) -> list[Bar]:
    ages = list(ages)
    most = max(ages)
    return [
        Bar(str(name), number, share_of(number, most), kind=f"age-{place}")
        for place, (name, number) in enumerate(zip(AGE_NAMES, ages, strict=True))
    ]


def _tiles(period: Period) -> list[dict[str, Any]]:
    flow, before = period.flow, period.flow_before
    decided = sum(flow[verdict] for verdict in VERDICTS)
    median, p90 = waits.quantile(period.waited, 0.5), waits.quantile(period.waited, 0.9)
    agreement = period.agreement
    return [
        {
            "label": _("came in"),
            "value": grouped(flow["received"]),
            "note": _change(flow["received"], before["received"]),
        },
        {
            "label": _("were published"),
            "value": _percent(flow[Status.APPROVED], decided),
            "note": _("of %(count)s decided") % {"count": grouped(decided)} if decided else "",
        },
        {
            "label": _("median wait"),
            "value": waits.in_words(median) if median else "–",
            "note": _("nine of ten: within %(wait)s") % {"wait": waits.in_words(p90)}
            if p90
            else "",
        },
        {
            "label": _("moderators agree"),
            "value": "–" if agreement.percent is None else f"{agreement.percent} %",
            "note": _("of %(count)s read twice") % {"count": grouped(agreement.count)}
            if agreement.count
            else "",
        },
    ]


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"


def _change(now: int, before: int) -> str:
    if not before:
        return ""
    change = round(100 * (now - before) / before)
    if not change:
        return _("as many as in the time before")
    if change > 0:
        text = _("%(percent)s %% more than in the time before")
    else:
        text = _("%(percent)s %% fewer than in the time before")
    return text % {"percent": grouped(abs(change))}


def _flow_chart(period: Period, names: list[str]) -> Chart:
    parts = [[(str(verdict), step.flow[verdict]) for verdict in VERDICTS] for step in period.steps]
    said = [_flow_said(step) for step in period.steps]
    received = [step.flow["received"] for step in period.steps]
    return columns(names, parts, received, said, line_kind="received")


def _flow_said(step: Step) -> str:
    return _(
        "%(day)s: %(received)s came in; %(approved)s published, %(rejected)s rejected, "
        "%(spam)s spam"
    ) % ({"day": _span(step)} | {name: grouped(step.flow[name]) for name in _FLOW})


def _span(step: Step) -> str:
    if step.first == step.last:
        return day_text(step.first)
    return _("%(first)s to %(last)s") % {
        "first": _short_day(step.first),
        "last": day_text(step.last),
    }


def _wait_chart(period: Period, names: list[str]) -> Chart | None:
    if not period.waited:
        return None
    said = [
        _("%(day)s: median %(median)s, nine of ten within %(p90)s")
        % {"day": _span(step), "median": _wait(step.median), "p90": _wait(step.p90)}
        if step.median
        else _("%(day)s: nothing was decided") % {"day": _span(step)}
        for step in period.steps
    ]
    values = [(step.median, step.p90) for step in period.steps]
    return wait_lines(names, values, said, kinds=("median", "p90"))


def _wait(wait: timedelta | None) -> str:
    return waits.in_words(wait) if wait else "–"


def _row(step: Step) -> dict[str, Any]:
    return {
        "day": _span(step),
        "flow": [step.flow[name] for name in _FLOW],
        "decided": sum(step.waited.values()),
        "median": _wait(step.median),
        "p90": _wait(step.p90),
    }


def _rules(period: Period) -> list[Bar]:
    most = max([1, *(row.hits for row in period.rules)])
    return [
        Bar(
            row.name, row.hits, share_of(row.hits, most), part=share_of(row.reversed, most), row=row
        )
        for row in period.rules
    ]


def _reasons(period: Period) -> list[Bar]:
    reasons = period.reasons[:REASONS]
    names = reason_names([key for key, _number in reasons], settings.LANGUAGE_CODE)
    most = max([1, *(number for _key, number in reasons)])
    bars = [
        Bar(names[key], number, share_of(number, most), kind="rejected") for key, number in reasons
    ]
    if rest := sum(number for _key, number in period.reasons[REASONS:]):
        bars.append(Bar(_("other reasons"), rest, share_of(rest, most), kind="rejected"))
    return bars


def _pieces(period: Period) -> list[Bar]:
    most = max([1, *(row.received for row in period.pieces)])
    return [
        Bar(row.article.headline, row.received, share_of(row.received, most), row=row)
        for row in period.pieces
    ]


def _matrix(agreement: Agreement) -> list[tuple[str, list[Cell]]]:
    """By the first verdict in lines, by the second in columns."""
    rows = []
    for first in VERDICTS:
        cells = []
        for second in VERDICTS:
            number = agreement.pairs.get((first, second), 0)
            share = number / agreement.count if agreement.count else 0
            heat = math.ceil(5 * share)
            cells.append(Cell(number, round(100 * share), heat, first == second))
        rows.append((str(Status(first).label), cells))
    return rows


def _looks(period: Period) -> Any:
    now = timezone.now()
    return SecondLook.objects.figures(now - timedelta(days=period.days), now)


site.add_page("comments/dashboard/", dashboard, name="comments_dashboard")
