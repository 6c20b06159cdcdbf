"""Replies that move in while readers write, in threads with a connection each."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from articles.importers.wordpress.records import PostRecord, ReplyRecord
from articles.importers.wordpress.reporting import Reporting
from articles.models import Moved, MovedKind, MoveReport, OldSite
from articles.tests.factories import make_article, make_staff
from comments.importers.wordpress_replies import bring
from comments.models import Comment, Commenter, Decision
from comments.tests.factories import make_approved, post_reply
from comments.tests.test_concurrent_posting import in_threads as in_threads

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

COUNT = 40


def moving(site, by, article, *, first=1):
    """Brings COUNT replies with the numbers from `first` on, of ten senders."""
    at = datetime(2020, 1, 5, tzinfo=UTC)
    replies = tuple(
        ReplyRecord(
            number=first + n,
            text=f"What I thought, number {first + n}.",
            name="Hana",
            email=f"reader-{n % 10}@example.org",
            at=at + timedelta(minutes=n),
            parent=first + n - 1 if n % 3 == 1 else 0,
        )
        for n in range(COUNT)
    )
    report = Reporting(MoveReport.objects.create(site=site, by=by))

    def run():
        with transaction.atomic(), report:
            post = PostRecord(17, "post", "publish", replies=replies)
            bring(post, article, site=site, report=report, by=by)

    return run


def writing(article):
    """A reader who writes from an address that moves in as well."""

    def run():
        answers = [
            post_reply(
                Client(), article, comment=f"What I think, {n}.", email=f"reader-{n}@example.org"
            )
            for n in range(8)
        ]
        return [answer.status_code for answer in answers]

    return run


def test_two_sites_that_move_in_while_a_reader_writes_lose_nothing(in_threads):
    by, site = make_staff("Editors"), OldSite.objects.create(address="https://old.example.org")
    other = OldSite.objects.create(address="https://other.example.org")
    first, second, here = make_article(), make_article(), make_article()
    _one, answers, _two = in_threads(
        moving(site, by, first), writing(here), moving(other, by, second)
    )
    assert answers == [303] * 8

    def look():
        for article in (first, second):
            numbers = [each.former_number or each.pk for each in Comment.objects.under(article)]
            assert numbers == list(range(1, COUNT + 1))
        assert Comment.objects.filter(article=here).count() == 8
        # Whoever came first made the sender, and the others are the same.
        assert Commenter.objects.count() == 10

    in_threads(look)


def test_nothing_is_lost_of_what_moves_in_while_readers_write(in_threads):
    by, site = make_staff("Editors"), OldSite.objects.create(address="https://old.example.org")
    there, here = make_article(), make_article()

    def run_and_look():
        moving(site, by, there)()
        assert Comment.objects.filter(article=there).count() == COUNT
        moved = Moved.objects.filter(site=site, kind=MovedKind.REPLY)
        targets = dict(moved.values_list("old_key", "target"))
        for comment in Comment.objects.filter(article=there):
            old = comment.former_number or comment.pk
            assert targets[str(old)] == comment.pk
            assert f"number {old}." in comment.body

    in_threads(writing(here), run_and_look)


def test_the_next_reply_has_a_number_of_its_own(in_threads):
    by, site = make_staff("Editors"), OldSite.objects.create(address="https://old.example.org")
    there = make_article()
    moving(site, by, there)()
    assert set(Comment.objects.values_list("pk", flat=True)) == set(range(1, COUNT + 1))
    assert make_approved().pk > COUNT
    assert Decision.objects.filter(rule="moved_in").count() == COUNT
