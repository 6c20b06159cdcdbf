from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest

from newsroom.primary_keys import is_key


class ReadsSelection:
    """For a ModelAdmin with actions: what is selected are primary keys, and all else is nothing.

    Django asks the database for whatever was sent, and fails.
    """

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
        keys = [key for key in selected if is_key(key)]
        if keys != selected:
            posted = request.POST.copy()
            posted.setlist(ACTION_CHECKBOX_NAME, keys)
            request.POST = posted  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)  # type: ignore[misc]
