"""Closes the site for a while: a file in the state directory says so, to every process at once."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from newsroom.page_store.generations import StoreAway

RETRY_MINUTES = 10
AWAY_SECONDS = 60


def begin(*, minutes: int = RETRY_MINUTES) -> None:
    """From now on all are told to come back in so many minutes."""
    _file().write_text(f"{minutes}\n", encoding="ascii")


def end() -> bool:
    """Open the site; tell whether it was closed."""
    was_closed = _file().exists()
    _file().unlink(missing_ok=True)
    return was_closed


def seconds() -> int | None:
    """After how long to come back; None while the site is open."""
    try:
        written = _file().read_bytes()
    except FileNotFoundError:
        return None
    # Somebody may have made the file by hand.
    return int(written) * 60 if written.strip().isdigit() else RETRY_MINUTES * 60


def _file() -> Path:
    return settings.STATE.maintenance


class MaintenanceMiddleware:
    """Answers 503 to readers and staff alike, without the database. The health check goes on, and
    static files are served above it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        retry = seconds()
        if retry is None or request.path_info == reverse("healthz"):
            return self.get_response(request)
        return closed(retry)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the page store could not be told of was not done either: later, then."""
        return closed(AWAY_SECONDS) if isinstance(error, StoreAway) else None


def closed(seconds: int) -> HttpResponse:
    """The page that asks to come back after so many seconds."""
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
