"""Taking back what a moderator did: decisions, picks, changes of the text, blocks."""

from datetime import timedelta

import pytest

from articles.tests.factories import make_staff
from comments import undoing
from comments.deciding import decide
from comments.explanations import explain
from comments.meanwhile import DecidedMeanwhile
from comments.models import Comment, Decision, Policy, SecondLook, Standing
from comments.models.second_look import ForAnotherModerator
from comments.tests.factories import VERBS, make_approved, make_comment, sender_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_staff("Moderators")


def take_back_last(user):
    last = undoing.last_by(user)
    assert last is not None
    return undoing.undo(last, by=user)


def now(comment):
    return Comment.objects.get(pk=comment.pk)


@pytest.mark.parametrize("state", ["approved", "rejected", "spam"])
def test_a_decision_is_taken_back_and_both_stay_on_record(moderator, state):
    comment = make_comment()
    VERBS[state](comment, by=moderator)
    decided = comment.decisions.latest("pk")
    undone = take_back_last(moderator)
    assert now(comment).is_held and now(comment).article.reply_count == 0
    assert (undone.kind, undone.undoes, undone.by) == ("undone", decided, moderator)
    assert (undone.from_status, undone.to_status) == (state, "held")
    assert Decision.objects.filter(pk=decided.pk).exists()


def test_one_after_the_other_is_taken_back_and_nothing_twice(moderator):
    first, second = make_comment(), make_comment()
    first.approve(by=moderator)
    second.reject(by=moderator)
    assert take_back_last(moderator).comment == second
    assert take_back_last(moderator).comment == first
    assert undoing.last_by(moderator) is None
    with pytest.raises(undoing.NotUndone):
        undoing.undo(first.decisions.get(to_status="approved"), by=moderator)


def test_what_others_did_is_theirs_and_yesterdays_is_left(moderator, clock):
    make_comment().approve(by=make_staff("Moderators"))
    assert undoing.last_by(moderator) is None
    with pytest.raises(undoing.NotUndone):
        undoing.undo(Decision.objects.get(to_status="approved"), by=moderator)
    make_comment().reject(by=moderator)
    clock.shift(timedelta(days=1, seconds=1))
    assert undoing.last_by(moderator) is None


def test_what_somebody_decided_since_is_not_undone(moderator):
    other = make_staff("Moderators", username="maria")
    comment = make_comment()
    comment.approve(by=moderator)
    comment.reject(by=other)
    with pytest.raises(DecidedMeanwhile, match="maria rejected it"):
        take_back_last(moderator)
    assert now(comment).status == "rejected"


def test_a_refusal_taken_back_lets_the_reply_stand_as_it_stood(moderator, clock):
    comment = make_approved()
    since = now(comment).approved_at
    clock.shift(timedelta(hours=1))
    comment.reject(by=moderator, reason="By mistake.")
    take_back_last(moderator)
    assert now(comment).is_approved and now(comment).approved_at == since


def test_the_author_is_told_as_if_it_had_not_been(moderator):
    Policy(replies="open", watched_words="vermouth").save()
    comment = make_comment(text="Vermouth, please.")
    before = explain(comment)
    comment.reject(by=moderator, reason="By mistake.")
    take_back_last(moderator)
    assert explain(now(comment)) == before


def test_a_pick_is_taken_back(moderator):
    comment = make_approved()
    comment.feature(by=moderator)
    take_back_last(moderator)
    assert not now(comment).is_featured
    comment.feature(by=moderator)
    comment.unfeature(by=moderator)
    take_back_last(moderator)
    assert now(comment).is_featured
    comment.unfeature(by=make_staff("Moderators"))
    with pytest.raises(undoing.NotUndone):
        undoing.undo(comment.decisions.filter(kind="featured").latest("pk"), by=moderator)


def test_a_change_of_the_text_is_taken_back_with_its_findings_and_its_mark(moderator):
    Policy(replies="open", watched_words="vermouth").save()
    comment = make_approved(text="Vermouth for Hana.")
    for text in ("Vermouth for somebody.", "A drink for somebody."):
        comment.correct(text, by=moderator, seen=comment.as_seen)
    assert not comment.findings.filter(rule="watched_words").exists()
    take_back_last(moderator)
    assert now(comment).body == "Vermouth for somebody."
    assert comment.findings.filter(rule="watched_words").exists()
    assert now(comment).corrected_at is not None
    take_back_last(moderator)
    again = now(comment)
    assert (again.body, again.corrected_at) == ("Vermouth for Hana.", None)
    assert again.body_html == "<p>Vermouth for Hana.</p>" and again.version == 5
    assert again.former_texts.count() == 4


def test_a_text_that_somebody_changed_since_stays(moderator):
    comment = make_approved(text="Hana lives there.")
    comment.correct("She lives there.", by=moderator, seen=comment.as_seen)
    comment.correct("Somebody does.", by=make_staff("Moderators"), seen=comment.as_seen)
    with pytest.raises(undoing.NotUndone):
        take_back_last(moderator)
    assert now(comment).body == "Somebody does."


def test_a_second_look_that_was_decided_waits_again(moderator):
    comment = make_comment()
    comment.reject(by=make_staff("Moderators"))
    comment.ask_again("Please.")
    comment.reject(by=moderator)
    assert SecondLook.objects.get().is_upheld
    undone = take_back_last(moderator)
    assert SecondLook.objects.get().is_waiting and now(comment).status == "rejected"
    assert undone.undoes.kind == "looked_again"
    comment.approve(by=moderator)
    take_back_last(moderator)
    assert SecondLook.objects.get().is_waiting and now(comment).status == "rejected"


def test_who_refused_it_cannot_pass_by_the_second_look(moderator):
    make_comment().approve(by=make_staff("Moderators"))
    comment = make_comment()
    comment.reject(by=moderator)
    comment.ask_again()
    with pytest.raises(ForAnotherModerator):
        undoing.undo(comment.decisions.get(kind="state", by=moderator), by=moderator)
    assert now(comment).status == "rejected"


def test_an_answer_of_the_newsroom_is_taken_back(moderator):
    asked = make_approved()
    answer = Comment.objects.answer(asked.article, parent=asked, text="Yes.", by=moderator)
    take_back_last(moderator)
    assert not Comment.objects.approved().filter(pk=answer.pk).exists()
    assert asked.article.comments.approved().count() == 1


def test_a_block_is_taken_back_and_what_it_replaced_counts_again(moderator):
    comment = make_comment()
    sender, giver = sender_of(comment), make_staff("Moderators")
    sender.trust(by=giver, reason="Known for years.")
    record = Decision.objects.record(
        comment, by=moderator, from_status="held", to="held", kind="blocked"
    )
    sender.block(by=moderator, decision=record)
    take_back_last(moderator)
    standing = Standing.objects.in_force().get()
    assert (standing.kind, standing.by, standing.reason) == ("trusted", giver, "Known for years.")
    with pytest.raises(undoing.NotUndone):
        undoing.undo(record, by=moderator)


def test_a_block_that_somebody_lifted_is_not_lifted_again(moderator):
    comment = make_comment()
    record = Decision.objects.record(
        comment, by=moderator, from_status="held", to="held", kind="blocked"
    )
    sender_of(comment).block(by=moderator, decision=record)
    sender_of(comment).lift(by=make_staff("Moderators"))
    with pytest.raises(undoing.NotUndone):
        undoing.undo(record, by=moderator)


def test_of_an_erased_reply_nothing_is_taken_back(moderator):
    comment = make_comment()
    comment.reject(by=moderator)
    rejected = comment.decisions.latest("pk")
    comment.erase(rule="retention")
    with pytest.raises(undoing.NotUndone):
        undoing.undo(rejected, by=moderator)
    assert decide(comment, Comment.Status.HELD, by=moderator) is False


def test_a_text_that_its_author_has_changed_since_is_not_made_public_unread(moderator):
    comment = make_approved(text="Fine.")
    comment.restore(by=moderator)
    now(comment).edit("Nobody has read this.", seen=now(comment).as_seen)
    with pytest.raises(undoing.NotUndone, match="changed again since"):
        take_back_last(moderator)
    assert now(comment).is_held


def test_what_somebody_let_out_without_a_number_does_not_get_it_back(moderator):
    comment = make_comment(text="Call 555 1234.")
    comment.correct("Call.", by=moderator, seen=comment.as_seen)
    now(comment).approve(by=make_staff("Moderators", username="maria"))
    with pytest.raises(DecidedMeanwhile, match="maria approved it"):
        take_back_last(moderator)
    assert now(comment).body == "Call."
