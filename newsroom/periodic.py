"""Enqueues, again and again, what settings.PERIODIC_JOBS lists.

The worker of the queue `default` looks every LOOK_EVERY what is due, in a thread of its own (see
the command `db_worker`). The table remembers when each job is next: so a worker that was killed, or
stood still for a month, enqueues it once when it is back; and of several that look at the same
time one does. A job may run twice at once and must bear it.
"""

import logging
import threading
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, transaction
from django.tasks import TaskResultStatus, default_task_backend
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils import timezone
from django.utils.module_loading import import_string

from newsroom.models import PeriodicJob, SiteSettings

LOOK_EVERY = 20.0  # seconds

# How often: after so long, or once a day at that time of the site's clock.
type Every = timedelta | time

log = logging.getLogger(__name__)


def enqueue_due() -> list[str]:
    """Enqueue each job that is due, once; their names."""
    return [name for name, every in _jobs().items() if _is_due(name, every) and _run(name, every)]


def _jobs() -> dict[str, Every]:
    return settings.PERIODIC_JOBS


def _is_due(name: str, every: Every) -> bool:
    """Asked without a lock, so that a look that finds nothing keeps nobody waiting."""
    job = PeriodicJob.objects.filter(name=name).first()
    return job is None or _has_come(job, every)


def _run(name: str, every: Every) -> bool:
    with transaction.atomic():
        now = timezone.now()
        PeriodicJob.objects.get_or_create(name=name, defaults={"next_at": _first(every, now)})
        job = PeriodicJob.objects.select_for_update().get(name=name)
        if not _has_come(job, every):
            return False
        job.next_at = _next(every, now)
        if enqueued := not _waits(job.task_id):
            task: Any = import_string(name)
            job.task_id, job.last_at = str(task.enqueue().id), now
        job.save()
    return enqueued


def _has_come(job: PeriodicJob, every: Every) -> bool:
    """Its time is there, or so far ahead that the clock must have been set back since."""
    now = timezone.now()
    return job.next_at <= now or job.next_at > now + _longest(every)


def _first(every: Every, now: datetime) -> datetime:
    return now if isinstance(every, timedelta) else _next(every, now)


def _next(every: Every, now: datetime) -> datetime:
    if isinstance(every, timedelta):
        return now + every
    zone = SiteSettings.objects.current().zone
    day = now.astimezone(zone).date()
    moments = (
        datetime.combine(day + timedelta(days=later), every, tzinfo=zone) for later in range(3)
    )
    return next(moment for moment in moments if moment > now)


def _longest(every: Every) -> timedelta:
    # A day has 25 hours where clocks are set back, and the site's time zone may change.
    return every if isinstance(every, timedelta) else timedelta(days=2)


def _waits(task_id: str) -> bool:
    """Whether the last one has not begun yet: its worker stands still."""
    try:
        result = default_task_backend.get_result(task_id) if task_id else None
    except TaskResultDoesNotExist:
        return False
    return result is not None and result.status == TaskResultStatus.READY


class Scheduler(threading.Thread):
    """Looks what is due for as long as its process lives."""

    def __init__(self) -> None:
        super().__init__(name="scheduler", daemon=True)
        self.stopped = threading.Event()

    def run(self) -> None:
        self.look()
        while not self.stopped.wait(LOOK_EVERY):
            self.look()

    def look(self) -> None:
        close_old_connections()
        try:
            enqueue_due()
        except (DatabaseError, InterfaceError) as error:
            # Locked, full or away: the next look may find it better.
            log.error("The scheduler could not look what is due: %s.", type(error).__name__)
        finally:
            close_old_connections()

    def stop(self) -> None:
        self.stopped.set()
