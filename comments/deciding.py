"""How a decision on a reply is made, and recorded: what all verbs of Comment do."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from comments.models.batch import Batch
from comments.models.canned_reason import CannedReason
from comments.models.decision import Decision, Kind, Status
from comments.models.record import REFUSED
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
    ForAnotherModerator.
    """
    with transaction.atomic():
        row = type(comment).objects.select_for_update().values_list("status", "version")
        before, version = row.get(pk=comment.pk)
        look = SecondLook.objects.to_settle(comment) if by and before in REFUSED else None
        if before == Status.ERASED or (before == to and not look):
            comment.status = before
            return False
        if seen not in (None, version):
            raise ChangedMeanwhile
        if by and look:
            look.settle(by=by, upheld=to in REFUSED)
            kind = Kind.LOOKED_AGAIN
        comment.status = to
        fields = ["status"]
        if to == Status.APPROVED:
            comment.approved_at = timezone.now()
            fields.append("approved_at")
        if to == Status.ERASED:
            comment.commenter = None
            fields.append("commenter")
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
        if Status.APPROVED in (before, to) and before != to:
            type(comment).objects.recount([comment])
        decided(comment, before=before)
    return True
