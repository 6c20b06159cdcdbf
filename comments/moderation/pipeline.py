"""Runs the rules over a reply and decides, once, what becomes of it."""

import logging
import time
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Replies
from comments.models.decision import Status
from comments.moderation.findings import Finding, Severity, Submission
from comments.moderation.rules import RULES, Rule
from newsroom.language import speaking_as_the_site

logger = logging.getLogger(__name__)

# A rule is plain code over bounded input and can't be stopped halfway. One that takes longer has
# met what it wasn't made for, so that what it says doesn't count.
LONGEST = 2.0  # seconds of processor time

BECOMES = {Severity.REJECT: Status.REJECTED, Severity.HOLD: Status.HELD}


@dataclass(frozen=True)
class Verdict:
    """Everything that was found, gravest first; the state, and the rule and reason for it."""

    findings: tuple[Finding, ...]
    rule: str
    reason: str
    status: Status = Status.HELD


def judge(submission: Submission) -> Verdict:
    """What becomes of it: the gravest finding decides. Without one that holds or rejects it is
    approved, where replies are open.

    A rule that fails is itself a finding, so that its failure never lets a reply through.
    """
    with speaking_as_the_site():
        findings = [found for rule in RULES if (found := apply(rule, submission))]
        return verdict_on(submission, findings)


def apply(rule: Rule, submission: Submission) -> Finding | None:
    """What the rule finds; that it failed, where it raises anything or takes too long."""
    start = time.thread_time()
    try:
        found = rule(submission)
    except Exception as error:
        # Only the kind of error: its message may quote the reply, which belongs in no log.
        logger.error("The rule %s failed: %s.", rule.__name__, type(error).__name__)
        return _failure_of(rule)
    if time.thread_time() - start > LONGEST:
        logger.error("The rule %s failed: it took too long.", rule.__name__)
        # What it found is kept where that is as grave as its failure.
        return found if found and found.severity > Severity.HOLD else _failure_of(rule)
    return found


def verdict_on(submission: Submission, findings: list[Finding]) -> Verdict:
    found = tuple(sorted(findings, key=lambda finding: -finding.severity))
    if found and found[0].severity in BECOMES:
        gravest = found[0]
        return Verdict(found, gravest.rule, gravest.reason, BECOMES[gravest.severity])
    if submission.place.replies != Replies.OPEN:
        return Verdict(found, "every_reply", _("Every reply is read before it appears."))
    return Verdict(found, "nothing_found", _("No rule objects to it."), Status.APPROVED)


def _failure_of(rule: Rule) -> Finding:
    return Finding(rule.__name__, Severity.HOLD, _("This rule could not be applied."))
