"""Which views are stored, and which query parameters they know."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control

LONGEST_QUERY = 200


@dataclass(frozen=True)
class Stored:
    query: frozenset[str]

    def canonical(self, query: str) -> str | None:
        """Of a query what the view knows, in one order, of several values the last; None where
        that is too long to be kept."""
        given = dict(parse_qsl(query, errors="surrogateescape", max_num_fields=None))
        known = {name: value for name, value in given.items() if name in self.query}
        written = urlencode(sorted(known.items()), errors="surrogateescape")
        return written if len(written) <= LONGEST_QUERY else None


def stored[Answer: HttpResponseBase](
    *, query: tuple[str, ...] = ()
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """For a view whose answers are the same for everybody: the page store keeps them.

    What it shows is noticed while it reads the database; what depends on something else, it says
    itself (`shows`, `changes_at`). It may use the path, the host and the query parameters named
    here, of which it takes the last value; nothing else of the request is there.
    """
    declared = Stored(frozenset(query))

    def wrap(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def page(*args: Any, **kwargs: Any) -> Answer:
            response = view(*args, **kwargs)
            if response.status_code == 200 and not response.has_header("Cache-Control"):
                patch_cache_control(response, no_cache=True)
            return response

        page.stored = declared  # type: ignore[attr-defined]
        return page

    return wrap


@lru_cache(maxsize=4096)
def declared_at(path: str) -> Stored | None:
    """What the view at `path` declares; None where there is none, or it is not stored."""
    try:
        return getattr(resolve(path).func, "stored", None)
    except Resolver404:
        return None
