"""Deciding on many replies at once: what the queue's form leads to, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments import second_readings
from comments.admin.desk.batch_forms import ConfirmationForm, Selection, SelectionForm
from comments.admin.desk.deciding import STATES
from comments.admin.desk.filters import chosen_in
from comments.admin.desk.requests import for_moderators, is_from_script, moderator
from comments.batches import work_at_once
from comments.models import Batch, CannedReason, Comment
from comments.models.batch import MOST, NothingToDecide, make_key
from comments.models.decision import Status
from comments.queue import Choice, NotAChoice
from newsroom.admin_site import site
from newsroom.moments import grouped

SHOWN = 10  # of what is to be decided, before it is confirmed
SHOWN_BY_HAND = 50
LEFT_SHOWN = 50  # of what was left as it was
BATCHES = 50  # a page
NAMES = {to: name for name, to in STATES.items()}


@for_moderators
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """What was decided at once so far. What is sent by the queue is asked about, and begins when
    it is confirmed."""
    if request.method == "POST":
        return _begin(request) if "key" in request.POST else _ask(request, request.POST)
    page = Paginator(
        Batch.objects.select_related("by", "undone_by").order_by("-pk"), BATCHES
    ).get_page(request.GET.get("page"))
    context = {"title": _("Batches"), "page": page}
    return _draw(request, "batches", context)


@for_moderators
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Asks whether all that the query is about shall be decided so: `?tab=…&decision=reject`."""
    sent = QueryDict(mutable=True)
    sent["choice"], sent["chosen"] = request.GET.urlencode(), Batch.Chosen.ALL
    sent["decision"] = request.GET.get("decision", "")
    return _ask(request, sent)


@for_moderators
@require_safe
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """How far it has got. For its own script without the page around."""
    found = get_object_or_404(Batch.objects.select_related("by", "undone_by"), pk=number)
    left = found.items.exclude(outcome="").order_by("comment")
    context = {
        "title": _("Batch %(number)s") % {"number": number},
        "batch": found,
        "left": left[:LEFT_SHOWN],
        "query": _choice_of(found).as_query(),
        "narrowed": list(chosen_in(_choice_of(found))),
        "tab": _choice_of(found).tab,
    }
    if is_from_script(request):
        return TemplateResponse(request, "admin/comments/queue/_batch.html", context)
    return _draw(request, "batch", context)


@for_moderators
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    if not get_object_or_404(Batch, pk=number).stop():
        messages.info(request, _("There is nothing to stop any more."))
    return redirect("admin:comments_batch", number)


@for_moderators
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Batch, pk=number)
    if found.undo(by=moderator(request)):
        work_at_once(found)
    else:
        messages.info(request, _("There is nothing to take back (any more)."))
    return redirect("admin:comments_batch", number)


# --- Before it begins --------------------------------------------------------------------------


def _ask(request: HttpRequest, sent: QueryDict) -> HttpResponse:
    """The page that says how many there are, and asks."""
    form = SelectionForm(sent)
    if not form.is_valid():
        return _to_queue(request, form)
    selection, gone = _still_there(form.selection(), moderator(request))
    return _page_that_asks(request, selection, ConfirmationForm(), gone=gone)


def _begin(request: HttpRequest) -> HttpResponse:
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        again = SelectionForm(request.POST)
        if not again.is_valid():
            return _to_queue(request, again)
        return _page_that_asks(request, again.selection(), form, status=422)
    selection = form.selection(until=form.cleaned_data["until"])
    if Batch.objects.filter(key=form.cleaned_data["key"]).exists():
        pass  # sent twice: it may be more or less by now
    elif selection.count() > form.cleaned_data["count"]:
        messages.warning(request, _("There are more by now than you were told. Nothing was done."))
        return _page_that_asks(request, selection, form, status=409)
    with transaction.atomic():
        selection = _without_readings(request, selection)
        try:
            made = Batch.objects.begin(
                selection.replies(),
                selection.to,
                by=moderator(request),
                seen=selection.seen,
                key=form.cleaned_data["key"],
                chosen=selection.chosen,
                query=selection.choice.as_query(q=""),
                **form.said(),
            )
        except NothingToDecide:
            made = None  # the verdicts on second readings are kept all the same
    if made is None:
        messages.info(request, _("Nothing is left to decide of it."))
        return HttpResponseRedirect(_queue_of(selection.choice))
    work_at_once(made)
    return redirect("admin:comments_batch", made.pk)


def _still_there(selection: Selection, by: User) -> tuple[Selection, int]:
    """What was selected by hand without what the queue wouldn't show there any more, or is so
    already, and how much that is. What `by` reads as a second one is shown as if it waited."""
    if selection.seen is None:
        return selection, 0
    readings = {each.comment_id: each.version for each in second_readings.due_for(by)}
    there = replace(selection, chosen=Batch.Chosen.ALL, seen=None).replies()
    shown = there.filter(pk__in=selection.seen).only("status", "version")
    seen = {each.pk: each.as_seen for each in shown}
    if selection.choice == Choice():
        seen |= {
            number: f"{Status.HELD}.{version}"
            for number, version in readings.items()
            if number in selection.seen
        }
    return replace(selection, seen=seen), len(selection.seen) - len(seen)


def _without_readings(request: HttpRequest, selection: Selection) -> Selection:
    """The rest, when the verdicts are kept on what the moderator has read as a second one."""
    seen = dict(selection.seen or {})
    if not seen:
        return selection
    by = moderator(request)
    due = second_readings.due_for(by).filter(comment__in=seen)
    for comment in Comment.objects.filter(pk__in=due.values("comment")).order_by("pk"):
        status, version = seen[comment.pk].split(".")
        reading = second_readings.take(
            comment, by=by, verdict=selection.to, seen_status=status, seen_version=int(version)
        )
        if reading:
            del seen[comment.pk]
            messages.info(request, reading.told())
    return replace(selection, seen=seen)


def _page_that_asks(
    request: HttpRequest,
    selection: Selection,
    form: ConfirmationForm,
    *,
    gone: int = 0,
    status: int = 200,
) -> HttpResponse:
    count = selection.count()
    if not count:
        messages.info(request, _("Nothing is left to decide of it."))
        return HttpResponseRedirect(_queue_of(selection.choice))
    replies = selection.replies().select_related("article").order_by("pk")
    most = SHOWN if selection.seen is None else SHOWN_BY_HAND
    context = {
        "title": _question(selection.to, count),
        "button": _button(selection.to, count),
        "selection": selection,
        "count": count,
        "is_most": count == MOST,
        "most": MOST,
        "gone": gone,
        "narrowed": list(chosen_in(selection.choice)),
        "replies": replies[:most],
        "form": form,
        "sent": _hidden(selection, count),
        "reasons": CannedReason.objects.offered() if selection.to == Status.REJECTED else [],
        "tells": selection.to in (Status.APPROVED, Status.REJECTED),
        "back": _queue_of(selection.choice),
    }
    return _draw(request, "batch_new", context, status=status)


def _hidden(selection: Selection, count: int) -> list[tuple[str, str]]:
    """The fields by which the form of the page means the same replies again."""
    seen = selection.seen or {}
    return [
        ("decision", NAMES[selection.to]),
        ("chosen", str(selection.chosen)),
        ("choice", selection.choice.as_query()),
        ("first", str(selection.first or "")),
        ("last", str(selection.last or "")),
        ("until", str(selection.until)),
        ("count", str(count)),
        ("key", make_key()),
        *(("reply", f"{number}.{state}") for number, state in sorted(seen.items())),
    ]


def _question(to: Status, count: int) -> str:
    texts = {
        Status.APPROVED: ngettext(
            "Approve %(number)s reply?", "Approve %(number)s replies?", count
        ),
        Status.REJECTED: ngettext("Reject %(number)s reply?", "Reject %(number)s replies?", count),
        Status.SPAM: ngettext(
            "Mark %(number)s reply as spam?", "Mark %(number)s replies as spam?", count
        ),
        Status.HELD: ngettext(
            "Put %(number)s reply back into the queue?",
            "Put %(number)s replies back into the queue?",
            count,
        ),
    }
    return texts[to] % {"number": grouped(count)}


def _button(to: Status, count: int) -> str:
    texts = {
        Status.APPROVED: ngettext("Approve %(number)s reply", "Approve %(number)s replies", count),
        Status.REJECTED: ngettext("Reject %(number)s reply", "Reject %(number)s replies", count),
        Status.SPAM: ngettext(
            "Mark %(number)s reply as spam", "Mark %(number)s replies as spam", count
        ),
        Status.HELD: ngettext("Put %(number)s reply back", "Put %(number)s replies back", count),
    }
    return texts[to] % {"number": grouped(count)}


# --- The pages ---------------------------------------------------------------------------------


def _to_queue(request: HttpRequest, form: SelectionForm) -> HttpResponse:
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    choice = form.cleaned_data.get("choice")
    return HttpResponseRedirect(_queue_of(choice or Choice()))


def _queue_of(choice: Choice) -> str:
    return f"{reverse('admin:comments_queue')}?{choice.as_query()}".removesuffix("?")


def _choice_of(found: Batch) -> Choice:
    try:
        return Choice.parse(QueryDict(found.query).dict())
    except NotAChoice:
        # Of a version of the program that knew other filters.
        return Choice()


def _draw(
    request: HttpRequest, name: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    return TemplateResponse(
        request,
        f"admin/comments/queue/{name}.html",
        {**site.each_context(request), **context},
        status=status,
    )


for route, view, name in (
    ("", batches, "comments_batches"),
    ("new/", new, "comments_batch_new"),
    ("<int:number>/", batch, "comments_batch"),
    ("<int:number>/stop/", stop, "comments_batch_stop"),
    ("<int:number>/undo/", undo, "comments_batch_undo"),
):
    site.add_page(f"comments/queue/batches/{route}", view, name=name)
