"""How many replies readers see under a piece: kept beside it, and always right."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import ProtectedError

from articles.models import Activity, Article
from articles.models.activity import KEPT
from articles.tests.factories import make_article, make_staff, save_version
from comments.models import Comment
from comments.tests.factories import make_approved, make_comment, make_draft, make_many_approved
from newsroom.inserting import inserted
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

VERBS = [Comment.approve, Comment.reject, Comment.mark_spam, Comment.restore]


def counted():
    """By piece, and by piece and hour."""
    pieces = {each.pk: each.reply_count for each in Article.objects.all()}
    hours = {(row.article_id, row.hour): row.replies for row in Activity.objects.all()}
    return ({pk: n for pk, n in pieces.items() if n}, {key: n for key, n in hours.items() if n})


def from_scratch():
    seen = Comment.objects.filter(status="approved")
    pieces = Counter(each.article_id for each in seen)
    hours = Counter(
        (each.article_id, each.submitted_at.replace(minute=0, second=0, microsecond=0))
        for each in seen
    )
    return dict(pieces), dict(hours)


@pytest.mark.parametrize("first", VERBS, ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("second", VERBS, ids=lambda verb: verb.__name__)
def test_every_decision_and_its_undoing_keep_the_count(clock, first, second):
    moderator, article = make_staff("Moderators"), make_article()
    make_approved(article=article, by=moderator)
    clock.shift(timedelta(minutes=70))
    reply = make_comment(article=article)
    make_approved(by=moderator)
    for verb in (first, second, second, Comment.restore, first):
        verb(reply, by=moderator)
        assert counted() == from_scratch()
    assert sum(counted()[0].values()) == 2 + (first is Comment.approve)


def test_a_reply_that_is_approved_as_it_comes_in_is_counted(monkeypatch):
    article = make_article()

    def approved(row):
        row.status = "approved"
        return inserted(row)

    monkeypatch.setattr("comments.taking_in.inserted", approved)
    receipt = Comment.objects.all().submit(make_draft(article=article))
    assert receipt.comment.is_approved
    article.refresh_from_db()
    assert article.reply_count == 1
    assert counted() == from_scratch()


def test_replies_that_are_written_at_once_are_counted():
    article = make_article()
    make_many_approved(article, 7)
    assert counted() == from_scratch() == ({article.pk: 7}, {(article.pk, NOON): 7})


def test_replies_that_are_deleted_are_not_counted():
    one, other = make_article(), make_article()
    replies = [*make_many_approved(one, 3), *make_many_approved(other, 2)]
    replies[0].delete()
    assert counted() == from_scratch()
    Comment.objects.filter(pk__in=[replies[1].pk, replies[4].pk]).delete()
    assert counted() == from_scratch()
    assert counted()[0] == {one.pk: 1, other.pk: 1}


def test_a_reply_that_was_decided_on_is_not_deleted_and_stays_counted():
    reply = make_approved()
    for way in (reply.delete, Comment.objects.all().delete):
        with pytest.raises(ProtectedError):
            way()
        assert counted() == from_scratch() == ({reply.article_id: 1}, {(reply.article_id, NOON): 1})


def test_a_count_that_is_wrong_is_right_again_after_the_next_decision():
    reply = make_approved()
    Article.objects.update(reply_count=41)
    make_approved(article=reply.article)
    assert counted() == from_scratch()


def test_what_is_long_ago_is_counted_with_its_piece_alone(clock):
    reply = make_comment()
    clock.shift(KEPT + timedelta(hours=1))
    reply.approve(by=make_staff("Moderators"))
    assert counted() == ({reply.article_id: 1}, {})


def test_hours_that_nobody_asks_for_any_more_are_deleted_as_others_are_written(clock):
    make_approved()
    assert Activity.objects.count() == 1
    clock.shift(KEPT + timedelta(hours=1))
    newer = make_approved()
    assert [row.article_id for row in Activity.objects.all()] == [newer.article_id]


def test_counting_is_no_change_of_the_piece(clock):
    article = make_article()
    before = Article.objects.values("updated_at", "changed_at", "version", "body_html").get()
    clock.shift(timedelta(minutes=5))
    make_approved(article=article)
    assert Article.objects.values(*before).get() == before
    assert article.revisions.count() == 1
    assert "reply_count" not in article.revisions.get().content


def test_whoever_saves_a_piece_loaded_before_writes_no_older_count():
    article = make_article()
    loaded = Article.objects.get()
    make_approved(article=article)
    save_version(loaded, by=make_staff(), headline="Another")
    assert loaded.reply_count == 1
    assert Article.objects.values_list("headline", "reply_count").get() == ("Another", 1)
    loaded.reply_count = 9
    loaded.save(update_fields=["reply_count"])
    assert Article.objects.get().reply_count == 1


# --- In each thread -------------------------------------------------------------------------------


def shown_in_threads():
    """What is kept beside the first reply of each thread, and what it should be."""
    kept = {each.pk: each.shown_in_thread for each in Comment.objects.filter(thread=None)}
    seen = Counter(each.thread_id or each.pk for each in Comment.objects.filter(status="approved"))
    return kept, {pk: seen[pk] for pk in kept}


@pytest.mark.parametrize("verb", [*VERBS, Comment.erase], ids=lambda verb: verb.__name__)
def test_every_decision_on_any_reply_keeps_the_counts_of_threads(verb):
    moderator, article = make_staff("Moderators"), make_article()
    first = make_approved(article=article, by=moderator)
    answer = make_approved(article=article, by=moderator, parent=first)
    make_approved(article=article, by=moderator, parent=answer)
    make_approved(article=article, by=moderator)
    for reply in (answer, first, answer):
        verb(reply, by=moderator)
        kept, right = shown_in_threads()
        assert kept == right
        assert counted() == from_scratch()


def test_whoever_saves_a_reply_loaded_before_writes_no_older_count_of_its_thread():
    first = make_approved()
    loaded = Comment.objects.get(pk=first.pk)
    make_approved(article=first.article, parent=first)
    loaded.name = "Another"
    loaded.save()
    assert loaded.shown_in_thread == 2
    assert Comment.objects.values_list("name", "shown_in_thread").get(pk=first.pk) == ("Another", 2)


def test_replies_written_and_deleted_at_once_keep_the_counts_of_threads():
    article = make_article()
    first, *_ = make_many_approved(article, 3)
    answers = make_many_approved(article, 4, parent=first, a_chain=True)
    assert shown_in_threads()[0] == shown_in_threads()[1]
    assert shown_in_threads()[0][first.pk] == 5
    answers[-1].delete()
    Comment.objects.filter(pk=answers[-2].pk).delete()
    kept, right = shown_in_threads()
    assert kept == right
    assert kept[first.pk] == 3
