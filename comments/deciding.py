"""How a decision on a reply is made, and recorded: what all verbs of Comment do."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Self, TypedDict, Unpack

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
from comments.seen import changes_under

if TYPE_CHECKING:
    from comments.models.comment import Comment


class ChangedMeanwhile(Exception):
    """The reply was changed since whoever decides on it has read it."""


class Words(TypedDict, total=False):
    """What somebody says with a decision.

    `reason` is for the author, `note` for moderators alone; `canned` is the ready reason whose
    words `reason` are; `batch` is the one in which it is decided.
    """

    reason: str
    note: str
    canned: CannedReason | None
    batch: Batch | None


class Said(Words, total=False):
    """What the verbs are told: the words, and in `seen` the version of the text that whoever
    decides has read."""

    seen: int | None


class Before(NamedTuple):
    """How a reply was before the decision, until the end of which its row is locked."""

    status: str
    version: int
    reported_at: datetime | None
    approved_at: datetime | None

    @classmethod
    def of(cls, comment: "Comment") -> Self:
        locked = type(comment).objects.select_for_update().filter(pk=comment.pk)
        return cls(*locked.values_list(*cls._fields).get())


class Besides(NamedTuple):
    """What a decision is about besides the state of the reply."""

    look: SecondLook | None  # that is settled with it
    settles_reports: bool
    reopens_reports: bool

    @classmethod
    def of(
        cls,
        comment: "Comment",
        before: Before,
        to: Status,
        by: User | None,
        undoes: Decision | None,
    ) -> Self:
        is_refused = before.status in REFUSED
        return cls(
            look=SecondLook.objects.to_settle(comment) if by and is_refused else None,
            settles_reports=bool(before.reported_at) and not undoes and settles_reports(to, by=by),
            reopens_reports=bool(undoes) and Report.objects.filter(decision=undoes).exists(),
        )


def decide(
    comment: "Comment",
    to: Status,
    *,
    by: User | None = None,
    rule: str = "",
    kind: Kind = Kind.STATE,
    seen: int | None = None,
    undoes: Decision | None = None,
    **words: Unpack[Words],
) -> bool:
    """Change the state and record it; False where it was so already, or is erased.

    Where the text has another version than `seen` now, nothing is decided: ChangedMeanwhile.
    While a second look is waited for, a person decides on that, too: it may raise
    ForAnotherModerator. Readers' reports are settled with it; what was reported is let out by
    people alone.
    """
    with transaction.atomic():
        before = Before.of(comment)
        besides = Besides.of(comment, before, to, by, undoes)
        is_so = before.status == to and not any(besides)
        lets_out_reported = to == Status.APPROVED and before.reported_at and not undoes
        if is_so or before.status == Status.ERASED or (lets_out_reported and not by):
            comment.status = before.status
            return False
        if seen not in (None, before.version):
            raise ChangedMeanwhile
        if by and besides.look:
            besides.look.settle(by=by, upheld=to in REFUSED)
            kind = Kind.LOOKED_AGAIN
        elif besides.settles_reports and before.status == to:
            kind = Kind.REPORTS
        is_seen = before.status != to and Status.APPROVED in (before.status, to)
        with changes_under([comment.article_id] if is_seen else []):
            _put(comment, to, before, besides, undoes)
            Decision.objects.record(
                comment,
                to=to,
                from_status=before.status,
                by=by,
                rule=rule,
                kind=kind,
                undoes=undoes,
                **words,
            )
            _follow_up(comment, to, before, besides)
    return True


def settles_reports(to: Status, *, by: User | None) -> bool:
    """Whether with this decision readers who reported the reply learn what became of it."""
    return to in (*REFUSED, Status.ERASED) or (to == Status.APPROVED and by is not None)


def _put(
    comment: "Comment", to: Status, before: Before, besides: Besides, undoes: Decision | None
) -> None:
    """Into its new state, with what follows from that in its own row."""
    comment.status = to
    fields = ["status"]
    # What is approved again because its refusal is taken back, or because readers' reports hid it
    # and it may stay, is no new reply.
    is_old = undoes or (before.reported_at and before.approved_at)
    if to == Status.APPROVED != before.status and not is_old:
        comment.approved_at = timezone.now()
        fields.append("approved_at")
    if to == Status.ERASED:
        comment.commenter = None
        fields.append("commenter")
    if besides.settles_reports:
        comment.reported_at = None
        fields.append("reported_at")
    elif undoes and besides.reopens_reports:
        since = Report.objects.reopen([undoes])[comment.pk]
        comment.reported_at = min(since, before.reported_at or since)
        fields.append("reported_at")
    comment.save(update_fields=fields)


def _follow_up(comment: "Comment", to: Status, before: Before, besides: Besides) -> None:
    """What follows elsewhere from a decision that is on record."""
    changes = before.status != to
    if besides.settles_reports:
        Report.objects.settle([comment.pk])
    if changes and Status.APPROVED in (before.status, to):
        type(comment).objects.recount([comment])
    if changes or besides.look:
        decided(comment, before=before.status)
