"""Replies that arrive at the same moment, in threads with a connection each."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Commenter, Decision, Finding, Standing
from comments.posting import SameTextAgain
from comments.tests.factories import make_comment, make_draft, post_reply, sender_of
from comments.tests.reading import by_id, page, text_of
from newsroom.tests.at_once import in_threads

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
__all__ = ["in_threads"]

AT_ONCE = 10
KEY = "0123456789abcdef" * 2


@pytest.fixture(params=["new sender", "known sender"])
def before(request):
    """What is stored before: nothing, or an older reply of the same sender.

    A new sender's row is made, a known one's is locked: two ways to be taken in turn.
    """
    if request.param == "new sender":
        return 0
    make_comment(email="hana@example.org")
    Comment.objects.update(submitted_at=timezone.now() - timedelta(days=1))
    return 1


def stored():
    return [model.objects.count() for model in (Comment, Commenter, Decision)]


def outcome(response):
    """Where the answer leads, else what it says."""
    if response.status_code == 303:
        return "taken", response["Location"]
    return response.status_code, text_of(by_id(page(response), "content"))


def test_each_thread_sees_the_same_database(in_threads):
    """Else the tests below would prove nothing."""
    article = make_article()
    in_threads(lambda: Comment.objects.submit(make_draft(article=article)))
    assert in_threads(Comment.objects.count, Comment.objects.count) == [1, 1]


def test_the_same_keyed_post_sent_ten_times_at_once_is_one_reply(in_threads, before):
    article = make_article()

    def post():
        return outcome(post_reply(Client(), article, comment="Once.", key=KEY))

    answers = in_threads(*[post] * AT_ONCE)
    assert {answer[0] for answer in answers} == {"taken"}
    assert len(set(answers)) == 1
    assert in_threads(stored) == [[before + 1, 1, before + 1]]
    assert in_threads(Finding.objects.count) == [before + 1]


def test_the_same_post_without_a_key_sent_ten_times_at_once_is_one_reply(in_threads, before):
    article = make_article()

    def post():
        response = post_reply(Client(), article, comment="Once.")
        return response.status_code, "We already have this reply" in response.content.decode()

    answers = in_threads(*[post] * AT_ONCE)
    assert sorted(answers) == [(200, True)] * (AT_ONCE - 1) + [(303, False)]
    assert in_threads(stored) == [[before + 1, 1, before + 1]]


def test_of_one_senders_different_replies_at_once_all_but_one_are_seen_as_hasty(in_threads, before):
    article = make_article()

    def submit(number):
        draft = make_draft(article=article, text=f"No. {number}.", email="hana@example.org")
        return Comment.objects.submit(draft).comment.pk

    replies = in_threads(*[lambda number=number: submit(number) for number in range(AT_ONCE)])
    assert len(set(replies)) == AT_ONCE
    assert in_threads(stored) == [[before + AT_ONCE, 1, before + AT_ONCE]]
    hasty = Finding.objects.filter(rule="pace_of_sender")
    assert in_threads(hasty.count) == [AT_ONCE - 1]


def test_replies_of_many_senders_at_once_are_all_taken(in_threads):
    article = make_article()

    def post(number):
        email, text = f"sender-{number}@example.org", f"No. {number}."
        return outcome(post_reply(Client(), article, comment=text, email=email, key=KEY))

    answers = in_threads(*[lambda number=number: post(number) for number in range(AT_ONCE)])
    assert {answer[0] for answer in answers} == {"taken"}
    assert len(set(answers)) == AT_ONCE
    assert in_threads(stored) == [[AT_ONCE, AT_ONCE, AT_ONCE]]


def test_the_same_words_under_many_keys_at_once_are_taken_once(in_threads, before):
    article = make_article()

    def submit(number):
        draft = make_draft(
            article=article, text="Once.", email="hana@example.org", key=f"{KEY}{number}"
        )
        try:
            Comment.objects.submit(draft)
        except SameTextAgain:
            return "refused"
        return "taken"

    answers = in_threads(*[lambda number=number: submit(number) for number in range(AT_ONCE)])
    assert sorted(answers) == ["refused"] * (AT_ONCE - 1) + ["taken"]
    assert in_threads(stored) == [[before + 1, 1, before + 1]]


def test_two_moderators_at_once_leave_one_decision(in_threads):
    article = make_article()
    moderators = [make_staff("Moderators") for _ in range(AT_ONCE)]
    draft = make_draft(article=article)
    (number,) = in_threads(lambda: Comment.objects.submit(draft).comment.pk)

    def approve(moderator):
        return Comment.objects.get(pk=number).approve(by=moderator)

    answers = in_threads(*[lambda by=by: approve(by) for by in moderators])
    assert sorted(answers) == [False] * (AT_ONCE - 1) + [True]
    (decisions,) = in_threads(lambda: Decision.objects.filter(rule="").count())
    assert decisions == 1


def test_erasing_while_the_sender_writes_leaves_nobody_in_between(in_threads):
    article = make_article()
    first = make_comment(article=article, email="hana@example.org")
    drafts = [make_draft(article=article, email="hana@example.org") for _ in range(3)]

    def erase():
        return Comment.objects.get(pk=first.pk).erase(rule="erased_by_its_author")

    in_threads(erase, *[lambda draft=draft: Comment.objects.submit(draft) for draft in drafts])
    (rows,) = in_threads(lambda: list(Comment.objects.values_list("pk", "status", "commenter")))
    (senders,) = in_threads(lambda: list(Commenter.objects.values_list("pk", flat=True)))
    assert [row for row in rows if row[0] == first.pk] == [(first.pk, "erased", None)]
    others = [row for row in rows if row[0] != first.pk]
    assert len(others) == 3
    assert {row[2] for row in others} == set(senders)
    assert len(senders) == 1


def test_moderators_who_block_a_sender_at_once_leave_one_block(in_threads):
    sender, by = sender_of(make_comment()), make_staff("Moderators")

    def count():
        return Standing.objects.count(), Standing.objects.in_force().count()

    in_threads(*[lambda: sender.block(by=by)] * 6)
    assert in_threads(count) == [(6, 1)]
