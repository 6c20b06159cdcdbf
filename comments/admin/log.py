from django.contrib import admin

from comments.models import Decision
from newsroom.admin.read_only import ReadOnly


@admin.register(Decision)
class DecisionAdmin(ReadOnly, admin.ModelAdmin):
    """The log of what was decided, newest first."""

    list_display = ["at", "comment", "from_status", "to_status", "by", "rule", "reason"]
    list_display_links = ["at"]
    list_filter = ["to_status", "at"]
    list_select_related = ["comment", "by"]
    fields = ["comment", "from_status", "to_status", "by", "rule", "reason", "at"]
