"""What is learned from the moderators' decisions, and how it is kept."""

import zlib
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.tests.factories import make_staff
from comments import tasks
from comments.learning import examples, progress, stored, training
from comments.learning.facts import reading_of
from comments.learning.record import Record, Side
from comments.learning.words import MOST, words_of
from comments.models import NO_RECORD, Comment, LearnedModel, Likely, Prediction
from comments.models.learned_model import LearnedModelQuerySet
from comments.tests.factories import make_comment
from comments.tests.learned import make_decided, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_staff("Moderators")


def past():
    return {each.comment: each.verdict for each in examples.decided_by_people()}


def test_it_learns_from_what_people_decided_last_of_each_reply(by):
    approved, spam, changed, restored, by_rule, erased = (make_comment() for _ in range(6))
    approved.approve(by=by)
    spam.mark_spam(by=by)
    changed.approve(by=by)
    changed.reject(by=by)
    restored.reject(by=by)
    restored.restore(by=by)
    by_rule.turn_down(rule="closed", reason="Closed.")
    erased.reject(by=by)
    erased.erase(by=by)
    Comment.objects.answer(approved.article, parent=approved, text="Thank you.", by=by)
    assert past() == {
        approved.pk: Likely.APPROVE,
        spam.pk: Likely.SPAM,
        changed.pk: Likely.REJECT,
    }


def test_a_pick_and_a_note_say_nothing_of_a_reply(by):
    comment = make_comment()
    comment.let_out(rule="learned", reason="")
    comment.feature(by=by)
    assert past() == {}


def test_the_record_of_a_sender_is_what_was_known_when_a_reply_came_in(by, clock):
    first = make_comment(email="eve@example.org", text="One.")
    clock.shift(60)
    second = make_comment(email="eve@example.org", text="Two.")
    clock.shift(60)
    first.reject(by=by)
    second.reject(by=by)
    clock.shift(60)
    third = make_comment(email="eve@example.org", text="Three.")
    third.reject(by=by)
    (some,) = examples.with_readings(examples.decided_by_people())
    assert [
        [fact for fact in each.reading.facts if fact.startswith("refused")] for each in some
    ] == [[], [], ["refused:2"]]


def test_only_so_many_of_the_newest_are_read(by, monkeypatch):
    make_decided(12, by=by)
    monkeypatch.setattr(examples, "MOST", 5)
    newest = list(Comment.objects.order_by("-pk").values_list("pk", flat=True)[:5])
    assert sorted(past(), reverse=True) == newest


def test_words_are_those_of_people_in_all_scripts_and_long_numbers_none():
    assert words_of("It’s CHEAP, call 0791234567 or 24!") == ["it’s", "cheap", "call", "or", "24"]
    assert words_of("安いカジノ") == ["安い", "いカ", "カジ", "ジノ"]
    assert len(words_of("word " * 5000)) == MOST


def test_a_reading_holds_facts_and_the_rules_that_found_something():
    found = reading_of(
        "BUY https://a.example",
        NO_RECORD,
        rules=["many_links", "many_links"],
        website="https://a.example/",
        is_answer=False,
        language="en-GB",
    )
    assert set(found.facts) == {
        *("links:1", "website", "short", "language:en", "rule:many_links"),
    }


def test_it_tells_the_kinds_apart_and_measures_itself_on_the_newest_fifth(by):
    make_decided(300, by=by)
    model = training.learn(asked_by=by)
    record = Record.read(model)
    assert (model.decisions, record.count) == (300, 60)
    assert record.decided == {"approve": 20, "reject": 20, "spam": 20}
    point = record.at(Side.APPROVE, 60)
    assert point.count >= 15
    assert point.precision == 100
    assert record.at(Side.REFUSE, 60).right >= 30
    assert record.mistakes == []
    # Held back is what was decided last.
    assert record.since
    assert record.since > timezone.now() - timedelta(minutes=5)


def test_its_record_tells_where_it_is_wrong(by):
    make_decided(240, by=by)
    # Of late, what had been refused is let out.
    for comment in Comment.objects.filter(status="rejected").order_by("-pk")[:20]:
        comment.approve(by=by)
    record = Record.read(training.learn())
    assert record.at(Side.REFUSE, 50).wrong == 20
    assert len(record.mistakes) == 10
    assert {(each.likely, each.decided) for each in record.mistakes} == {("reject", "approve")}
    assert not record.supports(Side.REFUSE, 50)


def test_too_few_decisions_or_one_kind_alone_teach_nothing(by):
    make_decided(90, by=by)
    with pytest.raises(training.NotEnough):
        training.learn()
    for comment in Comment.objects.exclude(status="approved"):
        comment.approve(by=by)
    make_decided(30, by=by, first=90)
    for comment in Comment.objects.exclude(status="approved"):
        comment.approve(by=by)
    with pytest.raises(training.NotEnough):
        training.learn()
    assert not LearnedModel.objects.exists()


def test_two_kinds_are_enough(by):
    make_decided(180, by=by)
    for comment in Comment.objects.filter(status="spam"):
        comment.restore(by=by)
    weights = stored.unpack(training.learn())
    assert weights.kinds == ("approve", "reject")
    assert weights.slopes.shape[0] == 1


def test_the_same_decisions_teach_the_same(by):
    make_decided(120, by=by)
    first, second = training.learn(), training.learn()
    assert first.description == second.description


def test_what_was_learned_holds_numbers_and_no_word(by):
    make_decided(120, by=by)
    model = training.learn()
    raw = zlib.decompress(bytes(model.weights))
    kept = raw + str((model.description, model.record)).encode()
    assert not any(word in kept for word in (b"casino", b"idiots", b"garden"))
    assert b"pickle" not in kept
    assert raw[:1] != b"\x80"


@pytest.mark.parametrize("damage", ["bytes", "longer", "shape", "kind", "digest", "garbage", "nan"])
def test_what_is_damaged_is_refused(damage):
    weights = stored.Weights(
        kinds=("approve", "spam"),
        **{name: np.ones(shape, dtype=stored.KIND) for name, shape in stored._shapes(2).items()},
    )
    description, packed = stored.pack(weights)
    good = LearnedModel(description=description, weights=packed)
    assert stored.unpack(good).slopes.sum() == weights.slopes.sum()
    raw = zlib.decompress(packed)
    if damage == "bytes":
        packed = zlib.compress(b"\x01" + raw[1:])
    elif damage == "longer":
        packed = zlib.compress(raw + b"\x00" * 50_000_000)
    elif damage == "shape":
        description["arrays"][0][1] = [1, 10**12]
    elif damage == "kind":
        description["kinds"] = ["approve", "publish"]
    elif damage == "digest":
        del description["sha256"]
    elif damage == "garbage":
        packed = b"cos\nsystem\n(S'true'\ntR."
    else:
        weights.shift[0] = float("nan")
        description, packed = stored.pack(weights)
    with pytest.raises(stored.CannotRead):
        stored.unpack(LearnedModel(description=description, weights=packed))


def test_old_models_go_and_the_newest_stays(clock):
    old, newest = make_model(), make_model()
    Prediction.objects.create(comment=make_comment(), model=old, version=1)
    clock.shift(LearnedModelQuerySet.KEPT + timedelta(days=1))
    assert list(LearnedModel.objects.outdated()) == [old]
    LearnedModel.objects.outdated().delete()
    assert LearnedModel.objects.current() == newest
    assert not Prediction.objects.exists()


def test_the_worker_learns_for_whoever_asked_and_anew_when_enough_was_decided_since(by):
    make_decided(120, by=by)
    assert progress.is_due()
    tasks.learn_when_due.call()
    assert DBTaskResult.objects.filter(task_path=progress.TASK).count() == 1
    tasks.learn.call(by.pk)
    assert LearnedModel.objects.get().asked_by == by
    assert not progress.is_due()
    make_decided(progress.NEW, by=by, first=120)
    assert progress.is_due()
    tasks.learn_when_due.call()
    assert DBTaskResult.objects.filter(task_path=progress.TASK).count() == 2
