"""Decided replies that another moderator reads as if nobody had decided on them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from articles.tests.factories import make_staff
from comments import second_readings
from comments.models import Comment, Decision, Policy, SecondReading
from comments.tasks import keep_figures
from comments.tests.factories import make_approved, make_comment
from newsroom.tests.browsing import text_at

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/queue/"


@pytest.fixture(autouse=True)
def _shown_again():
    Policy.objects.create(shows_again=True)


@pytest.fixture
def _all_are_drawn(monkeypatch):
    monkeypatch.setattr(second_readings, "is_drawn", lambda decision: True)


def two_moderators():
    """Both active."""
    first, second = make_staff("Moderators"), make_staff("Moderators")
    make_approved(by=second)
    return first, second


def make_reading(*, verb=Comment.approve, **said):
    """A reply that the first decided on and the second is to read."""
    first, second = two_moderators()
    comment = make_comment(text="Is it true?")
    verb(comment, by=first, **said)
    decision = comment.decisions.get(by=first)
    return SecondReading.objects.create(
        decision=decision, comment=comment, version=comment.version
    ), second


def take(reading, by, verdict="approved", seen="held", version=1):
    return second_readings.take(
        reading.comment, by=by, verdict=verdict, seen_status=seen, seen_version=version
    )


def test_two_of_a_hundred_decisions_are_drawn():
    drawn = sum(second_readings.is_drawn(number) for number in range(100_000))
    assert 1700 < drawn < 2300


def test_which_ones_are_drawn_hangs_on_the_secret_key(settings):
    before = [second_readings.is_drawn(number) for number in range(1000)]
    settings.SECRET_KEY = "another"
    assert [second_readings.is_drawn(number) for number in range(1000)] != before


@pytest.mark.usefixtures("_all_are_drawn")
def test_decisions_of_people_on_what_waited_are_drawn_once():
    first, _second = two_moderators()
    comment = make_comment()
    comment.reject(by=first)
    _waiting = make_comment()
    keep_figures.func()
    drawn = SecondReading.objects.get(comment=comment)
    assert drawn.decision.by == first
    count = SecondReading.objects.count()
    assert count == Decision.objects.filter(by__isnull=False).count()
    keep_figures.func()
    assert SecondReading.objects.count() == count


@pytest.mark.usefixtures("_all_are_drawn")
def test_nothing_is_drawn_with_one_moderator_or_where_nobody_wants_it():
    alone = make_staff("Moderators")
    make_approved(by=alone)
    assert second_readings.draw() == 0
    make_approved(by=make_staff("Moderators"))
    Policy.objects.update(shows_again=False)
    assert second_readings.draw() == 0
    Policy.objects.update(shows_again=True)
    assert second_readings.draw() == 2


def test_another_moderator_reads_it_and_not_the_first():
    reading, second = make_reading()
    assert list(second_readings.due_for(second)) == [reading]
    assert not second_readings.due_for(reading.decision.by)
    assert take(reading, reading.decision.by) is None


def test_the_second_verdict_is_kept_and_changes_nothing():
    reading, second = make_reading()
    decisions = reading.comment.decisions.count()
    found = take(reading, second, "rejected")
    assert (found.reader, found.verdict, found.agrees) == (second, "rejected", False)
    reading.comment.refresh_from_db()
    assert reading.comment.is_approved
    assert reading.comment.decisions.count() == decisions
    assert not second_readings.due_for(second)
    assert take(reading, second) is None


def test_the_reader_is_told_afterwards_who_had_decided_and_how():
    reading, second = make_reading(verb=Comment.mark_spam)
    name = reading.decision.by.username
    assert f"{name} had decided otherwise (spam, you: approved)" in take(reading, second).told()
    reading, second = make_reading()
    assert "had decided the same (approved)" in take(reading, second).told()


def test_a_decision_on_what_is_seen_as_it_is_is_no_second_reading():
    reading, second = make_reading()
    assert take(reading, second, "rejected", seen="approved") is None
    assert take(reading, second, "held") is None
    assert take(reading, second, version=2) is None
    assert list(second_readings.due_for(second)) == [reading]


@pytest.mark.parametrize("change", ["other_text", "decided_anew", "asked", "reported", "erased"])
def test_what_happened_meanwhile_ends_it(change, clock):
    reading, second = make_reading(verb=Comment.reject)
    comment = reading.comment
    if change == "other_text":
        Comment.objects.filter(pk=comment.pk).update(version=2)
    elif change == "decided_anew":
        comment.approve(by=reading.decision.by)
    elif change == "asked":
        comment.ask_again("Why?")
    elif change == "reported":
        Comment.objects.filter(pk=comment.pk).update(reported_at=reading.drawn_at)
    else:
        comment.erase(by=second)
    assert not second_readings.due_for(second)
    assert take(reading, second) is None


def test_after_three_days_nobody_is_asked_any_more(clock):
    reading, second = make_reading()
    clock.shift(timedelta(days=3, minutes=1))
    assert not second_readings.due_for(second)
    assert reading.verdict == ""


def test_the_queue_shows_it_as_what_waits_and_tells_nothing_of_the_decision(client):
    reading, second = make_reading(verb=Comment.reject, reason="Too rude.", note="Again!")
    client.force_login(second)
    page = client.get(QUEUE)
    html = page.content.decode()
    assert f'data-reply="{reading.comment.pk}" data-seen="held.1"' in html
    for secret in ("Too rude.", "Again!", reading.decision.by.username, "state-rejected"):
        assert secret not in html
    client.force_login(reading.decision.by)
    assert f'data-reply="{reading.comment.pk}"' not in client.get(QUEUE).content.decode()


def test_deciding_on_it_in_the_queue_leaves_it_as_it_is(client):
    reading, second = make_reading()
    client.force_login(second)
    sent = {"decision": "reject", "seen": "held.1", "reason": "No."}
    answer = client.post(f"{QUEUE}{reading.comment.pk}/", sent, follow=True)
    assert "a test of how far moderators agree" in text_at(answer, ".//body")
    reading.refresh_from_db()
    assert reading.verdict == "rejected"
    assert Comment.objects.get(pk=reading.comment.pk).is_approved


def test_a_verdict_is_always_somebodys():
    reading, _second = make_reading()
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondReading.objects.filter(pk=reading.pk).update(verdict="approved")


def test_moderators_switch_it_on_in_the_rules(client):
    client.force_login(make_staff("Moderators"))
    page = client.get("/admin/comments/policy/1/change/")
    assert 'name="shows_again"' in page.content.decode()
