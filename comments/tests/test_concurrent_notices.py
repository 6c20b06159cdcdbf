"""Mail about replies while several things happen at once, on connections of their own."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Mail, Subscription
from comments.notices.sending import send_due
from comments.tests.factories import make_comment, make_draft
from comments.tests.test_concurrent_posting import in_threads as in_threads

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("mail_worker"),
]

HANA = "hana@reader.example"
ALL = frozenset({"all"})


def test_an_address_typed_eight_times_at_once_is_asked_once(in_threads):
    drafts = [make_draft(email=HANA, notices=ALL) for _ in range(8)]

    def post(draft):
        return lambda: Comment.objects.submit(draft)

    def count():
        return Mail.objects.count(), Subscription.objects.count()

    in_threads(*map(post, drafts))
    assert in_threads(count) == [(1, 8)]


def test_workers_that_look_at_once_send_each_mail_once(in_threads):
    article, moderator = make_article(), make_staff("Moderators")
    for number in range(5):
        make_comment(article=article, email=f"reader-of-all-{number}@reader.example", notices=ALL)
    Subscription.objects.all().confirm()
    Mail.objects.all().delete()
    make_comment(article=article).approve(by=moderator)
    Mail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    Comment.objects.update(approved_at=timezone.now() - timedelta(minutes=6))
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=1))
    in_threads(send_due, send_due, send_due)
    assert len(mail.outbox) == 5
    assert len({message.to[0] for message in mail.outbox}) == 5


def test_people_who_post_and_moderators_who_decide_do_not_wait_for_each_other_in_a_ring(
    in_threads,
):
    """A sender's row, a piece and the outbox are locked in one order."""
    article, moderator = make_article(), make_staff("Moderators")
    waiting = []
    for number in range(4):
        email = f"ring-{number}@reader.example"
        waiting.append(make_comment(article=article, email=email, notices=ALL))
    Subscription.objects.all().confirm()
    Mail.objects.all().delete()
    Comment.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    drafts = [
        make_draft(article=article, email=f"ring-{number}@reader.example", notices=ALL)
        for number in range(4)
    ]

    def approve(comment):
        return lambda: comment.approve(by=moderator)

    def post(draft):
        return lambda: Comment.objects.submit(draft).comment.approve(by=moderator)

    assert all(in_threads(*map(approve, waiting), *map(post, drafts)))
