"""What was learned from the moderators' decisions, how far it is right, and what it may do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from comments.charts import Chart, percent_lines
from comments.learning.obvious import SURE, groups
from comments.learning.progress import progress
from comments.learning.record import (
    FEWEST,
    FEWEST_ON_RECORD,
    LEAST,
    SUREST,
    Point,
    Record,
    Side,
    threshold_of,
)
from comments.models import Comment, LearnedModel, Likely, Policy
from comments.tasks import learn
from newsroom.admin_site import site
from newsroom.moments import grouped
from newsroom.private_pages import private

THRESHOLDS = (80, 85, 90, 92, 95, 97, 98, 99)
IN_TABLE = (50, 60, 70, *THRESHOLDS)
NAMED = (50, 60, 70, 80, 90, 99)  # below the chart
FIELDS = {Side.APPROVE: "learned_approves_from", Side.REFUSE: "learned_rejects_from"}
MAY_CHANGE = "comments.change_policy"


class ThresholdsForm(forms.Form):
    """From where on it decides by itself: each choice with its record."""

    learned_approves_from = forms.TypedChoiceField(
        label=gettext_lazy("Let a held reply out"), coerce=int
    )
    learned_rejects_from = forms.TypedChoiceField(
        label=gettext_lazy("Turn a held reply down"), coerce=int
    )

    def __init__(self, data: Any, *, record: Record, policy: Policy) -> None:
        super().__init__(
            data, initial={name: threshold_of(policy, side) for side, name in FIELDS.items()}
        )
        self.record, self.policy = record, policy
        for side, name in FIELDS.items():
            field = cast(forms.TypedChoiceField, self.fields[name])
            field.choices = list(_choices(record, side, threshold_of(policy, side)))

    def clean(self) -> dict[str, Any]:
        """A threshold that the record doesn't support may stay, where it did so once: it decides
        nothing until the record supports it again. It can't be chosen anew."""
        for side, name in FIELDS.items():
            threshold = self.cleaned_data.get(name, 0)
            is_new = threshold != threshold_of(self.policy, side)
            if threshold and is_new and not self.record.supports(side, threshold):
                self.add_error(name, _("The record does not support this."))
        return self.cleaned_data

    def save(self, *, by: User) -> int:
        with transaction.atomic():
            policy = Policy.objects.select_for_update().first() or Policy()
            for name in FIELDS.values():
                setattr(policy, name, self.cleaned_data[name])
            return policy.adopt(by=by)


@dataclass(frozen=True)
class Mistake:
    """One of the surest on record."""

    comment: int
    sure: int
    likely: str
    decided: str


@dataclass(frozen=True)
class Half:
    """What is shown of one side."""

    side: Side
    heading: str
    said: str  # what the chart shows
    chart: Chart
    rows: list[Point]
    threshold: int
    is_supported: bool


@require_http_methods(["GET", "HEAD", "POST"])
@private
def learned(request: HttpRequest) -> HttpResponse:
    """The record, and the thresholds, which those may set who may change the rules."""
    if not request.user.has_perm("comments.view_policy"):
        raise PermissionDenied
    model, policy = LearnedModel.objects.current(), Policy.objects.current()
    record = Record.read(model)
    form = ThresholdsForm(request.POST or None, record=record, policy=policy)
    if request.method == "POST":
        if not request.user.has_perm(MAY_CHANGE):
            raise PermissionDenied
        form = ThresholdsForm(request.POST, record=record, policy=policy)
        if form.is_valid():
            return _saved(request, form)
    return _draw(request, model, record, policy, form)


@require_POST
@private
def models(request: HttpRequest) -> HttpResponse:
    """Learn anew: the worker does it."""
    if not request.user.has_perm(MAY_CHANGE):
        raise PermissionDenied
    state = progress()
    if state.can_begin:
        learn.enqueue(request.user.pk)
        messages.success(request, _("The worker learns from the decisions. It takes minutes."))
    elif state.is_waiting:
        messages.info(request, _("That was asked for already, and is not done yet."))
    else:
        messages.warning(request, _("Nothing can be learned just now: the page says why."))
    return redirect("admin:comments_learned")


def _saved(request: HttpRequest, form: ThresholdsForm) -> HttpResponseRedirect:
    if form.save(by=cast(User, request.user)):
        messages.success(request, _("The thresholds are saved."))
    else:
        messages.info(request, _("The thresholds were so already."))
    return redirect("admin:comments_learned")


def _draw(
    request: HttpRequest,
    model: LearnedModel | None,
    record: Record,
    policy: Policy,
    form: ThresholdsForm,
) -> HttpResponse:
    context = site.each_context(request) | {
        "title": _("Learned from decisions"),
        "model": model,
        "record": record,
        "decided": [
            (label, record.decided[kind])
            for kind, label in Likely.choices
            if kind in record.decided
        ],
        "halves": [_half(record, policy, side) for side in Side] if record.count else [],
        "mistakes": _mistakes(record),
        "progress": progress(),
        "fewest": FEWEST,
        "fewest_on_record": FEWEST_ON_RECORD,
        "groups": groups() if model else [],
        "sure": SURE,
        "form": form,
        "may_change": request.user.has_perm(MAY_CHANGE),
        "may_decide": request.user.has_perm("comments.moderate_comment"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return TemplateResponse(request, "admin/comments/learned.html", context, status=status)


def _half(record: Record, policy: Policy, side: Side) -> Half:
    points, threshold = record.curve(side), threshold_of(policy, side)
    is_approving = side == Side.APPROVE
    return Half(
        side=side,
        heading=_("What it would let out") if is_approving else _("What it would turn down"),
        said=_(
            "How many of its decisions were right, and how many of all it would make, from each "
            "threshold on. The numbers are in the table below."
        ),
        chart=percent_lines(
            {each - LEAST: f"{each} %" for each in NAMED},
            [
                ("coverage", [point.coverage for point in points]),
                ("precision", [point.precision for point in points]),
            ],
            [_said(point) for point in points],
        ),
        rows=[record.at(side, each) for each in IN_TABLE],
        threshold=threshold,
        is_supported=bool(threshold) and record.supports(side, threshold),
    )


def _said(point: Point) -> str:
    if point.precision is None:
        return _("From %(threshold)d %%: none") % {"threshold": point.threshold}
    return _(
        "From %(threshold)d %%: %(right)s of %(count)s right (%(precision).1f %%), "
        "%(coverage).1f %% of all"
    ) % {
        "threshold": point.threshold,
        "right": grouped(point.right),
        "count": grouped(point.count),
        "precision": point.precision,
        "coverage": point.coverage,
    }


def _choices(record: Record, side: Side, present: int) -> Iterator[tuple[int, str]]:
    yield 0, _("never by itself")
    for threshold in sorted({*THRESHOLDS, present} - {0}):
        if LEAST <= threshold <= SUREST:
            point = record.at(side, threshold)
            said = _said(point)
            if not point.supports:
                said = _("%(record)s – too few, or too often wrong") % {"record": said}
            yield threshold, said
        else:
            yield threshold, f"{threshold} %"


def _mistakes(record: Record) -> list[Mistake]:
    """Of replies that are still there."""
    there = set(
        Comment.objects.filter(pk__in=[each.comment for each in record.mistakes])
        .exclude(status=Comment.Status.ERASED)
        .values_list("pk", flat=True)
    )
    labels = dict(Likely.choices)
    return [
        Mistake(each.comment, each.sure, str(labels[each.likely]), str(labels[each.decided]))
        for each in record.mistakes
        if each.comment in there
    ]


site.add_page("comments/learned/", learned, name="comments_learned")
site.add_page("comments/learned/models/", models, name="comments_learned_models")
