"""Whether a request was sent by a page of this site.

Answered from what browsers say themselves, so that public pages need no token and no cookie:
Sec-Fetch-Site (all current browsers, on https and on localhost), else Origin.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

REFUSED = "This was sent from another site."


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


def hides_its_origin(request: HttpRequest) -> bool:
    """Whether a browser says of a form no more than that it won't tell where it was.

    So do those that don't send Sec-Fetch-Site yet (and all, over plain http) from pages that no
    other site may learn of (Referrer-Policy: no-referrer).
    """
    return "Sec-Fetch-Site" not in request.headers and request.headers.get("Origin") == "null"


def proof_in_address[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """For a view whose signed address nobody knows but the one person who may use it.

    Another site can't make a browser send something there, as it can't name the address. So it
    needs no token, and takes what hides_its_origin().
    """
    exempt = csrf_exempt(view)
    exempt.proof_in_address = True  # type: ignore[attr-defined]
    return exempt


def from_anywhere[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """proof_in_address() for a view that programs on other sites, too, are given the address of."""
    exempt = proof_in_address(view)
    exempt.from_anywhere = True  # type: ignore[attr-defined]
    return exempt


def _is_for_anywhere(request: HttpRequest) -> bool:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "from_anywhere", False)


class SameOriginMiddleware:
    """Refuses whatever changes something when another site sent it, whoever is logged in.

    Django's CSRF token protects the admin besides; the reply form relies on this and on its own
    confirmation page for senders that are unknown.
    """

    SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # For the others the view is asked first: see process_view().
        if self._is_refused(request) and not (
            hides_its_origin(request) or _is_for_anywhere(request)
        ):
            raise PermissionDenied(REFUSED)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        if self._is_refused(request) and not getattr(view, "proof_in_address", False):
            raise PermissionDenied(REFUSED)

    def _is_refused(self, request: HttpRequest) -> bool:
        return request.method not in self.SAFE_METHODS and sender(request) is Sender.ELSEWHERE
