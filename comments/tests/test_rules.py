"""Each rule by itself: what it sees, and what it lets pass."""

from dataclasses import replace

import pytest

from comments.moderation import rules
from comments.moderation.findings import Severity, Submission


def submission(**fields):
    """The reply of a known sender who fell into no trap."""
    honest = Submission(
        name="Hana",
        website="",
        text="Where can I read it?",
        trap="",
        seconds_taken=60.0,
        approved_before=3,
        rejected_before=0,
    )
    return replace(honest, **fields)


SEEN = [
    ("newcomer", {"approved_before": 0}, "No reply of this sender was approved before."),
    ("rejected_before", {"rejected_before": 1}, "Earlier replies of this sender were rejected: 1."),
    ("rejected_before", {"rejected_before": 7}, "Earlier replies of this sender were rejected: 7."),
    ("honeypot", {"trap": "x"}, "A field that readers do not see was filled in."),
    ("honeypot", {"trap": " "}, "A field that readers do not see was filled in."),
    ("answered_too_fast", {"seconds_taken": None}, "The form came without its time stamp."),
    ("answered_too_fast", {"seconds_taken": 0.0}, "The form was answered after 0.0 seconds."),
    ("answered_too_fast", {"seconds_taken": 1.94}, "The form was answered after 1.9 seconds."),
    ("answered_too_fast", {"seconds_taken": -5.0}, "The form was answered after -5.0 seconds."),
]
PASSED = [
    ("newcomer", {"approved_before": 1}),
    ("newcomer", {"approved_before": 900, "rejected_before": 9}),
    ("rejected_before", {"rejected_before": 0, "approved_before": 0}),
    ("honeypot", {"trap": ""}),
    ("answered_too_fast", {"seconds_taken": 2.0}),
    ("answered_too_fast", {"seconds_taken": 10.0**8}),
]


@pytest.mark.parametrize(("rule", "fields", "reason"), SEEN)
def test_a_rule_sees_what_it_is_for(rule, fields, reason):
    finding = getattr(rules, rule)(submission(**fields))
    assert (finding.rule, finding.severity, finding.reason) == (rule, Severity.HOLD, reason)
    assert finding.span is None


@pytest.mark.parametrize(("rule", "fields"), PASSED)
def test_a_rule_sees_nothing_else(rule, fields):
    assert getattr(rules, rule)(submission(**fields)) is None


def test_all_rules_are_applied_in_reading_order():
    names = [rule.__name__ for rule in rules.RULES]
    assert names == ["newcomer", "rejected_before", "honeypot", "answered_too_fast"]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_rule_looks_at_nothing_but_what_it_is_for(rule):
    """A known sender's reply is seen by none of them, whatever it says."""
    text = "<script>viagra</script> https://evil.example " * 100
    assert rule(submission(text=text, name="Editor", website="https://evil.example")) is None


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_reason_fits_the_row_it_is_stored_in(rule):
    extreme = submission(
        trap="x" * 10_000, seconds_taken=-(10.0**14), approved_before=0, rejected_before=10**18
    )
    finding = rule(extreme)
    assert finding is not None
    assert len(finding.reason) <= 200
    assert len(finding.rule) <= 40
