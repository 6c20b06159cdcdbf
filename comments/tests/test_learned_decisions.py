"""What is decided by what was learned, where the rules of the site say so."""

import pytest
from django.utils import timezone

from articles.models import Article, Replies
from articles.tests.factories import make_article, make_staff
from comments.explanations import explain
from comments.learning import RULE, acting
from comments.learning.acting import SAMPLE
from comments.learning.obvious import groups
from comments.learning.record import Side
from comments.models import Comment, Policy, Prediction
from comments.queue import Choice
from comments.tests.factories import make_comment
from comments.tests.learned import make_likely, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_staff("Moderators")


def rules(**fields):
    Policy(**fields).save()


def test_it_decides_nothing_unless_the_rules_say_so(by):
    model = make_model()
    make_likely("approve", 99, model), make_likely("spam", 99, model)
    assert acting.decide_the_obvious() == 0
    assert Comment.objects.held().exclude(likely="").count() == 2


def test_from_the_threshold_on_it_decides_and_the_log_says_so(by):
    model = make_model()
    shown, below, spam, bad = (
        make_likely("approve", 97, model),
        make_likely("approve", 96, model),
        make_likely("spam", 98, model),
        make_likely("reject", 98, model),
    )
    rules(learned_approves_from=97, learned_rejects_from=98)
    assert acting.decide_the_obvious() == 3
    states = {each.pk: each.status for each in Comment.objects.exclude(likely="")}
    assert states == {
        shown.pk: "approved",
        below.pk: "held",
        spam.pk: "spam",
        bad.pk: "rejected",
    }
    decision = shown.decisions.get(rule=RULE)
    assert (decision.by, decision.to_status) == (None, "approved")
    assert "97 %" in decision.reason
    assert "second look" in explain(bad.__class__.objects.get(pk=bad.pk)).reason


@pytest.mark.parametrize(("precision", "known"), [(96, 100), (99, 49)])
def test_a_record_that_does_not_support_the_threshold_stops_it(precision, known):
    model = make_model(precision=precision, count=known)
    make_likely("approve", 99, model)
    rules(learned_approves_from=97)
    assert acting.decide_the_obvious() == 0


def test_what_is_for_a_person_is_left_to_one(by):
    model, section_held = make_model(), make_article()
    section_held.section.replies = Replies.HELD
    section_held.section.save()
    held_piece = make_article(replies=Replies.HELD)
    for left in (
        make_likely("approve", 99, model, text="Write to me: hana@example.org"),
        make_likely("approve", 99, model, article=held_piece),
        make_likely("approve", 99, model, article=section_held),
        (restored := make_likely("approve", 99, model)),
        (reported := make_likely("approve", 99, model)),
        (older := make_likely("approve", 99, model)),
        (changed := make_likely("approve", 99, model)),
    ):
        assert left.is_held
    restored.reject(by=by)
    restored.restore(by=by)
    Comment.objects.filter(pk=reported.pk).update(reported_at=timezone.now())
    Comment.objects.filter(pk=older.pk).update(approved_at=timezone.now())
    Comment.objects.filter(pk=changed.pk).update(version=2)
    rules(learned_approves_from=90)
    assert acting.decide_the_obvious() == 0


def test_what_another_model_said_decides_nothing():
    make_likely("approve", 99, make_model())
    make_model()
    rules(learned_approves_from=90)
    assert acting.decide_the_obvious() == 0


def test_one_of_twenty_waits_for_a_person_all_the_same():
    model, article = make_model(), make_article()
    numbers = []
    for _ in range(SAMPLE):
        comment = make_comment(article=article)
        Comment.objects.filter(pk=comment.pk).update(likely="spam", sure=99)
        Prediction.objects.create(comment=comment, model=model, version=1)
        numbers.append(comment.pk)
    rules(learned_rejects_from=90)
    acting.decide_the_obvious()
    assert [each.pk % SAMPLE for each in Comment.objects.held()] == [0]


def test_the_sites_own_all_held_gives_way_to_the_threshold_beside_it():
    comment = make_likely("approve", 99, make_model())
    rules(replies=Replies.HELD, learned_approves_from=90)
    assert acting.decide_the_obvious() == 1
    assert Article.objects.get(pk=comment.article_id).reply_count == 1


def test_the_obvious_is_counted_in_one_question_and_links_to_the_queue(
    django_assert_num_queries,
):
    model = make_model()
    approve = [make_likely("approve", 96, model) for _ in range(2)]
    make_likely("spam", 94, model)
    with django_assert_num_queries(1):
        (group,) = groups()
    assert (group.likely, group.count) == ("approve", 2)
    query = dict(pair.split("=") for pair in group.query.split("&"))
    assert query == {"likely": "approve", "sure": "95", "order": "likely"}
    assert set(Choice.parse(query).replies()) == set(approve)


def test_the_obvious_is_confirmed_together_on_the_page_of_a_batch(client, by):
    model = make_model()
    for _ in range(3):
        make_likely("spam", 97, model)
    client.force_login(by)
    (group,) = groups()
    page = client.get(f"/admin/comments/queue/batches/new/?{group.decision}").content.decode()
    assert "3 replies" in page
    for shown_on in ("queue/?order=likely", "learned/"):
        links = client.get(f"/admin/comments/{shown_on}").content.decode()
        assert "sure=95&amp;decision=spam" in links


def test_where_a_spam_service_is_asked_it_lets_nothing_out(by, settings):
    model = make_model()
    good, bad = make_likely("approve", 99, model), make_likely("reject", 99, model)
    rules(learned_approves_from=97, learned_rejects_from=98)
    settings.AKISMET_URL = "http://127.0.0.1:9/1.1/comment-check"
    assert acting.decide_the_obvious() == 1
    states = {each.pk: each.status for each in Comment.objects.exclude(likely="")}
    assert states == {good.pk: "held", bad.pk: "rejected"}


def test_what_has_become_likely_otherwise_meanwhile_is_left(by):
    comment = make_likely("approve", 99, make_model())
    Comment.objects.filter(pk=comment.pk).update(likely="spam")
    assert comment.likely == "approve"
    assert not acting._decide(comment, Side.APPROVE)
    assert Comment.objects.get(pk=comment.pk).is_held
