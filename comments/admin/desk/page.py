"""The queue: /admin/comments/queue/."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comments.admin.desk.cards import cards_of, for_cards, second_cards
from comments.admin.desk.filters import FilterForm, chosen_in, form_of
from comments.admin.desk.scripts import queue_media, queue_style
from comments.models import CannedReason
from comments.queue import Choice, NotAChoice, Order, Tab, tab_counts
from newsroom.admin_site import site
from newsroom.private_pages import private

CARDS = 20  # a page


@require_http_methods(["GET", "HEAD", "POST"])
@private
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a moderator, and all else, card by card. What is chosen in its form is sent
    by POST, so that an address that somebody types into the search stands in no address."""
    if not request.user.has_perm("comments.moderate_comment"):
        raise PermissionDenied
    if request.method == "POST":
        return _choose(request)
    try:
        choice = Choice.parse(request.GET)
    except NotAChoice as refusal:
        messages.error(request, str(refusal))
        return _draw(request, Choice(), status=400)
    return _draw(request, choice)


def _choose(request: HttpRequest) -> HttpResponse:
    """The page of what was chosen has an address that can be kept; with errors the form is back
    with what was typed."""
    form = FilterForm(request.POST)
    if form.is_valid():
        return HttpResponseRedirect(f"{reverse('admin:comments_queue')}?{form.choice.as_query()}")
    return _draw(request, form.before, form=form, status=422)


def _draw(
    request: HttpRequest, choice: Choice, *, form: FilterForm | None = None, status: int = 200
) -> HttpResponse:
    """No card is shown where it isn't clear which are meant."""
    by = cast(User, request.user)
    found = list(for_cards(choice.from_here())[: CARDS + 1]) if status == 200 else []
    shown, has_more = found[:CARDS], len(found) > CARDS
    again = second_cards(by) if status == 200 and choice == Choice() else []
    counts = tab_counts()
    counts[Tab.WAITING] += len(again)
    matching = choice.replies().count() if choice.is_filtered else counts[choice.tab]
    cards = cards_of(shown)
    if again:
        cards = sorted(cards + again, key=lambda card: card.comment.submitted_at)
    context = admin.site.each_context(request) | {
        "title": _("Queue"),
        "media": queue_media if status == 200 else queue_style,
        "choice": choice,
        "tabs": [(tab, counts[tab], choice.as_query(tab=tab)) for tab in Tab],
        "orders": orders_of(choice),
        "form": form or form_of(choice),
        "chosen": list(chosen_in(choice)),
        "everything": Choice(tab=choice.tab).as_query(),
        "cards": cards,
        "matching": matching,
        "replies_waiting": counts[Tab.WAITING],
        "more": choice.as_query(after=choice.place_of(shown[-1])) if has_more else "",
        "reasons_drawn": reasons_drawn(),
        "is_refused": status != 200,
    }
    return TemplateResponse(request, "admin/comments/queue/page.html", context, status=status)


def orders_of(choice: Choice) -> list[tuple[Order, str]]:
    """The orders that there are for what waits; what is decided has one."""
    if choice.tab != Tab.WAITING:
        return []
    return [(order, choice.as_query(order=order)) for order in Order]


def reasons_drawn() -> str:
    """The same on each card, and much of it."""
    context = {"reasons": CannedReason.objects.offered()}
    return render_to_string("admin/comments/queue/_reasons.html", context)


site.add_page("comments/queue/", queue, name="comments_queue")
