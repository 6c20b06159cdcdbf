"""The rules, in reading order. A rule finds; the pipeline alone decides."""

from collections.abc import Callable

from comments.moderation.findings import Finding, Severity, Submission

type Rule = Callable[[Submission], Finding | None]

FASTEST_READER = 2.0  # seconds from seeing the form to sending it


def newcomer(submission: Submission) -> Finding | None:
    if submission.approved_before:
        return None
    return Finding("newcomer", Severity.HOLD, "No reply of this sender was approved before.")


def rejected_before(submission: Submission) -> Finding | None:
    count = submission.rejected_before
    if not count:
        return None
    return Finding(
        "rejected_before", Severity.HOLD, f"Earlier replies of this sender were rejected: {count}."
    )


def honeypot(submission: Submission) -> Finding | None:
    """Browsers' autofill fills such fields too, so this is no proof of a machine."""
    if not submission.trap:
        return None
    return Finding("honeypot", Severity.HOLD, "A field that readers do not see was filled in.")


def answered_too_fast(submission: Submission) -> Finding | None:
    taken = submission.seconds_taken
    if taken is None:
        return Finding("answered_too_fast", Severity.HOLD, "The form came without its time stamp.")
    if taken >= FASTEST_READER:
        return None
    return Finding(
        "answered_too_fast", Severity.HOLD, f"The form was answered after {taken:.1f} seconds."
    )


RULES: tuple[Rule, ...] = (newcomer, rejected_before, honeypot, answered_too_fast)
