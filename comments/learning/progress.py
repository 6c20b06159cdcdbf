"""Whether there is enough to learn from, whether it is time to, and whether it is done just now."""

from collections import Counter
from dataclasses import dataclass

from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from comments.learning import is_installed
from comments.learning.examples import KINDS, VERDICTS
from comments.learning.record import FEWEST, FEWEST_OF_A_KIND
from comments.models import Decision, LearnedModel

TASK = "comments.tasks.learn"
NEW = 20  # decisions, from which it is worth while to learn anew
COUNTED = 1000  # at most, of decisions


@dataclass(frozen=True)
class Progress:
    """What the screen says of it."""

    is_installed: bool
    is_waiting: bool  # the worker will learn, or does
    has_failed: bool  # the last time
    decisions: int  # of the newest COUNTED
    is_enough: bool

    @property
    def can_begin(self) -> bool:
        return self.is_installed and self.is_enough and not self.is_waiting


def progress() -> Progress:
    decided = _decided()
    last = DBTaskResult.objects.filter(task_path=TASK).order_by("-enqueued_at").first()
    status = last.status if last else ""
    return Progress(
        is_installed=is_installed(),
        is_waiting=status in (TaskResultStatus.READY, TaskResultStatus.RUNNING),
        has_failed=status == TaskResultStatus.FAILED,
        decisions=sum(decided.values()),
        is_enough=_is_enough(decided),
    )


def is_due() -> bool:
    """Whether enough was decided since the last time."""
    model = LearnedModel.objects.current()
    if model is None:
        return _is_enough(_decided())
    since = Decision.objects.filter(by__isnull=False, kind__in=KINDS, at__gt=model.made_at)
    return since.order_by()[:NEW].count() == NEW


def _decided() -> Counter[str]:
    """How many of the newest decisions of people are of which kind."""
    newest = (
        Decision.objects.filter(by__isnull=False, kind__in=KINDS, to_status__in=VERDICTS)
        .filter(comment__commenter__isnull=False)
        .order_by("-pk")
    )
    return Counter(dict(newest.values_list("comment", "to_status")[:COUNTED]).values())


def _is_enough(decided: Counter[str]) -> bool:
    kinds = sum(count >= FEWEST_OF_A_KIND for count in decided.values())
    return sum(decided.values()) >= FEWEST and kinds >= 2
