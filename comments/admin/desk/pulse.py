"""What the page of the queue asks every few seconds: how many wait, what others did meanwhile, and
which cards they have open."""

import re
from collections.abc import Iterable

from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comments.admin.desk.requests import for_moderators, moderator
from comments.meanwhile import in_words
from comments.models import Comment, Decision, OpenCard, SecondReading
from comments.models.decision import Status
from comments.queue import tab_counts
from newsroom.admin_site import site
from newsroom.moments import grouped
from newsroom.primary_keys import is_key

MOST_CARDS = 300  # on one page
CARD = re.compile(r"(?<!\S)([0-9]{1,18}):([a-z]{1,10}\.[0-9]{1,9})(?!\S)", re.ASCII)


@for_moderators
@require_http_methods(["GET", "POST"])
def pulse(request: HttpRequest) -> HttpResponse:
    """POST: `open` is the card that the moderator looks at, `cards` are all on the page, each as
    "number:seen". GET: a token, for a page that is older than the session."""
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    seen = {
        int(number): as_seen
        for number, as_seen in CARD.findall(request.POST.get("cards", ""))[:MOST_CARDS]
    }
    _look_at(request)
    others = OpenCard.objects.open().filter(comment__in=seen).exclude(by=moderator(request))
    looking: dict[int, list[str]] = {}
    for number, name in others.order_by("pk").values_list("comment", "by__username"):
        looking.setdefault(number, []).append(name)
    return JsonResponse(
        {
            "counts": {tab.value: grouped(count) for tab, count in tab_counts().items()},
            "open": {
                number: _("%(names)s has it open") % {"names": ", ".join(names)}
                for number, names in looking.items()
            },
            "changed": _changed(seen, request),
        }
    )


def _look_at(request: HttpRequest) -> None:
    number = request.POST.get("open", "")
    known = Comment.objects.filter(pk=int(number)) if is_key(number) else Comment.objects.none()
    OpenCard.objects.see(known.only("pk").first(), by=moderator(request))


def _changed(seen: dict[int, str], request: HttpRequest) -> dict[int, dict[str, str]]:
    """The cards whose replies are no longer as they were seen, and what happened to each."""
    rows = Comment.objects.filter(pk__in=seen).order_by("pk").values_list("pk", "status", "version")
    now = {number: f"{status}.{version}" for number, status, version in rows}
    changed = [number for number, as_seen in seen.items() if now.get(number) != as_seen]
    if not changed:
        return {}
    again = SecondReading.objects.for_reader(moderator(request)).filter(comment__in=changed)
    shown_again = set(again.values_list("comment", flat=True))
    told = _decisions(changed)
    answers = {}
    for number in changed:
        status, version = seen[number].split(".")
        was = now.get(number, "").partition(".")
        if number in shown_again and status == Status.HELD and was[2] == version:
            continue
        if was[0] == status:
            text = _("Its text was changed just now. Please read it again.")
            answers[number] = {"problem": "changed", "text": text}
        else:
            text = told.get(number) or _("It is gone.")
            answers[number] = {"problem": "decided", "text": text}
    return answers


def _decisions(numbers: Iterable[int]) -> dict[int, str]:
    """How each reply came into its state, in words."""
    changes = Decision.objects.filter(comment__in=numbers).exclude(from_status=F("to_status"))
    latest: dict[int, Decision] = {}
    for each in changes.select_related("by").order_by("pk"):
        latest[each.comment_id] = each
    return {number: in_words(each) for number, each in latest.items()}


site.add_page("comments/queue/pulse/", pulse, name="comments_queue_pulse")
