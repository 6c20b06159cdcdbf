"""Deciding on one reply from the queue, and taking back what was done: with one key each."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comments import second_readings, undoing
from comments.admin.desk.cards import cards_of, for_cards
from comments.admin.desk.requests import (
    Outcome,
    answer,
    for_moderators,
    is_from_script,
    moderator,
)
from comments.deciding import ChangedMeanwhile
from comments.meanwhile import DecidedMeanwhile, as_seen, last_of_state
from comments.models import CannedReason, Comment, Decision
from comments.models.decision import MAX_NOTE, MAX_REASON, Status
from comments.models.second_look import ForAnotherModerator
from newsroom.admin_site import site
from newsroom.primary_keys import is_key

MOST_AT_ONCE = 5  # decisions that one press takes back


def pick(comment: Comment, *, by: User, **said: Any) -> bool:
    """Let readers see it, and first of all."""
    if comment.is_held:
        comment.approve(by=by, **said)
    return comment.feature(by=by)


def pick_no_more(comment: Comment, *, by: User, **_said: Any) -> bool:
    return comment.unfeature(by=by)


VERBS: dict[str, Callable[..., bool]] = {
    "approve": Comment.approve,
    "keep": Comment.approve,  # what was reported stays
    "reject": Comment.reject,
    "spam": Comment.mark_spam,
    "restore": Comment.restore,
    "feature": pick,
    "unfeature": pick_no_more,
}
STATES = {
    "approve": Status.APPROVED,
    "reject": Status.REJECTED,
    "spam": Status.SPAM,
    "restore": Status.HELD,
}
LEADS_TO = STATES | {"keep": Status.APPROVED}


class DecisionForm(forms.Form):
    """The form of a card: its buttons, and what is said with them."""

    decision = forms.ChoiceField(choices=[(name, name) for name in VERBS])
    seen = forms.RegexField(r"^[a-z]{1,10}\.[0-9]{1,9}$")
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    canned = forms.ModelChoiceField(CannedReason.objects.offered(), required=False)
    note = forms.CharField(required=False, max_length=MAX_NOTE)

    def said(self, comment: Comment) -> dict[str, Any]:
        """For the verb. What the author reads is typed, or the words of a ready reason in the
        language of the piece."""
        data, canned = self.cleaned_data, None
        reason = data["reason"]
        if data["decision"] == "reject" and (canned := data["canned"]):
            reason = reason or canned.words(comment.article.language)
        return {"reason": reason[:MAX_REASON], "note": data["note"], "canned": canned}


@for_moderators
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One card of the queue, and what its buttons do."""
    if request.method != "POST":
        return card(request, number)
    comment = get_object_or_404(Comment.objects.select_related("article"), pk=number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return answer(request, Outcome(_why_not(form), "refused"))
    return answer(request, _decide(comment, form, by=moderator(request)), comment)


def card(request: HttpRequest, number: int) -> HttpResponse:
    """The card alone, for the page's script; for everybody else on a page."""
    found = get_object_or_404(for_cards(Comment.objects.all()), pk=number)
    context = {
        "card": cards_of([found])[0],
        "reasons": CannedReason.objects.offered(),
        "user": request.user,
    }
    if is_from_script(request):
        return TemplateResponse(request, "admin/comments/queue/_card.html", context)
    context |= site.each_context(request) | {"title": str(found)}
    return TemplateResponse(request, "admin/comments/queue/one.html", context)


def _decide(comment: Comment, form: DecisionForm, *, by: User) -> Outcome:
    what, seen = form.cleaned_data["decision"], form.cleaned_data["seen"]
    status, version = seen.split(".")
    reading = second_readings.take(
        comment,
        by=by,
        verdict=second_readings.VERDICT_OF.get(what, ""),
        seen_status=status,
        seen_version=int(version),
    )
    if reading:
        return Outcome(reading.told(), told=True)
    try:
        with transaction.atomic():
            now = as_seen(comment, seen)
            last = Decision.objects.filter(comment=now).order_by("-pk").values_list("pk", flat=True)
            before = last.first() or 0
            said = form.said(comment)
            VERBS[what](now, by=by, seen=now.version, **said)
            made = list(now.decisions.filter(pk__gt=before).values_list("pk", flat=True))
    except DecidedMeanwhile as meanwhile:
        return _decided_before(meanwhile, what, by)
    except ChangedMeanwhile:
        text = _("%(reply)s has another text by now, so nothing was decided. Please read it again.")
        return Outcome(text % {"reply": comment}, "changed")
    except ForAnotherModerator as refusal:
        return Outcome(str(refusal), "refused")
    if not made:
        return _nothing_new(now, what)
    return Outcome(_done(now, what), decisions=made)


def _decided_before(meanwhile: DecidedMeanwhile, what: str, by: User) -> Outcome:
    """By this moderator and so: then it was sent twice."""
    decision = meanwhile.decision
    if decision.by_id == by.pk and decision.to_status == LEADS_TO.get(what):
        return Outcome(str(meanwhile), decisions=[decision.pk])
    return Outcome(str(meanwhile), "decided")


def _nothing_new(comment: Comment, what: str) -> Outcome:
    if what == "feature":
        return Outcome(_("Readers don't see this reply, or it is a pick already."), "refused")
    last = last_of_state(comment)
    told = _("Nothing was changed: it was so already.")
    return Outcome(str(DecidedMeanwhile(last)) if last else told, "decided")


def _done(comment: Comment, what: str) -> str:
    told = {"name": comment.name}
    words = {
        "approve": _("Approved: the reply of %(name)s."),
        "keep": _("Kept: the reply of %(name)s."),
        "reject": _("Rejected: the reply of %(name)s."),
        "spam": _("Marked as spam: the reply of %(name)s."),
        "restore": _("Back in the queue: the reply of %(name)s."),
        "feature": _("Picked: the reply of %(name)s."),
        "unfeature": _("No pick any more: the reply of %(name)s."),
    }
    return words[what] % told


def _why_not(form: forms.Form) -> str:
    if "decision" in form.errors:
        return _("Nothing was decided: no button was pressed.")
    if "seen" in form.errors:
        return _("Nothing was decided: the form doesn't say what you have read.")
    told = (str(error) for errors in form.errors.values() for error in errors)
    return " ".join(dict.fromkeys(told))


# --- Taking back -------------------------------------------------------------------------------


@for_moderators
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back these `decision`s, newest first, or what the moderator did last."""
    by = moderator(request)
    numbers = [each for each in request.POST.getlist("decision") if is_key(each)]
    try:
        with transaction.atomic():
            undone = [undoing.undo(each, by=by) for each in _meant(numbers, by)]
    except undoing.NotUndone as refusal:
        return answer(request, Outcome(str(refusal), "refused"))
    except DecidedMeanwhile as meanwhile:
        text = _("It wasn't taken back: %(what)s") % {"what": meanwhile}
        return answer(request, Outcome(text, "decided"), meanwhile.decision.comment)
    except ForAnotherModerator as refusal:
        return answer(request, Outcome(str(refusal), "refused"))
    last = undone[-1]
    text = _("Taken back (%(what)s). The reply of %(name)s: %(state)s.") % {
        "what": _what(undone[0].undoes),
        "name": last.comment.name,
        "state": last.get_to_status_display(),
    }
    outcome = Outcome(text, decisions=[each.pk for each in undone])
    return answer(request, outcome, last.comment)


def _meant(numbers: list[str], by: User) -> list[Decision]:
    """Raises NothingToUndo."""
    if numbers:
        chosen = Decision.objects.filter(pk__in=numbers[:MOST_AT_ONCE], by=by)
        found = list(chosen.select_related("comment").order_by("-pk"))
    else:
        last = undoing.last_by(by)
        found = [last] if last else []
    if not found:
        raise undoing.NothingToUndo
    return found


def _what(decision: Decision | None) -> str:
    """What the taken back decision was."""
    if decision is None:
        return ""
    if decision.kind in undoing.ABOUT_STATE:
        return str(decision.get_to_status_display())
    return str(decision.get_kind_display())


site.add_page("comments/queue/undo/", undo, name="comments_queue_undo")
site.add_page("comments/queue/<int:number>/", one, name="comments_queue_decide")
