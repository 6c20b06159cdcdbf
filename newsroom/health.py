"""Whether the process answers, and whether the installation does its work.

Each check of settings.HEALTH_CHECKS is a function that returns a Report. It asks the database and
nothing else, and names nobody.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from newsroom import cdn
from newsroom.models import SignOfLife
from newsroom.proxies import WAS_FORWARDED
from newsroom.site import without_site

SILENT_AFTER = timedelta(minutes=10)  # workers give a sign of life every minute
LONG_UNPURGED = timedelta(minutes=3)  # by the network of caches in front
LONG_WAIT = timedelta(minutes=15)  # of a task that could have begun
LONG_RUN = timedelta(hours=1)  # of a task: its worker was killed, or hangs


class State(IntEnum):
    """From the best to the worst."""

    READY = 0
    DEGRADED = 1  # readers are served; something behind them stands still
    NOT_READY = 2  # no page can be made

    @property
    def words(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Report:
    name: str
    state: State
    words: str


@without_site
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process answers. It asks nothing else, the database neither."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@without_site
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether readers can be served: 200, or 503; what is wrong, for operators alone."""
    reports = look()
    worst = max(report.state for report in reports)
    status = 503 if worst == State.NOT_READY else 200
    headers = {"Cache-Control": "no-store"}
    if not is_operator(request):
        text = f"{worst.words}\n"
        return HttpResponse(text, status=status, content_type="text/plain", headers=headers)
    details = {
        report.name: {"state": report.state.words, "details": report.words} for report in reports
    }
    return JsonResponse({"state": worst.words, "checks": details}, status=status, headers=headers)


def is_operator(request: HttpRequest) -> bool:
    """Whoever sends the token, or sits at this machine: not behind a proxy that runs on it."""
    token = settings.OPERATOR_TOKEN
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(sent.encode(), token.encode()):
        return True
    if request.META.get(WAS_FORWARDED, True):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def look() -> list[Report]:
    """What each check says; after the first that finds no database, none is asked."""
    reports: list[Report] = []
    for path in settings.HEALTH_CHECKS:
        check: Callable[[], Report] = import_string(path)
        try:
            reports.append(check())
        except DatabaseError as error:
            reports.append(Report(check.__name__, State.NOT_READY, type(error).__name__))
            break
    return reports


def database() -> Report:
    """Whether it answers, with the tables that this version of the program has."""
    SignOfLife.objects.exists()
    return Report("database", State.READY, "answers")


def worker() -> Report:
    """Whether the worker of the queue `default`, and the scheduler in it, do their work."""
    return of_worker("worker")


def of_worker(name: str, *, called: str = "") -> Report:
    """What the last sign of life of `name` says."""
    called = called or name
    sign = SignOfLife.objects.filter(name=name).first()
    if sign is None:
        return Report(called, State.DEGRADED, "has given no sign of life yet")
    age = max(timezone.now() - sign.at, timedelta())
    words = f"last sign of life {age.total_seconds():.0f} seconds ago"
    if sign.trouble:
        return Report(called, State.DEGRADED, f"{sign.trouble}; {words}")
    return Report(called, State.DEGRADED if age > SILENT_AFTER else State.READY, words)


def cdn_purges() -> Report:
    """Whether the network of caches learns what has changed."""
    since = cdn.waiting_since()
    waits = since is not None and timezone.now() - since > LONG_UNPURGED
    words = f"has not taken what changed since {since:%H:%M:%S} UTC" if waits else "are taken"
    return Report("purges", State.DEGRADED if waits else State.READY, words)


def waiting_tasks() -> Report:
    """Whether tasks begin soon after they could, and end."""
    now = timezone.now()
    ready = DBTaskResult.objects.ready().order_by()
    late = ready.filter(enqueued_at__lt=now - LONG_WAIT).exclude(
        run_after__gt=now - LONG_WAIT, run_after__lte=now
    )
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    stuck = running.filter(started_at__lt=now - LONG_RUN, started_at__gt=now - timedelta(days=1))
    counts = {"waiting": ready.count(), "late": late.count(), "stuck": stuck.count()}
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    is_well = not counts["late"] and not counts["stuck"]
    return Report("tasks", State.READY if is_well else State.DEGRADED, words)
