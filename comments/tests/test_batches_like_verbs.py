"""A batch does to each reply what the verbs would have done to it, one after the other."""

import contextlib
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from articles.models import Activity, Article
from articles.tests.factories import make_article, make_staff
from comments import batches, undoing
from comments.meanwhile import DecidedMeanwhile
from comments.models import (
    Batch,
    Comment,
    Decision,
    Mail,
    Report,
    SecondLook,
    Subscription,
)
from comments.models.second_look import ForAnotherModerator
from comments.tests.factories import VERBS, make_comment
from tests.soak import SEED, size

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

STATES = ("held", "held", "approved", "rejected", "spam")


@pytest.fixture(autouse=True)
def _in_small_chunks(monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 7)
    monkeypatch.setattr(batches, "BREATH", 0)


def subscribe(chance, comment):
    for kind in Subscription.Kind.values:
        if chance.random() < 0.5:
            Subscription.objects.get_or_create(
                sender=comment.commenter,
                article=comment.article,
                kind=kind,
                defaults={
                    "asked_at": timezone.now(),
                    "confirmed_at": chance.choice([None, timezone.now()]),
                    "told_until": chance.choice([None, timezone.now()]),
                },
            )


def report(chance, comment):
    for number in range(chance.choice([1, 2])):
        Report.objects.create(comment=comment, reason="spam", network=str(number))
    Comment.objects.filter(pk=comment.pk).update(reported_at=timezone.now())


def make_world(chance, clock, moderators, count):
    """Replies in all states: answered, reported, to be looked at again, with notices wanted."""
    pieces = [make_article() for _ in range(3)]
    made: list[Comment] = []
    for number in range(count):
        clock.shift(timedelta(minutes=chance.choice([0, 1, 50])))
        article = chance.choice(pieces)
        above = [each for each in made if each.article_id == article.pk and each.is_approved]
        parent = chance.choice(above) if above and chance.random() < 0.5 else None
        email = f"reader-{chance.randrange(5)}@example.org"
        comment = make_comment(
            article=article, parent=parent, email=email, text=f"What I think, {number}."
        )
        subscribe(chance, comment)
        VERBS[chance.choice(STATES)](comment, by=chance.choice(moderators))
        if comment.is_refused and chance.random() < 0.5:
            comment.ask_again("Please.")
        if chance.random() < 0.3:
            report(chance, comment)
        made.append(comment)
    clock.shift(timedelta(minutes=chance.choice([1, 5000])))
    return made


def rows(queryset, *fields):
    return sorted(queryset.values_list(*fields), key=repr)


def everything():
    """All that a decision may leave behind, but for the numbers of new rows."""
    return {
        "replies": rows(
            *(Comment.objects.all(), "pk", "status", "approved_at", "reported_at"),
            *("version", "shown_in_thread"),
        ),
        "pieces": rows(Article.objects.all(), "pk", "reply_count"),
        "hours": rows(Activity.objects.all(), "article", "hour", "replies"),
        "decisions": rows(
            *(Decision.objects.all(), "comment", "by", "rule", "kind", "from_status"),
            *("to_status", "canned", "at", "given__text", "given__note", "undoes__comment"),
        ),
        "looks": rows(
            SecondLook.objects.all(), "comment", "decided_at", "decided_by", "outcome", "words"
        ),
        "mails": rows(
            *(Mail.objects.all(), "sender", "kind", "article", "comment", "due_at"),
            *("sent_at", "dropped_at"),
        ),
        "reports": rows(Report.objects.all(), "comment", "network", "decision__to_status"),
    }


def decide_singly(numbers, state, by):
    for number in numbers:
        comment = Comment.objects.get(pk=number)
        with contextlib.suppress(ForAnotherModerator):
            VERBS[state](comment, by=by, reason="So it is.", note="All alike.", seen=1)


def decide_together(numbers, state, by):
    chosen = Comment.objects.filter(pk__in=numbers)
    batch = Batch.objects.begin(chosen, state, by=by, reason="So it is.", note="All alike.")
    batches.work(batch.pk)
    batch.refresh_from_db()
    assert batch.decided + batch.skipped == batch.total == len(numbers)
    assert batch.decided == batch.decisions.count()
    return batch


def undo_singly(by):
    for decision in Decision.objects.filter(by=by, given__note="All alike.").order_by("pk"):
        with contextlib.suppress(ForAnotherModerator, DecidedMeanwhile):
            undoing.undo(decision, by=by)


def disturb(chance, made, by):
    """Somebody else decides on some, and authors ask for second looks."""
    for each in chance.sample(made, k=len(made) // 4):
        comment = Comment.objects.get(pk=each.pk)
        try:
            VERBS[chance.choice(STATES)](comment, by=by)
        except ForAnotherModerator:
            continue
        if comment.is_refused and chance.random() < 0.5:
            comment.ask_again("Again, please.")


@pytest.mark.parametrize("state", VERBS)
def test_a_batch_and_its_undoing_leave_what_the_verbs_would_have_left(clock, state):
    for seed in range(size(small=2, full=40)):
        chance = Random(f"{SEED} {state} {seed}")
        moderators = [make_staff("Moderators") for _ in range(3)]
        made = make_world(chance, clock, moderators, count=30)
        numbers = sorted(each.pk for each in chance.sample(made, k=24))
        decider, later = moderators[0], chance.random()
        outcomes = []
        for is_batch in (False, True):
            with transaction.atomic():
                decide = decide_together if is_batch else decide_singly
                batch = decide(numbers, state, decider)
                outcome = [everything()]
                disturb(Random(later), made, moderators[1])
                if is_batch:
                    batch.undo(by=decider)
                    batches.work(batch.pk)
                else:
                    undo_singly(decider)
                outcomes.append([*outcome, everything()])
                transaction.set_rollback(True)
        for one, other in zip(*outcomes, strict=True):
            for what in one:
                assert other[what] == one[what], what
