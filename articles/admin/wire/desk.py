"""The wire desk: what came in from agencies, to be taken or left, one by one or several at once."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from articles.admin.wire.cards import ON_A_PAGE, page_of
from articles.admin.wire.choice import HOLDS, ORDERS, STATES, URGENCIES, Choice
from articles.admin.wire.item import ItemPage
from articles.models import WireItem, WireStream
from articles.wire import taking
from newsroom.see_other import SeeOther

MOST_AT_ONCE = ON_A_PAGE
DEEDS: dict[str, Callable[..., Any]] = {
    "take": taking.take,
    "leave": taking.leave,
    "put_back": taking.put_back,
}


class Done(NamedTuple):
    """What was just done, to be told above the list and undone from there."""

    deed: str
    items: list[WireItem]

    @property
    def words(self) -> str:
        number = len(self.items)
        return {
            "take": ngettext("%d wire is a draft now.", "%d wires are drafts now.", number),
            "leave": ngettext("%d wire was left.", "%d wires were left.", number),
            "put_back": ngettext("%d wire was put back.", "%d wires were put back.", number),
        }[self.deed] % number

    @property
    def can_be_undone(self) -> bool:
        return self.deed != "put_back"


@admin.register(WireItem)
class WireItemAdmin(ItemPage):
    """The list of the wires, and deeds on them; the page of one is ItemPage's."""

    def get_urls(self) -> list[URLPattern]:
        decisions = self.admin_site.admin_view(require_POST(self.decisions_view))
        own = path("decisions/", decisions, name="articles_wireitem_decisions")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return require_safe(self._list)(request)

    def decisions_view(self, request: HttpRequest) -> HttpResponse:
        """Do one deed to each of the chosen wires: 303 to the list, which tells what was done.

        What could not be done to one is told, and hinders no other.
        """
        if not self.has_take_permission(request):
            raise PermissionDenied
        back = Choice.read(QueryDict(request.POST.get("back", "")[:1000])).query
        deed = next((name for name in DEEDS if f"_{name}" in request.POST), "")
        chosen = _keys(request.POST)
        if not deed or not chosen:
            messages.warning(request, _("Nothing was chosen."))
            return self._to_list(back)
        done = []
        for item in WireItem.objects.filter(pk__in=chosen).order_by("pk"):
            try:
                DEEDS[deed](item, by=cast(User, request.user))
            except ValidationError as error:
                messages.error(request, f"{item.headline}: {' '.join(error.messages)}")
            else:
                done.append(item.pk)
        told = f"done={deed}&items={'.'.join(map(str, done))}" if done else ""
        return self._to_list("&".join(part for part in (back, told) if part))

    def _to_list(self, query: str) -> SeeOther:
        address = reverse("admin:articles_wireitem_changelist")
        return SeeOther(f"{address}?{query}" if query else address)

    def _list(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        choice = Choice.read(request.GET)
        context = self.admin_site.each_context(request) | {
            "opts": WireItem._meta,
            "title": _("Wire desk"),
            "choice": choice,
            "page": page_of(choice),
            "done": _done(request.GET),
            "streams": list(WireStream.objects.order_by("name").values("pk", "name", "failure")),
            "may_take": self.has_take_permission(request),
            "may_set_up": request.user.has_perm("articles.add_wirestream"),
            "states": STATES,
            "holds": HOLDS,
            "orders": ORDERS,
            "urgencies": URGENCIES,
        }
        return TemplateResponse(request, "admin/articles/wire/desk.html", context)


def _keys(sent: QueryDict) -> list[int]:
    values = sent.getlist("item")[:MOST_AT_ONCE]
    return [int(key) for key in values if key.isascii() and key.isdecimal() and len(key) < 19]


def _done(query: QueryDict) -> Done | None:
    deed = query.get("done", "")
    keys = [key for key in query.get("items", "")[:1000].split(".") if key.isascii()]
    keys = [key for key in keys if key.isdecimal() and len(key) < 19][:MOST_AT_ONCE]
    if deed not in DEEDS or not keys:
        return None
    items = WireItem.objects.filter(pk__in=keys).select_related("article")
    fields = ("headline", "state", "article__headline")
    found = list(items.only(*fields).order_by("-received_at", "-pk"))
    return Done(deed, found) if found else None
