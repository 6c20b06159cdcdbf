"""Which forwarded headers count: those of the configured proxies alone."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsroom.env import Network

FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


# In request.META: whether there was any of these headers, whoever wrote it.
WAS_FORWARDED = "newsroom.was_forwarded"


class TrustedProxiesMiddleware:
    """Puts the reader's address and scheme in place of a trusted proxy's.

    X-Forwarded-For is read from its right end, past further trusted proxies: what stands left
    of the first stranger was written by that stranger. Afterwards no forwarded header is left
    for anything else to believe.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = {name: request.META.pop(name, "") for name in FORWARDED}
        request.META[WAS_FORWARDED] = any(forwarded.values())
        if is_trusted(request.META.get("REMOTE_ADDR", "")):
            for hop in reversed(forwarded["HTTP_X_FORWARDED_FOR"].split(",")):
                if not _is_address(hop.strip()):
                    break
                request.META["REMOTE_ADDR"] = hop.strip()
                if not is_trusted(hop.strip()):
                    break
            if forwarded["HTTP_X_FORWARDED_PROTO"] in {"http", "https"}:
                request.META["wsgi.url_scheme"] = forwarded["HTTP_X_FORWARDED_PROTO"]
        return self.get_response(request)


def scheme_of(environ: Mapping[str, Any]) -> str:
    """http or https, as a trusted proxy says, else as the request came."""
    told = environ.get("HTTP_X_FORWARDED_PROTO", "")
    return scheme_told(told, environ.get("REMOTE_ADDR", ""), environ["wsgi.url_scheme"])


def scheme_told(told: str, address: str, scheme: str) -> str:
    """The same of a request from `address` that came by `scheme` and says X-Forwarded-Proto."""
    return told if told in {"http", "https"} and is_trusted(address) else scheme


def is_trusted(address: str) -> bool:
    return _is_within(address, settings.TRUSTED_PROXIES)


@lru_cache(maxsize=1024)
def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
