"""The rules, in reading order. A rule finds; the pipeline alone decides."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from comments.moderation.findings import Finding, Severity, Submission

type Rule = Callable[[Submission], Finding | None]

FASTEST_READER = 2.0  # seconds from seeing the form to sending it


def newcomer(submission: Submission) -> Finding | None:
    if submission.approved_before:
        return None
    return Finding("newcomer", Severity.HOLD, _("No reply of this sender was approved before."))


def rejected_before(submission: Submission) -> Finding | None:
    count = submission.rejected_before
    if not count:
        return None
    reason = _("Earlier replies of this sender were rejected: %(count)d.") % {"count": count}
    return Finding("rejected_before", Severity.HOLD, reason)


def honeypot(submission: Submission) -> Finding | None:
    """Browsers' autofill fills such fields too, so this is no proof of a machine."""
    if not submission.trap:
        return None
    return Finding("honeypot", Severity.HOLD, _("A field that readers do not see was filled in."))


def answered_too_fast(submission: Submission) -> Finding | None:
    taken = submission.seconds_taken
    if taken is None:
        reason = _("The form came without its time stamp.")
        return Finding("answered_too_fast", Severity.HOLD, reason)
    if taken >= FASTEST_READER:
        return None
    reason = _("The form was answered after %(seconds).1f seconds.") % {"seconds": taken}
    return Finding("answered_too_fast", Severity.HOLD, reason)


RULES: tuple[Rule, ...] = (newcomer, rejected_before, honeypot, answered_too_fast)
