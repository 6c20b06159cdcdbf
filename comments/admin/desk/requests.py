"""What the addresses behind the queue have in common: who may ask, and how they are answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from comments.models import Comment
from comments.queue import Choice, NotAChoice
from newsroom.private_pages import private

type View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


@dataclass(frozen=True)
class Outcome:
    """What became of something that a moderator wanted, in words for them.

    `problem` says why nothing was done, for the page's script: "decided" by somebody else,
    "changed" since it was read, "refused" for what the text says; empty where it was done.
    `decisions` are those that were made, by primary key.
    """

    text: str
    problem: str = ""
    decisions: list[int] = field(default_factory=list)
    told: bool = False  # the text says more than what the moderator has just done

    @property
    def status(self) -> int:
        return {"": 200, "refused": 422}.get(self.problem, 409)


def for_moderators(view: View) -> View:
    """For those who decide on replies, and for no cache. What they write stands in no report of
    an error."""

    @sensitive_post_parameters()
    @private
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("comments.moderate_comment"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return page


def moderator(request: HttpRequest) -> User:
    return cast(User, request.user)


def is_from_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def answer(request: HttpRequest, outcome: Outcome, comment: Comment | None = None) -> HttpResponse:
    """For the page's script as JSON, with the reply as it is now; else the queue again, which
    says it, where the form that was sent has its choice in its address."""
    if is_from_script(request):
        told: dict[str, Any] = {
            "text": outcome.text,
            "problem": outcome.problem,
            "decisions": outcome.decisions,
            "told": outcome.told,
        }
        if comment is not None:
            now = Comment.objects.only("status", "version").get(pk=comment.pk)
            told |= {"reply": now.pk, "seen": now.as_seen}
        return JsonResponse(told, status=outcome.status)
    level = messages.WARNING if outcome.problem else messages.SUCCESS
    messages.add_message(request, level, outcome.text)
    return HttpResponseRedirect(queue_address(request))


def queue_address(request: HttpRequest) -> str:
    """The queue with the choice that stands in the address of the request, if it is one."""
    try:
        query = Choice.parse(request.GET.dict()).as_query()
    except NotAChoice:
        query = ""
    return reverse("admin:comments_queue") + (f"?{query}" if query else "")
