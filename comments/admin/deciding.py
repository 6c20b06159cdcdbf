"""Deciding on replies: what the actions of the list and the buttons of one reply's page do."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comments.deciding import ChangedMeanwhile
from comments.models import Comment
from comments.models.decision import MAX_REASON
from comments.models.second_look import ForAnotherModerator

if TYPE_CHECKING:
    from comments.admin.replies import CommentAdmin


VERBS: dict[str, Callable[..., bool]] = {
    "approve": Comment.approve,
    "reject": Comment.reject,
    "mark_spam": Comment.mark_spam,
    "restore": Comment.restore,
}
PICKS: dict[str, Callable[..., bool]] = {
    "feature": Comment.feature,
    "unfeature": Comment.unfeature,
}


def urls(model_admin: "CommentAdmin") -> list[URLPattern]:
    def decision(request: HttpRequest, number: int) -> HttpResponse:
        """Decide on one reply, on whose page the button stands."""
        if not model_admin.has_moderate_permission(request):
            raise PermissionDenied
        comment = get_object_or_404(Comment, pk=number)
        what = request.POST.get("decision", "")
        if what in VERBS:
            decide(request, [comment], VERBS[what])
        elif what in PICKS:
            pick(request, [comment], PICKS[what])
        else:
            messages.warning(request, _("Nothing was decided: no button was pressed."))
        return redirect("admin:comments_comment_change", comment.pk)

    page = model_admin.admin_site.admin_view(require_POST(decision))
    return [path("<int:number>/decision/", page, name="comments_comment_decision")]


def decide(request: HttpRequest, comments: Iterable[Comment], verb: Callable[..., bool]) -> None:
    """Decide on each, with the reason that was sent, and tell the moderator what was done.

    The form carries which version of each text it showed. What its author has changed since is
    left as it is, and so is a second look that somebody else has to take.
    """
    by, reason = cast(User, request.user), request.POST.get("reason", "")[:MAX_REASON]
    count, changed, refusals = 0, [], []
    for comment in comments:
        try:
            count += verb(comment, by=by, reason=reason, seen=_seen(request, comment))
        except ChangedMeanwhile:
            changed.append(comment)
        except ForAnotherModerator as refusal:
            refusals.append(f"{comment}: {refusal}")
    if count or not (changed or refusals):
        _tell_count(request, count)
    for comment in changed:
        text = _(
            "%(reply)s: its author has changed it since you read it. Nothing was decided on it; "
            "please read it again."
        )
        messages.warning(request, text % {"reply": comment})
    for text in refusals:
        messages.warning(request, text)


def pick(request: HttpRequest, comments: Iterable[Comment], verb: Callable[..., bool]) -> None:
    by = cast(User, request.user)
    _tell_count(request, sum(verb(comment, by=by) for comment in comments))


def _tell_count(request: HttpRequest, count: int) -> None:
    messages.add_message(
        request,
        messages.SUCCESS if count else messages.INFO,
        ngettext("%(count)d reply decided.", "%(count)d replies decided.", count)
        % {"count": count},
    )


def _seen(request: HttpRequest, comment: Comment) -> int | None:
    """The version of the text that the form showed; None for a reply that wasn't on its page."""
    sent = request.POST.get(f"seen-{comment.pk}", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None
