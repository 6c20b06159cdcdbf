"""Answers that programs fetch again and again: sent only where something changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from newsroom.page_store import watching

type View = Callable[..., HttpResponse]


def conditional_get(view: View) -> Callable[..., HttpResponseBase]:
    """GET and HEAD alone, with an ETag over what is sent: 304 for who has that already.

    Whoever keeps the answer asks each time. There is no answer by date: no row tells when all of
    an answer last changed (a withdrawn picture, another name of an author, a moment that came).
    Where the page store asks, nothing of this is done: it does it better.
    """

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or watching.current():
            return response
        set_response_etag(response)
        response.headers.setdefault("Cache-Control", "no-cache")
        del response.headers["Last-Modified"]
        return get_conditional_response(  # type: ignore[return-value]
            request, etag=response.headers["ETag"], response=response
        )

    return answer
