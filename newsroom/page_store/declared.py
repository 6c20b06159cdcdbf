"""Which views are stored, and which query parameters they know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control

LONGEST_QUERY = 200
LONGEST_HOST = 260

# Gives a value as the site itself writes it; empty for one that means no more than none.
type AsWritten = Callable[[str], str]


@dataclass(frozen=True)
class Stored:
    query: Mapping[str, AsWritten]

    def canonical(self, query: str) -> str | None:
        """Of a query what the view knows, in one order and spelling, of several values the last;
        None where that is too long to be kept."""
        given = dict(parse_qsl(query, errors="surrogateescape", max_num_fields=None))
        known = {name: self.query[name](given[name]) for name in sorted(given.keys() & self.query)}
        said = {name: value for name, value in known.items() if value}
        written = urlencode(said, errors="surrogateescape")
        return written if len(written) <= LONGEST_QUERY else None


def stored[Answer: HttpResponseBase](
    *, query: Mapping[str, AsWritten] | None = None
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """For a view whose answers are the same for everybody: the page store keeps them.

    What it shows is noticed while it reads the database; what depends on something else, it says
    itself (`shows`, `changes_at`). It may use the path and the query parameters named here, of
    which it takes the last value as it is written; nothing else of the request is there. Where a
    value that can be written names nothing, it says so (`for_once`): such pages would crowd others
    out.
    """
    declared = Stored(dict(query or {}))

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


def one_of(*values: str) -> AsWritten:
    """For a query parameter that has one of these values."""
    known = frozenset(values)
    return lambda value: value if value in known else ""


def as_given(value: str) -> str:
    """For one that may have any value."""
    return value


@lru_cache(maxsize=4096)
def declared_at(path: str) -> Stored | None:
    """What the view at `path` declares; None where there is none, or it is not stored."""
    try:
        return getattr(resolve(path).func, "stored", None)
    except Resolver404:
        return None


def is_host_of_site(host: str) -> bool:
    """Whether the site is reached there. All its pages are the same at each of its hosts, and at
    every port; at others there are none."""
    return len(host) <= LONGEST_HOST and _is_allowed(host, tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=256)
def _is_allowed(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)
