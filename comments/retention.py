"""What is kept of readers, how long, and the erasing of what is due.

Each period is a constant beside the queryset that finds what is due (`due_for_erasure()`). RULES
lists them all; PERSONAL names the rules that end each field; a test fails where a field of text
is neither there nor in NOT_PERSONAL.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from comments.models import (
    Comment,
    Commenter,
    DataRequest,
    FormerText,
    LearnedModel,
    Letter,
    Mail,
    Prediction,
    Report,
    SecondLook,
    SenderSearch,
    Standing,
    Subscription,
    UsedWork,
)
from comments.seen import unseen
from newsroom import task_results

BATCH = 100  # rows that are looked up at a time, and those without verbs erased at once

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rule:
    """One kind of data that ends by itself.

    `due` finds the rows. `end` gets some of them as a queryset; afterwards `due` finds them no
    more. It keeps its transactions short, and looks again at what may have changed meanwhile.
    """

    name: str
    due: Callable[[], QuerySet[Any]]
    end: Callable[[Any], object]


def _erase_each(comments: QuerySet[Comment]) -> None:
    for comment in comments:
        comment.erase(rule="retention", only_refused=True)


def _forget_each(senders: QuerySet[Commenter]) -> None:
    for sender in senders.all():
        with transaction.atomic():
            # Whoever takes a reply of the sender in holds the same lock.
            lock = Commenter.objects.select_for_update(no_key=True)
            locked = lock.filter(pk=sender.pk).first()
            if locked and senders.filter(pk=sender.pk).exists():
                locked.forget()


def _end_traces(comments: QuerySet[Any]) -> None:
    with unseen():
        comments.update(network="", post_key=None)


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()


# In this order: what ends first may make what follows due.
RULES = (
    Rule("refused replies", Comment.objects.due_for_erasure, _erase_each),
    Rule(
        "traces of posting",
        Comment.objects.with_old_traces,
        _end_traces,
    ),
    Rule("former texts", FormerText.objects.due_for_erasure, _delete),
    Rule(
        "second looks",
        SecondLook.objects.due_for_erasure,
        lambda looks: looks.update(words=""),
    ),
    Rule("likely decisions", Prediction.objects.due_for_erasure, _delete),
    Rule("learned models", LearnedModel.objects.outdated, _delete),
    Rule(
        "traces of reports",
        Report.objects.with_old_traces,
        lambda reports: reports.update(network=""),
    ),
    Rule("reports", Report.objects.due_for_erasure, _delete),
    Rule("letters", Letter.objects.due_for_erasure, _delete),
    Rule("mails", Mail.objects.due_for_erasure, _delete),
    Rule("subscriptions", Subscription.objects.due_for_erasure, _delete),
    Rule("standings", Standing.objects.due_for_erasure, _delete),
    Rule("requests for data", DataRequest.objects.due_for_erasure, _delete),
    Rule("searches for senders", SenderSearch.objects.due_for_erasure, _delete),
    Rule("senders", Commenter.objects.due_for_erasure, _forget_each),
    Rule("used work", UsedWork.objects.due_for_erasure, _delete),
    Rule("task results", task_results.due_for_erasure, _delete),
)

# Ends when the reply, or the sender, is erased: by themselves, by their author, by the newsroom.
WITH_THE_REPLY = "Comment.erase()"
WITH_THE_SENDER = "Commenter.forget()"

# app.Model.field: what ends it, in the order in which that may happen.
PERSONAL: dict[str, tuple[str, ...]] = {
    "comments.Comment.name": ("refused replies", WITH_THE_REPLY),
    "comments.Comment.website": ("refused replies", WITH_THE_REPLY),
    "comments.Comment.body": ("refused replies", WITH_THE_REPLY),
    "comments.Comment.body_html": ("refused replies", WITH_THE_REPLY),
    "comments.Comment.text_digest": ("refused replies", WITH_THE_REPLY),
    "comments.Comment.post_key": ("traces of posting", WITH_THE_REPLY),
    "comments.Comment.network": ("traces of posting", WITH_THE_REPLY),
    "comments.Commenter.fingerprint": ("senders", WITH_THE_SENDER),
    "comments.Commenter.sealed_address": ("senders", WITH_THE_SENDER),
    "comments.Commenter.data_handle": ("senders", WITH_THE_SENDER),
    "comments.DataRequest.network": ("requests for data",),
    "comments.DataRequest.sealed_address": ("requests for data",),
    "comments.DecisionReason.note": ("refused replies", WITH_THE_REPLY),
    "comments.DecisionReason.text": ("refused replies", WITH_THE_REPLY),
    "comments.Finding.reason": ("refused replies", WITH_THE_REPLY),
    "comments.FormerText.body": ("former texts", WITH_THE_REPLY),
    "comments.FormerText.found": ("former texts", WITH_THE_REPLY),
    "comments.Letter.answer": ("letters", WITH_THE_REPLY),
    "comments.Letter.text": ("letters", WITH_THE_REPLY),
    "comments.Mail.key": ("mails", WITH_THE_SENDER),
    "comments.Mail.reason": ("mails", WITH_THE_SENDER),
    "comments.Report.network": ("traces of reports", "reports", WITH_THE_REPLY),
    "comments.Report.words": ("reports", WITH_THE_REPLY, WITH_THE_SENDER),
    "comments.Standing.fingerprint": ("standings",),
    "comments.Standing.reason": ("standings", WITH_THE_SENDER),
    "comments.Prediction.weighed": ("likely decisions", WITH_THE_REPLY),
    "comments.SecondLook.words": ("second looks", WITH_THE_REPLY),
    "django_tasks_database.DBTaskResult.args_kwargs": ("task results",),
    "django_tasks_database.DBTaskResult.return_value": ("task results",),
    "django_tasks_database.DBTaskResult.traceback": ("task results",),
}

CODE = "one of a few words of the program"

DESK = "what the newsroom writes or decides for all"
STAFF = "of those who work here"
MACHINE = "what the program notes of itself"

# app, app.Model or app.Model.field: why it holds nothing of a reader.
NOT_PERSONAL: dict[str, str] = {
    "admin": STAFF,
    "articles": DESK,
    "auth": STAFF,
    "comments.Batch": "what a moderator says of many replies, until these are decided",
    "comments.BatchItem": CODE,
    "comments.CannedReason": DESK,
    "comments.CannedReasonText": DESK,
    "comments.Comment.badge": CODE,
    "comments.Comment.status": CODE,
    "comments.DayFigure": "numbers of what happened on a day, to nobody in particular",
    "comments.Decision.from_status": CODE,
    "comments.Decision.kind": CODE,
    "comments.Decision.rule": CODE,
    "comments.Decision.to_status": CODE,
    "comments.Finding.rule": CODE,
    "comments.Comment.likely": CODE,
    "comments.LearnedModel": "weights of hashed words, and numbers of decisions",
    "comments.Mail.kind": CODE,
    "comments.Mail.told": CODE,
    "comments.MailChoice": STAFF,
    "comments.Policy": DESK,
    "comments.PolicyChange": DESK,
    "comments.Report.reader": CODE,
    "comments.Report.reason": CODE,
    "comments.SecondLook.outcome": CODE,
    "comments.SecondReading.verdict": CODE,
    "comments.Standing.kind": CODE,
    "comments.Subscription.kind": CODE,
    "comments.UsedWork.digest": "of a random number, not of who solved it",
    "contenttypes": MACHINE,
    "django_tasks_database.DBTaskResult.backend_name": CODE,
    "django_tasks_database.DBTaskResult.exception_class_path": CODE,
    "django_tasks_database.DBTaskResult.queue_name": CODE,
    "django_tasks_database.DBTaskResult.status": CODE,
    "django_tasks_database.DBTaskResult.task_path": CODE,
    "django_tasks_database.DBTaskResult.worker_ids": MACHINE,
    "newsroom.CdnPurge": MACHINE,
    "newsroom.MenuItem": DESK,
    "newsroom.PeriodicJob": MACHINE,
    "newsroom.SignOfLife": MACHINE,
    "newsroom.SiteSettings": DESK,
    "sessions": STAFF,
}


def erase_due() -> Generator[tuple[str, int]]:
    """Erase whatever is due, in batches; for each, what it was and how many rows.

    Stopped at any point, the rest is done the next time. The log gets numbers alone.
    """
    for rule in RULES:
        count = 0
        for number in _in_batches(rule):
            count += number
            yield rule.name, number
        if count:
            log.info("Erased %d: %s.", count, rule.name)


def _in_batches(rule: Rule) -> Iterator[int]:
    last: Any = None
    while True:
        due = rule.due().order_by("pk")
        due = due if last is None else due.filter(pk__gt=last)
        keys = list(due.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        last = keys[-1]
        # Asked again, for what has changed meanwhile.
        rule.end(rule.due().filter(pk__in=keys).order_by("pk"))
        yield len(keys)
