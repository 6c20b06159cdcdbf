from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from newsroom.kept_forms import draw_again, may_be_drawn_again


class NewsroomAdminSite(AdminSite):
    site_title = _("Newsroom")
    site_header = _("Newsroom")
    index_title = _("Desk")
    enable_nav_sidebar = False  # lists need the room

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A form that is sent after the session has ended comes back, with what was typed."""
        page = super().admin_view(view, cacheable)

        def or_the_form_again(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_anonymous and may_be_drawn_again(request):
                return draw_again(request, is_signed_out=True)
            answer: HttpResponseBase = page(request, *args, **kwargs)
            return answer

        return update_wrapper(or_the_form_again, page)
