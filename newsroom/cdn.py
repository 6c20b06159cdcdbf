"""A network of caches in front of the newsroom (a CDN, Varnish), told which of its pages are old.

Where CDN_PURGE_URL is set, stored pages say what they show (`Surrogate-Key`) and how long they may
be kept there (`s-maxage`). The tags that a transaction raises are written down in it, so that they
are there when, and only when, it commits; the worker has them forgotten, and tries until it has.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from newsroom.models import CdnPurge
from newsroom.outgoing import opener
from newsroom.page_store.pages import Headers, Page

# How long a page is kept at most: so long one may be old, if the purges fail all that time.
KEPT = 3600
# Somebody may be sending what was drawn before a change, to arrive after the purge. So it is purged
# once more, when that has come to its end.
UNDER_WAY = timedelta(seconds=30)
PAUSE_AFTER_FAILURE = timedelta(seconds=15)
SECONDS = 10
MOST_TAGS = 256  # in one request, as Fastly has it
MOST_ROWS = 5000  # at a time
LONGEST_HEADER = 8000
# All pages have it: another release draws them differently.
ALL = "newsroom"
TAG = re.compile(r"[\w:.-]{1,200}")


class PurgeFailed(Exception):
    """The network did not take it; the message says why, and names no secret."""


# --- What pages tell it -----------------------------------------------------------------------


def is_there() -> bool:
    return bool(settings.CDN_PURGE_URL)


def with_its_headers(headers: Headers, page: Page, now: float) -> Headers:
    """The headers of a stored page, with what the network is told. Browsers ask each time."""
    keys = " ".join((ALL, *page.tags))
    seconds = int(min(KEPT, page.ends - now))
    if not page.tags or seconds < 1 or len(keys) > LONGEST_HEADER:
        return not_kept(headers)
    told = dict(headers).get("Cache-Control", "no-cache")
    # To a cache like this one, too, `no-cache` would say not to answer by itself.
    told = "max-age=0, must-revalidate" if told == "no-cache" else told
    kept = [header for header in headers if header[0] != "Cache-Control"]
    return [*kept, ("Cache-Control", f"{told}, s-maxage={seconds}"), ("Surrogate-Key", keys)]


def not_kept(headers: Headers) -> Headers:
    """Unless they say more than that browsers are to ask each time, they tell the network to keep
    nothing, in the one word for it that Fastly heeds as well."""
    told = {name.lower(): value for name, value in headers}
    if told.get("cache-control", "no-cache") != "no-cache":
        return headers
    kept = [header for header in headers if header[0].lower() != "cache-control"]
    return [*kept, ("Cache-Control", "private, no-cache")]


def keeping_nothing_else(django: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, whose answers say that they are not to be kept, for they are not stored:
    such a network does keep redirects, what was not found, and what one person sees, unless it is
    told."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def start_unkept(status: str, headers: Headers, exc_info: Any = None) -> Any:
            return start(status, not_kept(headers), exc_info)

        return django(environ, start_unkept)

    return application


# --- What it is to forget ---------------------------------------------------------------------


def note(tags: Collection[str]) -> None:
    """Write down, in the transaction that raises these tags, that their pages are to be purged."""
    if not is_there() or not tags or not is_set_up():
        return
    from newsroom.tasks import purge_cdn  # noqa: PLC0415 - it imports the models of the apps

    now = timezone.now()
    CdnPurge.objects.bulk_create([CdnPurge(tag=tag, changed_at=now) for tag in sorted(tags)])
    purge_cdn.enqueue()


def is_set_up() -> bool:
    """Whether the tables are there: during the first migrations they are not."""
    if not _tables:
        names = {CdnPurge._meta.db_table, DBTaskResult._meta.db_table}
        if names <= set(connection.introspection.table_names()):
            _tables.update(names)
    return bool(_tables)


# Those of a purge, once they were there.
_tables: set[str] = set()


def send(*, by_the_way: bool = False) -> int:
    """Purge what is to be; how many tags that were. Raises PurgeFailed.

    `by_the_way`: not what was purged once, and nothing shortly after a failure.
    """
    now = timezone.now()
    if by_the_way and CdnPurge.objects.filter(failed_at__gt=now - PAUSE_AFTER_FAILURE).exists():
        return 0
    settled = Q(changed_at__lte=now - UNDER_WAY)
    due = CdnPurge.objects.filter(Q(sent_at=None) if by_the_way else Q(sent_at=None) | settled)
    rows = list(due.order_by("pk").values_list("pk", "tag")[:MOST_ROWS])
    tags = sorted({tag for _, tag in rows})
    done = CdnPurge.objects.filter(pk__in=[key for key, _ in rows])
    try:
        for first in range(0, len(tags), MOST_TAGS):
            purge(tags[first : first + MOST_TAGS])
    except PurgeFailed:
        done.update(failed_at=timezone.now())
        raise
    done.filter(settled).delete()
    done.update(sent_at=timezone.now(), failed_at=None)
    return len(tags)


def waiting_since() -> datetime | None:
    """When the oldest change was that the network has not been told of."""
    first = CdnPurge.objects.filter(sent_at=None).order_by("changed_at").first()
    return first.changed_at if first else None


def purge(tags: Collection[str]) -> None:
    """Have the network forget all pages that show one of them. Raises PurgeFailed."""
    if unfit := [tag for tag in tags if not TAG.fullmatch(tag)]:
        raise ImproperlyConfigured(f"{unfit[0]!r} cannot be a word of the header Surrogate-Key.")
    headers = {"User-Agent": "Newsroom", "Surrogate-Key": " ".join(tags)}
    if settings.CDN_PURGE_HEADER:
        name, value = settings.CDN_PURGE_HEADER
        headers[name] = value
    request = Request(settings.CDN_PURGE_URL, b"", headers, method="POST")
    try:
        with opener().open(request, timeout=SECONDS):
            pass
    except HTTPError as error:
        error.close()
        raise PurgeFailed(f"it answered {error.code}") from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise PurgeFailed(type(reason).__name__) from None
