"""Answers that programs fetch again and again: sent only where something changed."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

type View = Callable[..., HttpResponse]


def conditional_get(view: View) -> Callable[..., HttpResponseBase]:
    """GET and HEAD alone, with an ETag over what is sent: 304 for who has that already.

    Whoever keeps the answer asks each time. A view that knows when it last changed says so in
    Last-Modified (`as_of`), for programs that send no ETag.
    """

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        set_response_etag(response)
        response.headers.setdefault("Cache-Control", "no-cache")
        changed = parse_http_date_safe(response.headers.get("Last-Modified", ""))
        return get_conditional_response(  # type: ignore[return-value]
            request, etag=response.headers["ETag"], last_modified=changed, response=response
        )

    return answer


def as_of(response: HttpResponse, *moments: datetime | None) -> HttpResponse:
    """Say that it is as new as the newest of these, and of what it says already."""
    known = parse_http_date_safe(response.headers.get("Last-Modified", ""))
    changed = [moment.timestamp() for moment in moments if moment]
    if newest := max([*changed, known or 0.0]):
        response.headers["Last-Modified"] = http_date(newest)
    return response
