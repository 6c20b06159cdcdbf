from collections.abc import Callable
from functools import update_wrapper
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django.views.i18n import JavaScriptCatalog

from newsroom.kept_forms import Lost, draw_again, may_be_drawn_again
from newsroom.page_store import changes_only
from newsroom.page_store.generations import StoreAway

RETRY_SECONDS = 60
# Browsers keep it, and ask each time whether it is still the same.
TEXTS_OF_SCRIPTS = cache_control(private=True, no_cache=True)(
    conditional_page(JavaScriptCatalog.as_view(packages=["django.contrib.admin", "newsroom"]))
)


class NewsroomAdminSite(AdminSite):
    site_title = _("Newsroom")
    site_header = _("Newsroom")
    index_title = _("Desk")
    enable_nav_sidebar = False  # lists need the room

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[URLPattern] = []

    def add_page(self, route: str, view: Callable[..., HttpResponseBase], *, name: str) -> None:
        """A page of the desk that isn't one of a model's: `admin:<name>` at /admin/<route>.

        Like `register()`, for the admin modules of the apps. Only those who work here get to
        `view`, which says itself what permission it needs.
        """
        self._pages.append(path(route, self.admin_view(view), name=name))

    def get_urls(self) -> list[Any]:
        return [*self._pages, *super().get_urls()]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with changes_only():  # when somebody was here last, no reader sees
            return super().login(request, extra_context)

    def _answered(
        self, page: Any, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Where the page store cannot be told of a change, it was not made: the form again."""
        try:
            answer: HttpResponseBase = page(request, *args, **kwargs)
        except StoreAway:
            if not may_be_drawn_again(request):
                raise
            answer = draw_again(request, Lost.STORE, status=503)
            answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The translations of Django's scripts and of the desk's own."""
        return cast(HttpResponse, TEXTS_OF_SCRIPTS(request))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A form that is sent after the session has ended comes back, with what was typed."""
        page = super().admin_view(view, cacheable)

        def or_the_form_again(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_anonymous and may_be_drawn_again(request):
                return draw_again(request, Lost.SESSION)
            answer = self._answered(page, request, *args, **kwargs)
            # Of a page that tells nobody where one came from, browsers send forms with
            # `Origin: null`, which is refused. Other sites aren't told by this either.
            answer.headers["Referrer-Policy"] = "same-origin"
            return answer

        return update_wrapper(or_the_form_again, page)


# The same as admin.site, by its own name for who checks types.
site = cast(NewsroomAdminSite, admin.site)
