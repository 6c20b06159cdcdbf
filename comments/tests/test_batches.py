"""Deciding on many replies at once: what the worker makes of a batch."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_staff
from comments import batches
from comments.models import (
    Batch,
    BatchItem,
    CannedReason,
    Comment,
    Decision,
    DecisionReason,
)
from comments.models.batch import PATIENCE, NothingToDecide
from comments.models.comment_queryset import CommentQuerySet
from comments.models.decision import Status
from comments.tests.factories import make_approved, make_comment, make_many_approved
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _without_breath(monkeypatch):
    monkeypatch.setattr(batches, "BREATH", 0)


def begin(replies=None, to=Status.SPAM, **fields):
    fields.setdefault("by", make_staff("Moderators"))
    return Batch.objects.begin(replies or Comment.objects.held(), to, **fields)


def worked(batch):
    batches.work(batch.pk)
    batch.refresh_from_db()
    return batch


def figures(batch):
    return (batch.state, batch.total, batch.decided, batch.skipped)


def outcomes(batch):
    return dict(batch.items.values_list("comment", "outcome"))


def make_held(count):
    made = make_many_approved(make_article(), count)
    Comment.objects.filter(pk__in=[each.pk for each in made]).update(status="held")
    return made


# --- What is decided --------------------------------------------------------------------------


def test_each_reply_is_decided_once_and_on_record_with_its_batch():
    made, moderator = [make_comment() for _ in range(3)], make_staff("Moderators")
    batch = worked(begin(by=moderator, to=Status.REJECTED, reason="All alike.", note="A wave."))
    assert figures(batch) == ("done", 3, 3, 0)
    assert set(Comment.objects.values_list("status", flat=True)) == {"rejected"}
    decisions = batch.decisions.order_by("comment").with_reasons()
    assert [each.comment_id for each in decisions] == [each.pk for each in made]
    for each in decisions:
        assert (each.by, each.from_status, each.to_status) == (moderator, "held", "rejected")
        assert (each.reason, each.note, each.at) == ("All alike.", "A wave.", NOON)
    # What was said stands with the decisions, which a reply's erasure empties, and nowhere else.
    assert (batch.reason, batch.note) == ("", "")
    assert not batch.items.exists()


def test_what_comes_in_or_comes_back_after_it_was_confirmed_is_not_decided(clock):
    first = make_comment()
    batch = begin()
    later = make_comment()
    assert figures(worked(batch)) == ("done", 1, 1, 0)
    assert (Comment.objects.get(pk=first.pk).status, later.status) == ("spam", "held")
    assert Comment.objects.get(pk=later.pk).is_held


def test_nothing_is_begun_where_nothing_is_left():
    with pytest.raises(NothingToDecide):
        begin()
    assert not Batch.objects.exists()


def test_a_ready_reason_is_told_in_the_language_of_each_piece():
    canned = CannedReason.objects.get(code="insult")
    canned.texts.create(language="ja", text="人を攻撃しています。")
    for language in ("en", "ja", "en-GB"):
        make_comment(article=make_article(language=language))
    batch = worked(begin(to=Status.REJECTED, canned=canned))
    told = dict(batch.decisions.values_list("comment__article__language", "given__text"))
    assert told == {each: canned.words(each) for each in ("en", "ja", "en-GB")}
    assert told["en"] != told["ja"]
    assert set(batch.decisions.values_list("canned", flat=True)) == {canned.pk}
    # One's own words go before.
    worked(begin(Comment.objects.all(), to=Status.SPAM, canned=canned, reason="Mine."))
    assert DecisionReason.objects.filter(text="Mine.").count() == 3


# --- Others at the same time ------------------------------------------------------------------


def test_what_somebody_else_has_done_meanwhile_is_left_and_counted():
    decided, edited, erased, plain = (make_comment() for _ in range(4))
    batch = begin()
    decided.approve(by=make_staff("Moderators"))
    edited.edit("Something else.", seen=edited.as_seen)
    erased.erase(rule="retention")
    assert figures(worked(batch)) == ("done", 4, 1, 3)
    assert outcomes(batch) == {
        decided.pk: BatchItem.Outcome.DECIDED_MEANWHILE,
        edited.pk: BatchItem.Outcome.CHANGED_MEANWHILE,
        erased.pk: BatchItem.Outcome.DECIDED_MEANWHILE,
    }
    states = dict(Comment.objects.values_list("pk", "status"))
    assert states == {
        decided.pk: "approved",
        edited.pk: "held",
        erased.pk: "erased",
        plain.pk: "spam",
    }


def test_who_refused_a_reply_cannot_take_its_second_look_in_a_batch_either():
    by, other = make_staff("Moderators"), make_staff("Moderators")
    own, others = make_comment(), make_comment()
    own.reject(by=by)
    others.reject(by=other)
    for each in (own, others):
        each.ask_again("Please.")
    batch = worked(begin(Comment.objects.all(), to=Status.APPROVED, by=by))
    assert figures(batch) == ("done", 2, 1, 1)
    assert outcomes(batch) == {own.pk: BatchItem.Outcome.ANOTHER_DECIDES}
    others.refresh_from_db()
    assert others.is_approved
    assert others.second_look.outcome == "reversed"


def test_a_batch_seen_otherwise_than_it_is_decides_nothing():
    comment = make_comment()
    comment.edit("Something else.", seen=comment.as_seen)
    batch = worked(begin(seen={comment.pk: "held.1"}))
    assert figures(batch) == ("done", 1, 0, 1)
    assert outcomes(batch) == {comment.pk: BatchItem.Outcome.CHANGED_MEANWHILE}


def test_it_stops_where_its_moderator_may_not_decide_any_more():
    make_comment()
    moderator = make_staff("Moderators")
    batch = begin(by=moderator)
    moderator.groups.clear()
    assert figures(worked(batch)) == ("stopped", 1, 0, 0)
    assert Comment.objects.get().is_held


# --- In chunks --------------------------------------------------------------------------------


def test_a_chunk_takes_as_many_queries_however_many_replies_it_has(monkeypatch):
    """And each piece is counted once in it."""
    counted, recount = [], CommentQuerySet.recount

    def count_calls(self, replies):
        counted.append(len(replies))
        recount(self, replies)

    monkeypatch.setattr(CommentQuerySet, "recount", count_calls)
    numbers = []
    for count in (3, 60):
        make_held(count)
        counted.clear()
        batch = begin(to=Status.APPROVED, reason="Fine.")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            worked(batch)
        assert counted == [count]
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] < 40
    # Taking it back, too.
    for each in Batch.objects.order_by("pk"):
        each.undo(by=each.by)
        with CaptureQueriesContext(connection) as queries:
            worked(each)
        numbers.append(len(queries))
    assert numbers[2] == numbers[3] < 40
    assert not Comment.objects.approved().exists()


def test_a_worker_that_is_killed_leaves_nothing_half_done(monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 4)
    make_held(10)
    batch, done = begin(), []

    def fail_at_the_second(replies):
        done.append(replies)
        if len(done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(batches, "all_decided", fail_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        batches.work(batch.pk)
    batch.refresh_from_db()
    assert figures(batch) == ("deciding", 10, 4, 0)
    assert Comment.objects.filter(status="spam").count() == 4 == batch.decisions.count()
    # Whoever takes it up again goes on where it stood.
    assert figures(worked(batch)) == ("done", 10, 10, 0)
    assert batch.decisions.values("comment").distinct().count() == batch.decisions.count() == 10
    assert figures(worked(batch)) == ("done", 10, 10, 0)


def test_what_was_left_alone_is_taken_up_again_and_nothing_else(clock):
    make_comment()
    batch = begin()
    assert batches.take_up_again() == 0
    clock.shift(PATIENCE + timedelta(seconds=1))
    assert batches.take_up_again() == 1
    assert batches.take_up_again() == 0  # its task waits
    worked(batch)
    clock.shift(PATIENCE + timedelta(seconds=1))
    assert batches.take_up_again() == 0


def test_it_stops_between_two_chunks(monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 4)
    make_held(10)
    batch = begin()
    monkeypatch.setattr(batches, "sleep", lambda seconds: Batch.objects.get().stop())
    assert figures(worked(batch)) == ("stopped", 10, 4, 0)
    assert Comment.objects.held().count() == 6
    assert batch.stop() is False
    # What was done by then can be taken back.
    monkeypatch.undo()
    batch.undo(by=batch.by)
    worked(batch)
    assert (batch.state, batch.undone) == ("undone", 4)
    assert Comment.objects.held().count() == 10


# --- Taking it back ---------------------------------------------------------------------------


def test_all_of_it_is_taken_back_but_what_others_have_decided_since():
    one, other, third = (make_comment() for _ in range(3))
    by, later = make_staff("Moderators"), make_staff("Moderators")
    one.approve(by=later)
    batch = worked(begin(Comment.objects.all(), by=by))
    other.refresh_from_db()
    other.reject(by=later)
    assert batch.undo(by=later)
    assert worked(batch).state == "undone"
    assert (batch.undone, batch.kept, batch.undone_by) == (2, 1, later)
    assert dict(Comment.objects.values_list("pk", "status")) == {
        one.pk: "approved",
        other.pk: "rejected",
        third.pk: "held",
    }
    undone = Decision.objects.filter(kind="undone").order_by("comment")
    assert [(each.comment_id, each.by, each.undoes.batch) for each in undone] == [
        (one.pk, later, batch),
        (third.pk, later, batch),
    ]
    assert batch.undo(by=by) is False  # nothing is left of it


def test_taking_it_back_makes_no_text_public_that_its_author_has_changed_since():
    changed, other = make_approved(), make_approved()
    batch = worked(begin(Comment.objects.all(), Status.HELD))
    changed.refresh_from_db()
    changed.edit("Nobody has read this.", seen=changed.as_seen)
    batch.undo(by=batch.by)
    assert (worked(batch).undone, batch.kept) == (1, 1)
    states = dict(Comment.objects.values_list("pk", "status"))
    assert states == {changed.pk: "held", other.pk: "approved"}


def test_a_batch_at_work_cannot_be_taken_back_before_it_is_stopped():
    make_comment()
    batch = begin()
    assert batch.undo(by=batch.by) is False
    worked(batch)
    assert batch.undo(by=batch.by) is True
    assert batch.undo(by=batch.by) is False
