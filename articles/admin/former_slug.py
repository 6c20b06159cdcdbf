from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import FormerSlug


@admin.register(FormerSlug)
class FormerSlugAdmin(admin.ModelAdmin):
    """Deleting one releases the address: it leads nowhere, and another piece can take it."""

    list_display = ["address", "article", "since"]
    list_select_related = ["article"]
    search_fields = ["slug", "article__headline"]

    @admin.display(description=_("former address"), ordering="slug")
    def address(self, former: FormerSlug) -> str:
        return f"/articles/{former.slug}/"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FormerSlug | None = None) -> bool:
        return False
