"""The site settings, for every page: as `site` in templates, and as the time zone in force."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from newsroom.models import SiteSettings
from newsroom.page_store import remembered


class SiteMiddleware:
    """Puts the site's time zone in force. Views marked with `without_site` cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        if getattr(view, "needs_site", True):
            timezone.activate(of(request).zone)


def without_site[View: Callable[..., HttpResponseBase]](view: View) -> View:
    view.needs_site = False  # type: ignore[attr-defined]
    return view


def of(request: HttpRequest) -> SiteSettings:
    """The site settings, read once a request."""
    found: SiteSettings | None = getattr(request, "site_settings", None)
    if found is None:
        found = current()
        request.site_settings = found  # type: ignore[attr-defined]
    return found


@remembered
def current() -> SiteSettings:
    """Shared by all threads of the process: nobody changes it."""
    return SiteSettings.objects.current()


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context: `site`, also for error pages, which may be drawn without a database."""
    return {"site": SimpleLazyObject(lambda: of(request))}
