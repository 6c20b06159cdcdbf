"""What is said of what waits, by what was learned."""

import pytest

from articles.tests.factories import make_staff
from comments import tasks
from comments.learning import RULE, predicting, stored, training
from comments.models import Comment, Decision, LearnedModel, Policy, Prediction
from comments.queue import Choice
from comments.tests.factories import make_comment
from comments.tests.learned import make_decided, make_likely, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_staff("Moderators")


@pytest.fixture
def learned(by):
    make_decided(240, by=by)
    return training.learn()


def test_what_waits_is_read_and_the_surest_comes_first(learned):
    good = make_comment(text="The council: a fine report on our garden, well written.")
    bad = make_comment(text="You idiots, stupid liars, shut up!")
    spam = make_comment(text="Cheap casino bonus, win money, buy pills")
    unclear = make_comment(text="Zyx qwv.")
    tasks.predict_waiting.call()
    likely = {each.pk: each.likely for each in Comment.objects.held()}
    assert (likely[good.pk], likely[bad.pk], likely[spam.pk]) == ("approve", "reject", "spam")
    first = list(Choice.parse({"order": "likely"}).from_here())
    assert [each.sure for each in first] == sorted((each.sure for each in first), reverse=True)
    assert first[-1] == unclear
    assert first[0].sure > unclear.sure


def test_it_says_which_words_and_facts_weighed(learned):
    comment = make_comment(text="Cheap casino bonus, my friends.")
    predicting.predict_waiting()
    weighed = Prediction.objects.get(comment=comment).weighed
    words = {code for is_fact, code, weight in weighed if weight > 0 and not is_fact}
    assert {"cheap casino", "casino bonus", "casino"} & words
    assert len(weighed) <= predicting.MOST_SHOWN
    assert all(isinstance(weight, float) for _is_fact, _code, weight in weighed)


def test_each_is_read_once_and_again_when_it_changes_or_something_new_was_learned(learned, by):
    comment = make_comment(text="Cheap casino bonus.")
    assert predicting.predict_waiting() == 1
    assert predicting.predict_waiting() == 0
    comment.edit("The council wrote a fine report.", seen=comment.as_seen)
    assert predicting.predict_waiting() == 1
    assert "casino" not in str(comment.prediction.weighed)
    comment.refresh_from_db()
    assert comment.likely == "approve"
    training.learn()
    assert predicting.predict_waiting() == 1


def test_what_was_decided_or_erased_meanwhile_stays_as_it_is(learned, by):
    comment, erased = make_comment(text="Cheap casino."), make_comment(text="Cheap pills.")
    guessed = list(predicting._guess(stored.unpack(learned), [comment.pk, erased.pk]))
    comment.reject(by=by)
    erased.erase(by=by)
    assert predicting._write(learned, guessed) == 0
    assert not Prediction.objects.exists()


def test_reading_many_asks_as_often_as_reading_few(learned, django_assert_max_num_queries):
    for number in range(12):
        make_comment(text=f"Cheap casino number {number}.")
    with django_assert_max_num_queries(14):
        assert predicting.predict_waiting() == 12


def test_erasing_a_reply_takes_what_was_said_of_it(learned, by):
    comment = make_comment(text="Cheap casino bonus.")
    predicting.predict_waiting()
    comment.erase(by=by)
    comment.refresh_from_db()
    assert (comment.likely, comment.sure) == ("", 0)
    assert not Prediction.objects.exists()


def test_of_what_no_longer_waits_the_words_go_and_what_waits_keeps_them(by):
    model = make_model()
    decided, waits = make_likely("spam", 90, model), make_likely("spam", 90, model)
    decided.mark_spam(by=by)
    Prediction.objects.due_for_erasure().delete()
    assert list(Prediction.objects.values_list("comment", flat=True)) == [waits.pk]


def test_what_cannot_be_read_is_thrown_away_and_nothing_decided(learned, by):
    Policy(learned_rejects_from=80).save()
    make_comment(text="Cheap casino bonus.")
    LearnedModel.objects.update(weights=b"cposix\nsystem\n(S'true'\ntR.")
    tasks.predict_waiting.call()
    assert not LearnedModel.objects.exists()
    assert not Decision.objects.filter(rule=RULE).exists()
