"""Runs the rules over a reply and decides, once, what becomes of it."""

import logging
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comments.moderation.findings import Finding, Severity, Submission
from comments.moderation.rules import RULES
from newsroom.language import speaking_as_the_site

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """Everything that was found, gravest first, and the rule and reason that decided."""

    findings: tuple[Finding, ...]
    rule: str
    reason: str


def judge(submission: Submission) -> Verdict:
    """Every reply is held until a moderator has read it; the gravest finding says why.

    A rule that fails is itself a finding, so that its failure never lets a reply through.
    """
    with speaking_as_the_site():
        return _judge(submission)


def _judge(submission: Submission) -> Verdict:
    findings: list[Finding] = []
    for rule in RULES:
        try:
            found = rule(submission)
        except Exception as error:
            # Only the kind of error: its message may quote the reply, which belongs in no log.
            logger.error("The rule %s failed: %s.", rule.__name__, type(error).__name__)
            found = Finding(rule.__name__, Severity.HOLD, _("This rule could not be applied."))
        if found:
            findings.append(found)
    findings.sort(key=lambda finding: -finding.severity)
    if not findings:
        return Verdict((), "every_reply", _("Every reply is read before it appears."))
    return Verdict(tuple(findings), findings[0].rule, findings[0].reason)
