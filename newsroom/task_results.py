"""How long the rows of finished tasks stay."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

KEPT = timedelta(days=1)
FAILED_KEPT = timedelta(days=30)  # somebody may want to know why
# A task that runs for so long was left by a worker that was killed.
ABANDONED_AFTER = timedelta(days=1)


def due_for_erasure() -> QuerySet[DBTaskResult]:
    now = timezone.now()
    return DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lte=now - KEPT)
        | Q(status=TaskResultStatus.FAILED, finished_at__lte=now - FAILED_KEPT)
        | Q(status=TaskResultStatus.RUNNING, started_at__lte=now - ABANDONED_AFTER - FAILED_KEPT)
    )
