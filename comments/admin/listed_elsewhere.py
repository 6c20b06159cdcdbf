"""For models that have a page of the desk instead of a list of the admin's own."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class ListedElsewhere(admin.ModelAdmin):
    """Leads from the address of the list to `list_page`, which the desk's menu names: so the
    admin's index doesn't name it a second time."""

    list_page: ClassVar[str]  # `admin:<name>` is its address

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(f"admin:{self.list_page}")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
