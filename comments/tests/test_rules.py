"""Each rule about the sender, the pace and the form by itself: what it sees, and what it lets
pass. Those about the text have tests of their own."""

import pytest

from articles.models import Replies
from comments.models import Policy
from comments.moderation import rules
from comments.moderation.findings import Pace, Place, Sender, Severity
from comments.tests.factories import make_submission

HOLD, REJECT = Severity.HOLD, Severity.REJECT

CLOSED, HELD = Place(replies=Replies.CLOSED, why="No."), Place(replies=Replies.HELD)
NEW, KNOWN_BY_ADDRESS = Sender(), Sender(approved=5)
BLOCKED = Sender(is_blocked=True)
FIRST_3, FIRST_0 = Policy(hold_first=3), Policy(hold_first=0)


def trusted(**facts):
    return Sender(is_trusted=True, **facts)


def known(**facts):
    return Sender(is_known=True, **{"approved": 3} | facts)


def rejected(count):
    return known(rejected_recently=count)


NO_PROOF = "The sender's address is known, but nothing proves that it is the same person."
SHORTLY = "in the ten minutes before"
SEEN = [
    ("closed", {"place": CLOSED}, REJECT, "Replies were closed."),
    ("blocked_sender", {"sender": BLOCKED}, HOLD, "This sender is blocked."),
    ("blocked_sender", {"sender": known(is_blocked=True)}, REJECT, "This sender is blocked."),
    ("newcomer", {"sender": NEW}, HOLD, "No reply of this sender was approved before."),
    ("newcomer", {"sender": KNOWN_BY_ADDRESS}, HOLD, NO_PROOF),
    ("newcomer", {"sender": trusted(approved=9)}, HOLD, NO_PROOF),
    ("newcomer", {"sender": known(approved=2), "policy": FIRST_3}, HOLD, "approved before: 2."),
    ("rejected_before", {"sender": rejected(1)}, HOLD, "in the last 30 days: 1."),
    ("rejected_before", {"sender": rejected(7)}, HOLD, "in the last 30 days: 7."),
    ("pace_of_sender", {"pace": Pace(seconds_since_last=9.9)}, HOLD, "9 seconds before."),
    ("pace_of_sender", {"pace": Pace(seconds_since_last=-1.5)}, HOLD, "1 seconds before."),
    ("pace_of_sender", {"pace": Pace(of_sender=5)}, HOLD, f"{SHORTLY}: 5."),
    ("pace_of_network", {"pace": Pace(of_network=20)}, HOLD, f"{SHORTLY}: 20."),
    ("pace_under_article", {"pace": Pace(under_article=100)}, HOLD, f"{SHORTLY}: 100."),
    ("honeypot", {"trap": "x"}, HOLD, "A field that readers do not see was filled in."),
    ("honeypot", {"trap": " "}, HOLD, "A field that readers do not see was filled in."),
    ("answered_too_fast", {"seconds_taken": None}, HOLD, "The form came without its time stamp."),
    ("answered_too_fast", {"seconds_taken": 0.0}, HOLD, "after 0.0 seconds."),
    ("answered_too_fast", {"seconds_taken": 1.94}, HOLD, "after 1.9 seconds."),
    ("answered_too_fast", {"seconds_taken": -5.0}, HOLD, "after -5.0 seconds."),
    ("no_proof_of_work", {"work_is_missing": True}, HOLD, "It came without a proof of work."),
]
PASSED = [
    ("closed", {"place": HELD}),
    ("blocked_sender", {"sender": trusted(is_known=True)}),
    ("newcomer", {"sender": known(approved=1)}),
    ("newcomer", {"sender": known(approved=3), "policy": FIRST_3}),
    ("newcomer", {"sender": trusted(is_known=True, approved=1), "policy": FIRST_3}),
    ("newcomer", {"sender": NEW, "policy": FIRST_0}),
    ("rejected_before", {"sender": rejected(0)}),
    ("rejected_before", {"sender": rejected(4), "policy": Policy(hold_after_rejections=5)}),
    ("rejected_before", {"sender": rejected(9), "policy": Policy(hold_after_rejections=0)}),
    ("rejected_before", {"sender": trusted(is_known=True, rejected_recently=9)}),
    ("pace_of_sender", {"pace": Pace(of_sender=4, seconds_since_last=10.0)}),
    ("pace_of_sender", {"pace": Pace(seconds_since_last=-3600.0)}),
    ("pace_of_sender", {"pace": Pace(of_sender=99), "policy": Policy(sender_pace=0)}),
    ("pace_of_network", {"pace": Pace(of_network=19)}),
    ("pace_of_network", {"pace": Pace(of_network=999), "policy": Policy(network_pace=0)}),
    ("pace_under_article", {"pace": Pace(under_article=99)}),
    ("pace_under_article", {"pace": Pace(under_article=999), "policy": Policy(article_pace=0)}),
    ("honeypot", {"trap": ""}),
    ("answered_too_fast", {"seconds_taken": 2.0}),
    ("answered_too_fast", {"seconds_taken": 10.0**8}),
    ("no_proof_of_work", {"work_is_missing": False}),
]
THESE = tuple(dict.fromkeys(getattr(rules, rule) for rule, _fields in PASSED))


@pytest.mark.parametrize(("rule", "fields", "severity", "reason"), SEEN)
def test_a_rule_sees_what_it_is_for(rule, fields, severity, reason):
    finding = getattr(rules, rule)(make_submission(**fields))
    assert (finding.rule, finding.severity, finding.span) == (rule, severity, None)
    assert finding.reason.endswith(reason)


@pytest.mark.parametrize(("rule", "fields"), PASSED)
def test_a_rule_sees_nothing_else(rule, fields):
    assert getattr(rules, rule)(make_submission(**fields)) is None


def test_all_these_rules_are_applied_in_reading_order():
    assert tuple(rule for rule in rules.RULES if rule in THESE) == THESE


def test_no_two_rules_have_one_name():
    names = [rule.__name__ for rule in rules.RULES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule", THESE, ids=lambda rule: rule.__name__)
def test_these_rules_do_not_look_at_the_words(rule):
    text = "<script>viagra</script> https://evil.example " * 100
    hostile = make_submission(
        text=text, readable=text, html=text, name="Editor", website="https://evil.example"
    )
    assert rule(hostile) is None


@pytest.mark.parametrize("rule", THESE, ids=lambda rule: rule.__name__)
def test_a_reason_fits_the_row_it_is_stored_in(rule):
    much = 10**18
    extreme = make_submission(
        trap="x" * 10_000,
        seconds_taken=-(10.0**14),
        sender=Sender(is_blocked=True, rejected_recently=much),
        pace=Pace(of_sender=much, of_network=much, under_article=much),
        place=CLOSED,
        work_is_missing=True,
    )
    finding = rule(extreme)
    assert finding is not None
    assert len(finding.reason) <= 200
    assert len(finding.rule) <= 40
