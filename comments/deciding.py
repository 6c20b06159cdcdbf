"""How a decision on a reply is made, and recorded: what all verbs of Comment do."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from comments.models.batch import Batch
from comments.models.canned_reason import CannedReason
from comments.models.decision import Decision, Kind, Status
from comments.models.record import REFUSED
from comments.models.report import Report
from comments.models.second_look import SecondLook
from comments.notices.decisions import decided

if TYPE_CHECKING:
    from comments.models.comment import Comment


class ChangedMeanwhile(Exception):
    """The reply was changed since whoever decides on it has read it."""


class Said(TypedDict, total=False):
    """What somebody says with a decision.

    `reason` is for the author, `note` for moderators alone; `canned` is the ready reason whose
    words `reason` are. `seen` is the version of the text that they have read.
    """

    reason: str
    note: str
    canned: CannedReason | None
    seen: int | None
    batch: Batch | None


def decide(
    comment: "Comment",
    to: Status,
    *,
    by: User | None = None,
    rule: str = "",
    reason: str = "",
    note: str = "",
    canned: CannedReason | None = None,
    kind: Kind = Kind.STATE,
    seen: int | None = None,
    batch: Batch | None = None,
    undoes: Decision | None = None,
) -> bool:
    """Change the state and record it; False where it was so already, or is erased.

    Where the text has another version than `seen` now, nothing is decided: ChangedMeanwhile.
    While a second look is waited for, a person decides on that, too: it may raise
    ForAnotherModerator. Readers' reports are settled with it; what was reported is let out by
    people alone.
    """
    with transaction.atomic():
        row = type(comment).objects.select_for_update()
        now = row.values_list("status", "version", "reported_at", "approved_at")
        before, version, reported, shown = now.get(pk=comment.pk)
        look = SecondLook.objects.to_settle(comment) if by and before in REFUSED else None
        waits = reported is not None and not undoes
        settles = waits and settles_reports(to, by=by)
        reopens = Report.objects.filter(decision=undoes).exists() if undoes else False
        is_so = before == to and not (look or settles or reopens)
        if before == Status.ERASED or is_so or (waits and not by and to == Status.APPROVED):
            comment.status = before
            return False
        if seen not in (None, version):
            raise ChangedMeanwhile
        if by and look:
            look.settle(by=by, upheld=to in REFUSED)
            kind = Kind.LOOKED_AGAIN
        elif settles and before == to:
            kind = Kind.REPORTS
        comment.status = to
        fields = ["status"]
        # What is approved again because its refusal is taken back, or because readers' reports hid
        # it and it may stay, is no new reply.
        is_old = undoes or (reported and shown)
        if to == Status.APPROVED and before != to and not is_old:
            comment.approved_at = timezone.now()
            fields.append("approved_at")
        if to == Status.ERASED:
            comment.commenter = None
            fields.append("commenter")
        if settles:
            comment.reported_at = None
            fields.append("reported_at")
        if undoes and reopens:
            since = Report.objects.reopen([undoes])[comment.pk]
            comment.reported_at = min(since, reported or since)
            fields.append("reported_at")
        comment.save(update_fields=fields)
        Decision.objects.record(
            comment,
            by=by,
            rule=rule,
            from_status=before,
            to=to,
            reason=reason,
            note=note,
            canned=canned,
            kind=kind,
            batch=batch,
            undoes=undoes,
        )
        if settles:
            Report.objects.settle([comment.pk])
        if Status.APPROVED in (before, to) and before != to:
            type(comment).objects.recount([comment])
        if before != to or look:
            decided(comment, before=before)
    return True


def settles_reports(to: Status, *, by: User | None) -> bool:
    """Whether with this decision readers who reported the reply learn what became of it."""
    return to in (*REFUSED, Status.ERASED) or (to == Status.APPROVED and by is not None)
