from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.models import MediaTopic, WireItem, WireStream
from articles.tasks import look_at_wire


@admin.register(WireStream)
class WireStreamAdmin(admin.ModelAdmin):
    """Where wires come from. Who sets one up is who does what happens without a person."""

    list_display = ["name", "kind", "source", "waiting", "looked_at", "failure", "is_active"]
    list_select_related = ["source"]
    actions = ["look_now"]
    autocomplete_fields = ["auto_topics"]
    readonly_fields = ["set_up_by", "looked_at", "failure"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "location", "source", "section", "is_active"]}),
        (_("Without a person"), {"fields": ["auto_publish", "auto_topics"]}),
        (_("So far"), {"fields": ["set_up_by", "looked_at", "failure"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WireStream]:
        is_new = Q(items__state=WireItem.State.NEW)
        streams: QuerySet[WireStream] = super().get_queryset(request)
        return streams.annotate(number_new=Count("items", filter=is_new))

    @admin.display(description=_("new wires"))
    def waiting(self, stream: WireStream) -> str:
        address = reverse("admin:articles_wireitem_changelist")
        number: int = stream.number_new  # type: ignore[attr-defined]  # annotated above
        return format_html('<a href="{}?wire={}">{}</a>', address, stream.pk, number)

    def save_model(self, request: HttpRequest, obj: WireStream, form: Any, change: bool) -> None:
        if not change:
            obj.set_up_by = cast(User, request.user)
        # What was remembered of another place says nothing of this one.
        if {"kind", "location", "is_active"} & set(form.changed_data):
            obj.etag = obj.last_modified = obj.failure = ""
            obj.failures, obj.next_look_at = 0, None
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Look now whether something came in"), permissions=["change"])
    def look_now(self, request: HttpRequest, queryset: QuerySet[WireStream]) -> None:
        asked = queryset.exclude(kind=WireStream.Kind.BY_HAND)
        for stream in asked:
            look_at_wire.enqueue(stream.pk, is_asked=True)
        number = len(asked)
        words = ngettext("%d wire is being looked at.", "%d wires are being looked at.", number)
        messages.success(request, words % number)


@admin.register(MediaTopic)
class MediaTopicAdmin(admin.ModelAdmin):
    """IPTC's terms, and which topic of this newsroom wires with them get."""

    list_display = ["name", "code", "broader", "topic", "is_retired"]
    list_select_related = ["topic"]
    list_filter = ["is_retired"]
    search_fields = ["name", "code", "subject_code"]
    autocomplete_fields = ["topic"]
    readonly_fields = ["code", "name", "broader", "subject_code", "is_retired"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MediaTopic | None = None) -> bool:
        return False
