"""Pages for one person, at an address that nobody else knows."""

import logging
from collections.abc import Callable
from functools import wraps

from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache


def private[**Given, Answer: HttpResponseBase](
    view: Callable[Given, Answer],
) -> Callable[Given, Answer]:
    """For a view whose answers are kept by nobody, no search engine either, and whose address is
    told to no other site.
    """

    @never_cache
    @wraps(view)
    def page(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        response = view(*args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


class WithoutTokens(logging.Filter):
    """Leaves out of what is logged of a request the part of its address that nobody else knows."""

    NAMES = ("token", "secret")  # in the patterns of urls.py

    def filter(self, record: logging.LogRecord) -> bool:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        for name in self.NAMES:
            if (known := match and match.kwargs.get(name)) and isinstance(record.args, tuple):
                record.args = tuple(str(each).replace(known, "…") for each in record.args)
        return True
