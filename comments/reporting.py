"""How a reader's report of a reply is taken in, and when reports hide it until it is looked at."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.deciding import decide
from comments.explanations import REPORTS
from comments.models.commenter import Commenter
from comments.models.decision import Status
from comments.models.policy import Policy
from comments.models.report import Report
from comments.moderation.findings import Submission
from comments.moderation.gather import proved_sender
from comments.moderation.rules import blocked_sender, newcomer, rejected_before
from comments.seen import unseen
from newsroom.language import speaking_as_the_site

if TYPE_CHECKING:
    from comments.models.comment import Comment

SHORTLY = timedelta(minutes=10)
PACE = 10  # reports of one reader within SHORTLY; schools and carriers share a network
MOST_OPEN = 100  # of one reply, by readers whose reports don't count: more tell nothing new
RULES_OF_SENDERS = (blocked_sender, newcomer, rejected_before)


class NotReported(Exception):
    """The report was not taken; the message tells the reader why."""


class NothingToReport(NotReported):
    """Readers don't see the reply, or not any more."""


class ReportedEnough(NotReported):
    """MOST_OPEN reports of it wait."""

    def __init__(self) -> None:
        super().__init__(
            _("Very many have reported this reply already. You need not send a report, too.")
        )


class TooManyReports(NotReported):
    """More come in from one reader than PACE allows; try again after `wait` seconds."""

    wait = int(SHORTLY.total_seconds())

    def __init__(self) -> None:
        super().__init__(
            _("Very many reports are coming in from your network. Please try again in ten minutes.")
        )


def take(
    comment: "Comment", *, reason: str, words: str, by: Commenter | None, network: str
) -> Report:
    """Keep the report of one reader, committed when this returns: one of a reply, however often
    it is sent.

    `by` is the sender whose proof the reader shows; others are told apart by their network alone.
    Enough reports of senders whose own replies wouldn't be held hide the reply (Policy). What
    comes back is the same whether it counts or not. Raises a kind of NotReported.
    """
    with transaction.atomic():
        # The sender is locked first: so it is where a reply is taken in, or erased.
        senders = Commenter.objects.select_for_update(no_key=True)
        sender = senders.filter(pk=by.pk).first() if by else None
        now = type(comment).objects.select_for_update().filter(pk=comment.pk).first()
        if now and (mine := now.reports.of(sender, network).first()):
            return mine
        if now is None or not now.is_approved:
            raise NothingToReport
        _refuse_pace(sender, network)
        policy = Policy.objects.current()
        reader = _reader(sender, now, policy)
        if reader == Report.Reader.ANYBODY:
            _refuse_more(now)
        report = Report.objects.create(
            comment=now,
            reason=reason,
            words=words,
            reader=reader,
            sender=sender,
            network="" if sender else network,
        )
        if now.reported_at is None:
            now.reported_at = report.at
            with unseen():
                now.save(update_fields=["reported_at"])
        if report.is_counted:
            _hide_if_enough(now, policy)
    return report


def _reader(sender: Commenter | None, comment: "Comment", policy: Policy) -> Report.Reader:
    """Whoever would have to wait with a reply of their own hides none of others."""
    if sender is None or sender.pk == comment.commenter_id:
        return Report.Reader.ANYBODY
    known = proved_sender(sender)
    as_seen = Submission(policy=policy, sender=known)
    if any(rule(as_seen) for rule in RULES_OF_SENDERS):
        return Report.Reader.ANYBODY
    return Report.Reader.TRUSTED if known.is_trusted else Report.Reader.KNOWN


def _refuse_pace(sender: Commenter | None, network: str) -> None:
    """Where the server learns no address, all who show no proof are one."""
    now = timezone.now()
    shortly = Report.objects.of(sender, network).filter(at__gt=now - SHORTLY, at__lte=now)
    if shortly.count() >= PACE:
        raise TooManyReports


def _refuse_more(comment: "Comment") -> None:
    others = comment.reports.open().exclude(Report.COUNTED)
    if others.count() >= MOST_OPEN:
        raise ReportedEnough


def _hide_if_enough(comment: "Comment", policy: Policy) -> None:
    """A moderator's word that it stays is final for readers; theirs goes to the queue again.

    What the newsroom wrote itself is hidden by nobody's reports.
    """
    most = policy.hide_after_reports
    if not most or comment.commenter_id is None:
        return
    count = comment.reports.open().filter(Report.COUNTED).count()
    if count < most or _was_kept(comment):
        return
    with speaking_as_the_site():
        reason = ngettext(
            "Reported by %(count)d known sender.", "Reported by %(count)d known senders.", count
        ) % {"count": count}
        decide(comment, Status.HELD, rule=REPORTS, reason=reason)


def _was_kept(comment: "Comment") -> bool:
    settled = comment.reports.filter(decision__to_status=Status.APPROVED)
    return settled.exists()
