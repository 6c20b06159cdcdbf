"""What is written about replies makes those finished pages old that show it, and no others."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.tests.factories import make_article, make_staff
from comments import figures, retention
from comments.batches import work_at_once
from comments.models import Batch, Comment, Policy
from comments.models.decision import Status
from comments.tests.factories import make_approved, make_comment, make_many_approved
from newsroom.tests.asking import noting_what_is_drawn

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class Reader:
    """Asks for pages as a server would hand on what readers ask for, and counts what is drawn."""

    def __init__(self):
        self.pages, self.drawn = noting_what_is_drawn()

    def ask(self, path):
        host = settings.SITE_URL.partition("://")[2]
        environ = RequestFactory().get(path, headers={"host": host}).environ
        answer = self.pages(environ, lambda status, headers, error=None: None)
        return b"".join(answer).decode()

    def drawn_anew(self, paths):
        """Those of `paths` that had to be drawn."""
        self.drawn.clear()
        for path in paths:
            self.ask(path)
        return [path for path in paths if path in self.drawn]


@pytest.fixture
def reader():
    return Reader()


def pages_of(piece):
    """All on which readers see what is said under a piece."""
    first = Comment.objects.approved().filter(article=piece, thread=None)[0]
    path = piece.get_absolute_url()
    return [path, f"{path}comments.atom", f"{path}picks.atom", f"/comments/{first.pk}/thread/"]


ALL_PICKS, RULES = "/comments/picks.atom", "/about/moderation/"


def test_only_what_shows_it_is_drawn_anew(reader):
    by = make_staff("Moderators")
    first, other = make_approved(), make_approved()
    piece, mine = first.article, pages_of(first.article)
    every = [*mine, *pages_of(other.article), ALL_PICKS, RULES]
    shown = [*mine, ALL_PICKS]
    assert reader.drawn_anew(every) == every
    assert reader.drawn_anew(every) == []

    reply = make_comment(article=piece, parent=first, text="Not read yet.")
    assert reader.drawn_anew(every) == []
    for verb, is_seen in [
        ("approve", True),
        ("feature", True),
        ("unfeature", True),
        ("reject", True),
        ("mark_spam", False),
        ("restore", False),
        ("approve", True),
    ]:
        assert getattr(reply, verb)(by=by), verb
        assert reader.drawn_anew(every) == (shown if is_seen else []), verb
    assert "Not read yet." in reader.ask(mine[0])
    reply.correct("Less of it.", by=by, seen=Comment.objects.get(pk=reply.pk).as_seen)
    assert reader.drawn_anew(every) == shown
    assert "Not read yet." not in reader.ask(mine[0])
    Comment.objects.get(pk=reply.pk).report(reason="other")
    assert reader.drawn_anew(every) == []
    reply.erase(by=by)
    assert reader.drawn_anew(every) == shown
    Comment.objects.answer(piece, text="We have seen it.", by=by)
    assert reader.drawn_anew(every) == shown
    assert "We have seen it." in reader.ask(mine[0])


def test_a_fresh_page_with_replies_asks_the_database_six_times(reader):
    """What is the same on every page is remembered."""
    by, first = make_staff("Moderators"), make_approved()
    path = first.article.get_absolute_url()
    for number, verb in [(1, first.feature), (60, first.unfeature)]:
        for parent in (None, first):
            make_many_approved(first.article, number, parent=parent)
        reader.ask(path)
        assert verb(by=by)
        with CaptureQueriesContext(connection) as captured:
            assert reader.drawn_anew([path])
        assert len(captured) <= 6, "\n".join(each["sql"][:150] for each in captured)


def test_a_batch_makes_the_pages_of_its_pieces_old(reader):
    by = make_staff("Moderators")
    first, other = make_approved(), make_approved()
    held = [make_comment(article=first.article) for _ in range(3)]
    path, elsewhere = first.article.get_absolute_url(), other.article.get_absolute_url()
    reader.drawn_anew([path, elsewhere])
    chosen = Comment.objects.filter(pk__in=[each.pk for each in held])
    for to, is_seen in [(Status.REJECTED, False), (Status.APPROVED, True), (Status.SPAM, True)]:
        batch = Batch.objects.begin(chosen, to, by=by)
        assert reader.drawn_anew([path, elsewhere]) == []
        before = reader.ask(path)
        work_at_once(batch)
        assert reader.drawn_anew([path, elsewhere]) == ([path] if is_seen else [])
        assert (reader.ask(path) != before) is is_seen


def test_what_runs_by_itself_makes_no_page_old_without_a_reason(reader):
    reply = make_approved()
    path = reply.article.get_absolute_url()
    Policy.objects.create(usual_wait=timedelta(minutes=23))
    reader.drawn_anew([path])
    Comment.objects.update(submitted_at=timezone.now() - Comment.objects.all().TRACES_KEPT)
    reader.drawn_anew([path])
    for _name, _number in retention.erase_due():
        pass
    figures.keep_up()
    assert reader.drawn_anew([path]) == [path]  # too few waits by now to tell a usual one
    figures.keep_up()
    assert reader.drawn_anew([path]) == []


def test_the_usual_wait_is_written_where_other_words_say_it(monkeypatch):
    for wait, kept in [(1380, 1380), (1390, 1380), (1800, 1800), (None, None)]:
        given = wait and timedelta(seconds=wait)
        monkeypatch.setattr(figures, "usual_wait", lambda given=given: given)
        figures.keep_usual_wait()
        assert Policy.objects.get().usual_wait == (kept and timedelta(seconds=kept))


@pytest.mark.parametrize("what", ["replies close", "an attack is over"])
def test_the_clock_ends_a_page_with_the_form(reader, clock, what):
    soon = timezone.now() + timedelta(minutes=5)
    piece = make_article(published_at=timezone.now() - timedelta(days=1))
    if what == "replies close":
        type(piece).objects.filter(pk=piece.pk).update(replies_close_at=soon)
    else:
        Policy.objects.create(attack_until=soon)
    path = piece.get_absolute_url()
    before = reader.ask(path)
    clock.shift(timedelta(minutes=4))
    assert reader.drawn_anew([path]) == []
    clock.shift(timedelta(minutes=2))
    assert reader.drawn_anew([path]) == [path]
    after = reader.ask(path)
    said = "data-challenge" if what == "an attack is over" else 'name="comment"'
    assert said in before
    assert said not in after


def test_the_page_of_figures_ends_with_the_day(reader, clock):
    reader.drawn_anew([RULES])
    clock.shift(timedelta(hours=25))
    assert reader.drawn_anew([RULES]) == [RULES]
