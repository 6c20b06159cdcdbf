"""Whether a request was sent by a page of this site.

Answered from what browsers say themselves, so that public pages need no token and no cookie:
Sec-Fetch-Site (all current browsers, on https and on localhost), else Origin.
"""

from collections.abc import Callable
from enum import Enum

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


class Sender(Enum):
    THIS_SITE = "this site"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"  # old and text browsers send neither header


def sender(request: HttpRequest) -> Sender:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return Sender.THIS_SITE if site == "same-origin" else Sender.ELSEWHERE
    origin = request.headers.get("Origin")
    if origin is not None:
        own = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
        return Sender.THIS_SITE if origin in own else Sender.ELSEWHERE
    return Sender.UNKNOWN


class SameOriginMiddleware:
    """Refuses whatever changes something when another site sent it, whoever is logged in.

    Django's CSRF token protects the admin besides; the reply form relies on this and on its own
    confirmation page for senders that are unknown.
    """

    SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.SAFE_METHODS and sender(request) is Sender.ELSEWHERE:
            raise PermissionDenied("This was sent from another site.")
        return self.get_response(request)
