"""The headers that Django has no setting for, and the admin's own content policy."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


class SecurityHeadersMiddleware:
    """Adds them to every answer, static files and errors included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class AdminPolicyMiddleware:
    """Gives the admin's pages ADMIN_CSP. Stands inside Django's CSP middleware, which reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_decided = hasattr(response, "_csp_config")
        if request.path_info.startswith(reverse("admin:index")) and not is_decided:
            set_policy(response, {}, base=settings.ADMIN_CSP)
        return response


def set_policy(
    response: HttpResponse, directives: Mapping[str, Any], *, base: Mapping[str, Any] | None = None
) -> None:
    """Give this one answer the content policy `base`, else the public one, with `directives`."""
    # Where django.views.decorators.csp.csp_override puts it for a single view.
    policy = {**(settings.SECURE_CSP if base is None else base), **directives}
    response._csp_config = policy  # type: ignore[attr-defined]
