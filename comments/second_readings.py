"""Decided replies that come to another moderator as if nobody had decided on them.

A job draws them (`draw`), the queue puts them among what waits (`due_for`, `as_if_new`), and the
verdict on one is taken here instead of a decision (`take`): it changes nothing.
"""

import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from comments.models import Comment, Decision, Policy, SecondReading
from comments.models.decision import Kind, Status
from comments.models.second_look import active_moderators
from comments.models.second_reading import VERDICTS

ONE_IN = 50  # decisions
DRAWN_FROM = timedelta(days=1)  # the decisions of
# What says so on a button of the queue.
VERDICT_OF = {"approve": Status.APPROVED, "reject": Status.REJECTED, "spam": Status.SPAM}


def draw() -> int:
    """Choose which of the latest decisions are shown again; how many that are.

    Only where the policy wants it and two moderators are active. One draw more or less makes no
    difference: whether a decision is drawn hangs on a keyed hash of its number, so that nobody
    can tell before.
    """
    policy = Policy.objects.current()
    if not policy.shows_again or active_moderators()[:2].count() < 2:
        return 0
    recent = Decision.objects.filter(
        at__gt=timezone.now() - DRAWN_FROM,
        by__isnull=False,
        kind=Kind.STATE,
        from_status=Status.HELD,
        to_status__in=VERDICTS,
        undone_by=None,
        second_reading=None,
        comment__written_by=None,
    )
    rows = recent.order_by("pk").values_list("pk", "comment", "comment__version", "comment__status")
    drawn = [
        SecondReading(decision_id=decision, comment_id=comment, version=version)
        for decision, comment, version, status in rows.iterator()
        if is_drawn(decision) and status in VERDICTS
    ]
    # Another job may have drawn the same ones meanwhile.
    SecondReading.objects.bulk_create(drawn, ignore_conflicts=True, batch_size=500)
    return len(drawn)


def is_drawn(decision: int) -> bool:
    key = f"second readings {settings.SECRET_KEY}".encode()
    return int.from_bytes(hmac.digest(key, str(decision).encode(), "sha256")[:8]) % ONE_IN == 0


def due_for(user: User) -> Any:
    """The second readings that wait for `user`, oldest first, with reply and piece."""
    return SecondReading.objects.for_reader(user).select_related("decision", "comment__article")


def as_if_new(comment: Comment, reading: SecondReading) -> Comment:
    """The reply as the queue shows it to its second reader: held, and by nobody decided.

    It must not be saved.
    """
    comment.status = Status.HELD
    comment.approved_at = comment.featured_at = comment.reported_at = None
    decisions = comment.decisions.all()
    before = [each for each in decisions if each.pk < reading.decision_id]
    comment.decisions_before = before  # type: ignore[attr-defined]
    return comment


def take(
    comment: Comment, *, by: User, verdict: str, seen_status: str, seen_version: int | None
) -> SecondReading | None:
    """Keep the verdict of `by` on a reply that they saw as one that waits.

    None where this is no second reading of theirs: then whatever was sent is a decision as any
    other. The reply stays as it is, and nobody but the reader is told.
    """
    if verdict not in VERDICTS or seen_status != Status.HELD:
        return None
    with transaction.atomic():
        open_ones = SecondReading.objects.for_reader(by).filter(comment=comment)
        reading: SecondReading | None = (
            open_ones.select_for_update(of=("self",)).select_related("decision__by").first()
        )
        if reading is None or seen_version not in (None, reading.version):
            return None
        reading.reader, reading.verdict, reading.read_at = by, verdict, timezone.now()
        reading.save(update_fields=["reader", "verdict", "read_at"])
    return reading
