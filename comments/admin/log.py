from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.models import Decision
from newsroom.admin.read_only import ReadOnly


@admin.register(Decision)
class DecisionAdmin(ReadOnly, admin.ModelAdmin):
    """The log of what was decided, newest first."""

    list_display = ["at", "comment", "from_status", "to_status", "by", "rule", "why"]
    list_display_links = ["at"]
    list_filter = ["to_status", "at"]
    list_select_related = ["comment", "by", "given"]
    fields = ["comment", "from_status", "to_status", "by", "rule", "why", "at"]
    readonly_fields = ["why"]

    @admin.display(description=_("reason"))
    def why(self, decision: Decision) -> str:
        return decision.reason
