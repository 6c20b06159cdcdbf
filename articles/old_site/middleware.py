"""Leads old addresses on, where the site itself has nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.old_site.leading import lead


class OldSiteMiddleware:
    """Looks at answers of 404 alone: pages that are found cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        return lead(request) or response
