"""What moderators do with a reply, and the record of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Decision
from comments.tests.factories import VERBS, make_approved, make_comment, make_in_state
from newsroom.append_only import RecordsAreFinal

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=ZoneInfo("UTC"))


def record(comment):
    decisions = comment.decisions.order_by("pk")
    return [(each.from_status, each.to_status) for each in decisions]


# --- The verbs --------------------------------------------------------------------------------


@pytest.mark.parametrize("before", VERBS)
@pytest.mark.parametrize("after", VERBS)
def test_any_state_can_follow_any_other_and_is_on_record(before, after):
    comment, moderator = make_in_state(before), make_staff("Moderators")
    length = comment.decisions.count()
    with time_machine.travel(NOW, tick=False):
        changed = VERBS[after](comment, by=moderator, reason="Because.")
    assert comment.status == Comment.objects.get().status == after
    assert changed is (before != after)
    if before == after:
        assert comment.decisions.count() == length
        return
    assert comment.decisions.count() == length + 1
    latest = comment.decisions.latest("pk")
    assert (latest.from_status, latest.to_status) == (before, after)
    assert (latest.by, latest.rule, latest.reason, latest.at) == (moderator, "", "Because.", NOW)


@pytest.mark.parametrize("state", VERBS)
def test_the_question_the_fact_and_the_verb_agree(state):
    comment = make_in_state(state)
    assert comment.is_held is (state == "held") is Comment.objects.held().exists()
    assert comment.is_approved is (state == "approved") is Comment.objects.approved().exists()
    assert Comment.objects.public().exists() is (state == "approved")
    assert Comment.objects.under(comment.article).exists() is (state == "approved")


def test_everything_can_be_undone_and_done_again():
    comment, moderator = make_comment(), make_staff("Moderators")
    comment.mark_spam(by=moderator)
    comment.restore(by=moderator)
    comment.approve(by=moderator)
    comment.restore(by=moderator)
    comment.reject(by=moderator)
    assert record(comment) == [
        ("", "held"),
        ("held", "spam"),
        ("spam", "held"),
        ("held", "approved"),
        ("approved", "held"),
        ("held", "rejected"),
    ]


def test_a_decision_starts_from_what_another_moderator_left():
    comment = make_comment()
    seen_by_one, seen_by_other = (Comment.objects.get(pk=comment.pk) for _ in range(2))
    one, other = make_staff("Moderators"), make_staff("Moderators")
    assert seen_by_one.approve(by=one) is True
    assert seen_by_other.approve(by=other) is False
    assert seen_by_other.is_approved
    third = Comment.objects.get(pk=comment.pk)
    seen_by_one.mark_spam(by=one)
    assert third.reject(by=other) is True
    assert record(comment)[-2:] == [("approved", "spam"), ("spam", "rejected")]


def test_a_decision_writes_the_state_alone():
    comment = make_comment(name="Hana")
    stale = Comment.objects.get()
    Comment.objects.update(name="Hana W.")
    stale.approve(by=make_staff("Moderators"))
    comment.refresh_from_db()
    assert (comment.name, comment.status) == ("Hana W.", "approved")


def test_a_decision_that_cannot_be_recorded_is_not_made(monkeypatch):
    comment = make_comment()

    def fail(*args, **fields):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Decision.objects, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        comment.approve(by=make_staff("Moderators"))
    assert Comment.objects.get().is_held


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_nobody_decides_anonymously(verb):
    with pytest.raises(TypeError):
        verb(make_comment())


def test_what_is_gone_cannot_be_decided_on():
    comment = make_comment()
    comment.pk = 10**9
    with pytest.raises(ObjectDoesNotExist):
        comment.approve(by=make_staff("Moderators"))


# --- The record is final ----------------------------------------------------------------------


def a_decision():
    return make_in_state("approved").decisions.get(rule="")


def forged(decision):
    """Another decision under the key of this one."""
    return Decision(
        pk=decision.pk, comment=decision.comment, rule="forged", to_status="spam", at=NOW
    )


def change_and_save(decision):
    decision.rule = "another"
    decision.save()


def change_and_save_one_field(decision):
    decision.rule = "another"
    decision.save(update_fields=["rule"])


CHANGES = {
    "save": change_and_save,
    "save a field": change_and_save_one_field,
    "delete": lambda decision: decision.delete(),
    "update": lambda decision: Decision.objects.update(rule="another"),
    "update some": lambda decision: Decision.objects.filter(pk=decision.pk).update(rule="x"),
    "delete all": lambda decision: Decision.objects.all().delete(),
    "bulk update": lambda decision: Decision.objects.bulk_update([decision], ["rule"]),
    "update or create": lambda decision: Decision.objects.update_or_create(
        pk=decision.pk, defaults={"rule": "another"}
    ),
    "write over": lambda decision: forged(decision).save(),
    "write over in bulk": lambda decision: Decision.objects.bulk_create(
        [forged(decision)],
        update_conflicts=True,
        update_fields=["rule", "to_status"],
        unique_fields=["id"],
    ),
    "related update": lambda decision: decision.comment.decisions.update(rule="another"),
    "related delete": lambda decision: decision.comment.decisions.all().delete(),
    "related some": lambda decision: decision.comment.decisions.filter(rule="").delete(),
}
# Django's add() and set() go through the model's base manager, which is a plain one.
MOVES = {
    "move": lambda decision: make_comment().decisions.add(decision),
    "move as a set": lambda decision: make_comment().decisions.set([decision]),
}


@pytest.mark.parametrize(
    "change",
    [pytest.param(change, id=name) for name, change in (CHANGES | MOVES).items()],
)
def test_a_decision_is_neither_changed_nor_deleted(change):
    decision = a_decision()
    before = list(Decision.objects.filter(comment=decision.comment).order_by("pk").values())
    with pytest.raises((RecordsAreFinal, IntegrityError)), transaction.atomic():
        change(decision)
    after = Decision.objects.filter(comment_id=before[0]["comment_id"]).order_by("pk").values()
    assert list(after) == before


@pytest.mark.parametrize(
    "delete",
    [
        lambda comment: comment.delete(),
        lambda comment: Comment.objects.all().delete(),
        lambda comment: comment.decisions.get(rule="").by.delete(),
        lambda comment: comment.commenter.delete(),
        lambda comment: comment.article.delete(),
    ],
    ids=["reply", "all replies", "moderator", "sender", "piece"],
)
def test_nothing_that_a_decision_is_about_can_be_deleted(delete):
    comment = make_in_state("approved")
    with pytest.raises(ProtectedError), transaction.atomic():
        delete(comment)
    assert Comment.objects.get().is_approved


def test_a_reply_that_was_answered_cannot_be_deleted():
    article = make_article()
    first = make_approved(article=article)
    make_approved(article=article, parent=first)
    with pytest.raises(ProtectedError), transaction.atomic():
        first.delete()


# --- What the database promises ---------------------------------------------------------------


@pytest.mark.parametrize("who", ["nobody", "a person and a rule"])
def test_either_a_person_or_a_rule_decided(who):
    fields = {"rule": "", "by": None} if who == "nobody" else {"rule": "x", "by": make_staff()}
    with pytest.raises(IntegrityError, match="a_person_or_a_rule_decided"), transaction.atomic():
        Decision.objects.create(comment=make_comment(), to_status="held", **fields)


@pytest.mark.parametrize("missing", ["parent", "thread"])
def test_an_answer_belongs_to_a_thread(missing):
    article = make_article()
    first = make_approved(article=article)
    answer = make_comment(article=article, parent=first)
    change = Comment.objects.filter(pk=answer.pk)
    with pytest.raises(IntegrityError, match="an_answer_belongs_to_a_thread"), transaction.atomic():
        change.update(**{missing: None})


def test_what_stands_for_a_reply_or_a_decision_says_nothing_of_it():
    comment = make_in_state("approved", name="Hana", text="Secret.", email="hana@example.org")
    assert str(comment) == f"Reply {comment.pk}"
    assert str(comment.commenter) == f"Sender {comment.commenter_id}"
    assert [str(each) for each in comment.decisions.order_by("pk")] == [
        "new → held",
        "held → approved",
    ]
