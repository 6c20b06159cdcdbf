"""From what the rules see to what becomes of a reply."""

import logging

import pytest

from articles.tests.factories import make_article, make_staff
from comments.models import Comment
from comments.moderation import pipeline
from comments.moderation.findings import Finding, Severity
from comments.tests.factories import make_approved, make_comment, make_draft, post_reply
from comments.tests.test_rules import submission


def note(submission):
    return Finding("note", Severity.NOTE, "Worth a look.", (0, 5))


def hold(submission):
    return Finding("hold", Severity.HOLD, "Not without a look.")


def hold_too(submission):
    return Finding("hold_too", Severity.HOLD, "Nor this.")


def nothing(submission):
    return None


def broken(submission):
    raise ZeroDivisionError(f"cannot divide {submission.text} by {submission.name}")


def apply(monkeypatch, *rules):
    monkeypatch.setattr(pipeline, "RULES", rules)


# --- Judging ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "found", "decided_by", "reason"),
    [
        ([], [], "every_reply", "Every reply is read before it appears."),
        ([nothing], [], "every_reply", "Every reply is read before it appears."),
        ([note], ["note"], "note", "Worth a look."),
        ([note, hold], ["hold", "note"], "hold", "Not without a look."),
        ([hold, note], ["hold", "note"], "hold", "Not without a look."),
        ([hold, hold_too], ["hold", "hold_too"], "hold", "Not without a look."),
        ([hold_too, nothing, hold], ["hold_too", "hold"], "hold_too", "Nor this."),
    ],
)
def test_the_gravest_finding_says_why(monkeypatch, rules, found, decided_by, reason):
    apply(monkeypatch, *rules)
    verdict = pipeline.judge(submission())
    assert [finding.rule for finding in verdict.findings] == found
    assert (verdict.rule, verdict.reason) == (decided_by, reason)


@pytest.mark.parametrize("rules", [(broken,), (nothing, broken), (broken, hold), (note, broken)])
def test_a_rule_that_fails_is_itself_a_finding(monkeypatch, rules):
    apply(monkeypatch, *rules)
    verdict = pipeline.judge(submission())
    (failure,) = (finding for finding in verdict.findings if finding.rule == "broken")
    assert failure.severity == Severity.HOLD
    assert failure.reason == "This rule could not be applied."
    others = {rule.__name__ for rule in rules} - {"broken", "nothing"}
    assert {finding.rule for finding in verdict.findings} == others | {"broken"}


def test_the_log_names_the_rule_that_failed_and_quotes_no_reply(monkeypatch, caplog):
    apply(monkeypatch, broken)
    with caplog.at_level(logging.DEBUG):
        pipeline.judge(submission(text="My secret text", name="Hana Wójcik"))
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert record.getMessage() == "The rule broken failed: ZeroDivisionError."
    assert record.exc_info is None
    for quoted in ("secret", "Hana", "cannot divide"):
        assert quoted not in caplog.text
        assert quoted not in str(vars(record))


# --- What is stored ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_reply_that_a_rule_failed_on_is_held_with_a_finding(client, monkeypatch):
    apply(monkeypatch, nothing, broken)
    assert post_reply(client, make_article()).status_code == 303
    reply = Comment.objects.get()
    assert reply.is_held
    assert reply.findings.get().rule == "broken"
    assert reply.decisions.get().rule == "broken"


@pytest.mark.django_db
def test_findings_are_stored_gravest_first_with_what_they_are_about(monkeypatch):
    apply(monkeypatch, note, hold)
    reply = make_comment(text="Where?")
    stored = reply.findings.values_list("rule", "severity", "reason", "start", "end")
    assert list(stored) == [
        ("hold", Severity.HOLD, "Not without a look.", None, None),
        ("note", Severity.NOTE, "Worth a look.", 0, 5),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("rules", [(), (nothing,), (note,), (hold,), (broken,)])
def test_every_reply_is_held_until_somebody_has_read_it(monkeypatch, rules):
    apply(monkeypatch, *rules)
    reply = make_comment()
    assert reply.is_held
    decision = reply.decisions.get()
    assert (decision.from_status, decision.to_status, decision.by) == ("", "held", None)
    assert decision.rule


@pytest.mark.django_db
def test_a_known_senders_reply_is_held_without_a_finding():
    make_approved(email="hana@example.org")
    Comment.objects.update(submitted_at="2026-01-01T00:00Z")
    reply = make_comment(email="hana@example.org")
    assert reply.is_held
    assert not reply.findings.exists()
    assert reply.decisions.get().rule == "every_reply"


@pytest.mark.django_db
def test_the_rules_get_the_senders_record_and_nobody_elses(monkeypatch):
    seen = []
    apply(monkeypatch, lambda submission: seen.append(submission))
    article, moderator = make_article(), make_staff("Moderators")
    for verb in (Comment.approve, Comment.approve, Comment.reject, Comment.mark_spam):
        Comment.objects.update(submitted_at="2026-01-01T00:00Z")
        verb(make_comment(article=article, email="hana@example.org"), by=moderator)
    make_approved(article=article, by=moderator)
    Comment.objects.update(submitted_at="2026-01-01T00:00Z")
    draft = make_draft(
        article=article,
        email="HANA@example.org",
        name="Hana",
        website="https://example.org/",
        text="Text.",
        trap="trap",
        seconds_taken=4.5,
    )
    Comment.objects.submit(draft)
    assert seen[-1] == submission(
        name="Hana",
        website="https://example.org/",
        text="Text.",
        trap="trap",
        seconds_taken=4.5,
        approved_before=2,
        rejected_before=2,
    )
