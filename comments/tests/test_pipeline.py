"""From what the rules see to what becomes of a reply."""

import logging
import time
from dataclasses import fields
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Replies
from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Policy
from comments.moderation import pipeline
from comments.moderation.findings import Finding, Pace, Place, Sender, Severity, Submission
from comments.tests.factories import (
    make_approved,
    make_comment,
    make_draft,
    make_submission,
    post_reply,
)


def note(submission):
    return Finding("note", Severity.NOTE, "Worth a look.", (0, 5))


def hold(submission):
    return Finding("hold", Severity.HOLD, "Not without a look.")


def hold_too(submission):
    return Finding("hold_too", Severity.HOLD, "Nor this.")


def reject(submission):
    return Finding("reject", Severity.REJECT, "Not at all.")


def nothing(submission):
    return None


def slow(submission):
    """Takes its time, and finds nothing then."""
    until = time.thread_time() + 0.02
    while time.thread_time() < until:
        pass


def broken(submission):
    raise ZeroDivisionError(f"cannot divide {submission.text} by {submission.name}")


def open_to_all():
    Policy(replies=Replies.OPEN, hold_first=0).save()


def apply(monkeypatch, *rules):
    monkeypatch.setattr(pipeline, "RULES", rules)


# --- Judging ----------------------------------------------------------------------------------


OPEN, HELD = Place(replies=Replies.OPEN), Place(replies=Replies.HELD)


@pytest.mark.parametrize(
    ("rules", "found", "decided_by", "reason", "status"),
    [
        ([], [], "nothing_found", "No rule objects to it.", "approved"),
        ([nothing], [], "nothing_found", "No rule objects to it.", "approved"),
        ([note], ["note"], "nothing_found", "No rule objects to it.", "approved"),
        ([note, hold], ["hold", "note"], "hold", "Not without a look.", "held"),
        ([hold, note], ["hold", "note"], "hold", "Not without a look.", "held"),
        ([hold, hold_too], ["hold", "hold_too"], "hold", "Not without a look.", "held"),
        ([hold_too, nothing, hold], ["hold_too", "hold"], "hold_too", "Nor this.", "held"),
        ([note, hold, reject], ["reject", "hold", "note"], "reject", "Not at all.", "rejected"),
        ([reject, broken], ["reject", "broken"], "reject", "Not at all.", "rejected"),
    ],
)
def test_the_gravest_finding_decides_and_says_why(
    monkeypatch, rules, found, decided_by, reason, status
):
    apply(monkeypatch, *rules)
    verdict = pipeline.judge(make_submission(place=OPEN))
    assert [finding.rule for finding in verdict.findings] == found
    assert (verdict.rule, verdict.reason, verdict.status) == (decided_by, reason, status)


@pytest.mark.parametrize("rules", [(), (nothing,), (note,)])
def test_where_all_are_held_that_is_the_reason(monkeypatch, rules):
    apply(monkeypatch, *rules)
    verdict = pipeline.judge(make_submission(place=HELD))
    assert (verdict.status, verdict.rule) == ("held", "every_reply")
    assert verdict.reason == "Every reply is read before it appears."


@pytest.mark.parametrize("rules", [(broken,), (nothing, broken), (broken, hold), (note, broken)])
def test_a_rule_that_fails_is_itself_a_finding(monkeypatch, rules):
    apply(monkeypatch, *rules)
    verdict = pipeline.judge(make_submission(place=OPEN))
    (failure,) = (finding for finding in verdict.findings if finding.rule == "broken")
    assert failure.severity == Severity.HOLD
    assert failure.reason == "This rule could not be applied."
    assert verdict.status == "held"
    others = {rule.__name__ for rule in rules} - {"broken", "nothing"}
    assert {finding.rule for finding in verdict.findings} == others | {"broken"}


def test_a_rule_that_takes_too_long_has_failed(monkeypatch, caplog):
    monkeypatch.setattr(pipeline, "LONGEST", 0.01)
    apply(monkeypatch, slow)
    verdict = pipeline.judge(make_submission(place=OPEN))
    assert [(each.rule, each.severity) for each in verdict.findings] == [("slow", Severity.HOLD)]
    assert (verdict.status, verdict.reason) == ("held", "This rule could not be applied.")
    assert [each.getMessage() for each in caplog.records] == [
        "The rule slow failed: it took too long."
    ]


def test_a_rule_may_take_a_moment(monkeypatch):
    apply(monkeypatch, slow)
    assert pipeline.judge(make_submission(place=OPEN)).status == "approved"


def test_the_log_names_the_rule_that_failed_and_quotes_no_reply(monkeypatch, caplog):
    apply(monkeypatch, broken)
    with caplog.at_level(logging.DEBUG):
        pipeline.judge(make_submission(text="My secret text", name="Hana Wójcik"))
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
    open_to_all()
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
def test_on_a_new_site_every_reply_is_held_until_somebody_has_read_it(monkeypatch, rules):
    apply(monkeypatch, *rules)
    reply = make_comment()
    assert reply.is_held
    decision = reply.decisions.get()
    assert (decision.from_status, decision.to_status, decision.by) == ("", "held", None)
    assert decision.rule


@pytest.mark.django_db
def test_what_no_rule_holds_appears_at_once_and_the_log_says_so(client, monkeypatch):
    open_to_all()
    apply(monkeypatch, note)
    article = make_article()
    answer = post_reply(client, article)
    reply = Comment.objects.get()
    assert answer["Location"].endswith(f"#comment-{reply.pk}")
    assert reply.is_approved
    assert reply.approved_at == reply.submitted_at
    decision = reply.decisions.get()
    assert (decision.rule, decision.to_status, decision.by) == ("nothing_found", "approved", None)
    assert [each.rule for each in reply.findings.all()] == ["note"]
    article.refresh_from_db()
    assert (article.reply_count, reply.shown_in_thread) == (1, 1)


@pytest.mark.django_db
def test_what_a_rule_rejects_is_on_record_and_can_be_brought_back(client, monkeypatch):
    apply(monkeypatch, hold, reject)
    answer = post_reply(client, make_article())
    assert (answer.status_code, "/status/" in answer["Location"]) == (303, True)
    reply = Comment.objects.get()
    decision = reply.decisions.get()
    assert (reply.status, decision.rule, decision.reason) == ("rejected", "reject", "Not at all.")
    assert reply.restore(by=make_staff("Moderators"))
    assert reply.approve(by=make_staff("Moderators"))


@pytest.mark.django_db
def test_the_rules_get_what_was_sent_and_the_senders_record(monkeypatch, clock):
    seen = []
    apply(monkeypatch, lambda submission: seen.append(submission))
    article, moderator = make_article(language="de"), make_staff("Moderators")
    for verb in (Comment.approve, Comment.approve, Comment.reject, Comment.mark_spam):
        first = make_comment(article=article, email="hana@example.org")
        verb(first, by=moderator)
    Comment.objects.update(submitted_at=timezone.now() - timedelta(days=2))
    make_approved(article=article, by=moderator, text="Well &amp; good.", network="a")
    clock.shift(30)
    draft = make_draft(
        article=article,
        email="HANA@example.org",
        name="Hana",
        website="https://example.org/",
        text="<b>Well</b> &amp; good.",
        trap="trap",
        seconds_taken=4.5,
        network="a",
    )
    Comment.objects.submit(draft)
    got = seen[-1]
    expected = {
        "name": "Hana",
        "website": "https://example.org/",
        "text": "<b>Well</b> &amp; good.",
        "html": "<p><b>Well</b> &amp; good.</p>",
        "language": "de",
        "trap": "trap",
        "seconds_taken": 4.5,
        "work_is_missing": False,
        "sender": Sender(approved=2, rejected_recently=2),
        "pace": Pace(of_network=1, under_article=1, seconds_since_last=2 * 24 * 3600 + 30),
        "place": Place(replies=Replies.HELD),
        "same_words": 0,
    }
    assert {name: getattr(got, name) for name in expected} == expected
    assert got.readable.strip() == "Well & good."
    assert got.recent_texts[0] == "Well &amp; good."
    assert len(got.recent_texts) == 5
    assert isinstance(got.policy, Policy)
    # What is not asked above.
    rest = {"policy", "readable", "recent_texts", "staff_names"}
    assert {each.name for each in fields(Submission)} == set(expected) | rest
