"""The page on which editors arrange the front page, in the place of a list of its places."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from articles.admin.front_form import FrontForm
from articles.models import FrontPlace
from articles.models.front_place import ArrangementChanged, Changes

RECENT = 8


@admin.register(FrontPlace)
class FrontPlaceAdmin(admin.ModelAdmin):
    """One page for all places: they are arranged together, or not at all."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="articles_frontplace_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        by = cast(User, request.user)
        form = FrontForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and "_search" not in request.POST and form.is_valid():
            try:
                with transaction.atomic():
                    changes = form.save(by=by)
                    log(changes, by)
            except ArrangementChanged:
                form = form.again()
            else:
                messages.success(request, _("The front page is arranged so from now on."))
                return HttpResponseRedirect(reverse("admin:articles_frontplace_changelist"))
        context = self.admin_site.each_context(request) | {
            "title": _("Front page"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "recent": recent(),
        }
        return TemplateResponse(request, "admin/articles/front/arrange.html", context)


def recent() -> Any:
    """Who arranged what, the newest first."""
    kind = ContentType.objects.get_for_model(FrontPlace)
    return (
        LogEntry.objects.filter(content_type=kind)
        .select_related("user")
        .order_by("-action_time", "-pk")[:RECENT]
    )


def log(changes: Changes, by: User) -> None:
    kind = ContentType.objects.get_for_model(FrontPlace)
    for flag, rows in ((DELETION, changes.taken), (ADDITION, changes.given)):
        for place in rows:
            LogEntry.objects.create(
                user=by,
                content_type=kind,
                object_id=str(place.pk),
                object_repr=str(place)[:200],
                action_flag=flag,
            )
    for section in changes.sections:
        label = _("Block on: %(section)s") if section.is_on_front else _("Block off: %(section)s")
        LogEntry.objects.create(
            user=by,
            content_type=kind,
            object_id=str(section.pk),
            object_repr=label % {"section": section},
            action_flag=CHANGE,
        )
