from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import Article, StateChange
from articles.tests.factories import make_article, make_author, make_draft
from newsroom.append_only import RecordsAreFinal
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)
DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Article.Status.values
SCHEDULED = "scheduled"  # no state of its own: published, and its time has not come
STATES = [DRAFT, IN_REVIEW, SCHEDULED, PUBLISHED, WITHDRAWN]


def submit(article, by):
    return article.submit_for_review(by=by)


def send_back(article, by):
    return article.send_back(by=by)


def publish(article, by):
    return article.publish(by=by)


def schedule(article, by):
    return article.schedule(by=by, at=NOON + 2 * HOUR)


def withdraw(article, by):
    return article.withdraw(by=by)


def bring_back(article, by):
    return article.bring_back(by=by)


def make_in(state, by, **fields):
    """A piece that came into this state by its verbs."""
    article = make_draft(**fields)
    if state == IN_REVIEW:
        submit(article, by)
    if state == SCHEDULED:
        article.publish(by=by, at=NOON + HOUR)
    if state in {PUBLISHED, WITHDRAWN}:
        publish(article, by)
    if state == WITHDRAWN:
        withdraw(article, by)
    return article


def state_of(article):
    return SCHEDULED if article.is_scheduled else article.status


def recorded(article):
    return [(change.from_status, change.to_status) for change in article.state_changes.all()]


# What each verb makes of each state. What is not here is left as it is.
TABLE = {
    (submit, DRAFT): IN_REVIEW,
    (send_back, IN_REVIEW): DRAFT,
    (send_back, SCHEDULED): DRAFT,
    (publish, DRAFT): PUBLISHED,
    (publish, IN_REVIEW): PUBLISHED,
    (publish, WITHDRAWN): PUBLISHED,
    (schedule, DRAFT): SCHEDULED,
    (schedule, IN_REVIEW): SCHEDULED,
    (schedule, SCHEDULED): SCHEDULED,  # at another time
    (schedule, WITHDRAWN): SCHEDULED,
    (withdraw, SCHEDULED): WITHDRAWN,
    (withdraw, PUBLISHED): WITHDRAWN,
    (bring_back, WITHDRAWN): PUBLISHED,
}
VERBS = [submit, send_back, publish, schedule, withdraw, bring_back]
REFUSED = [(schedule, PUBLISHED)]
WITHOUT_EFFECT = [
    (verb, state)
    for verb in VERBS
    for state in STATES
    if (verb, state) not in TABLE and (verb, state) not in REFUSED
]


@pytest.mark.parametrize(("verb", "before", "after"), [(*key, TABLE[key]) for key in TABLE])
def test_a_verb_changes_the_state_and_leaves_a_record(editor, verb, before, after):
    article = make_in(before, editor)
    was = article.status
    assert verb(article, editor) is True
    stored = Article.objects.get()
    assert state_of(article) == state_of(stored) == after
    change = article.state_changes.first()
    assert (change.from_status, change.to_status, change.by) == (was, stored.status, editor)
    assert (change.at, change.published_at) == (NOON, stored.published_at)
    newest = article.revisions.first()
    assert (newest.status, newest.published_at) == (stored.status, stored.published_at)


@pytest.mark.parametrize(("verb", "state"), WITHOUT_EFFECT)
def test_a_verb_that_has_nothing_to_do_changes_and_records_nothing(editor, clock, verb, state):
    article = make_in(state, editor)
    before, row = recorded(article), Article.objects.values().get()
    clock.shift(HOUR / 2)
    assert verb(article, editor) is False
    assert Article.objects.values().get() == row
    assert (article.status, article.published_at) == (row["status"], row["published_at"])
    assert recorded(article) == before


@pytest.mark.parametrize(("verb", "before"), TABLE)
def test_a_verb_is_safe_to_repeat(editor, verb, before):
    article = make_in(before, editor)
    verb(article, editor)
    row, records = Article.objects.values().get(), recorded(article)
    assert verb(article, editor) is False
    assert (Article.objects.values().get(), recorded(article)) == (row, records)


@pytest.mark.parametrize(("verb", "before"), TABLE)
def test_who_acts_on_an_old_copy_acts_on_what_is_there(editor, verb, before):
    article = make_in(before, editor)
    old = Article.objects.get()
    verb(article, editor)
    row, records = Article.objects.values().get(), recorded(article)
    assert verb(old, editor) is False
    assert (Article.objects.values().get(), recorded(article)) == (row, records)
    assert (old.status, old.published_at) == (row["status"], row["published_at"])


def test_the_record_says_why(editor):
    article = make_draft()
    article.submit_for_review(by=editor, note="Ready")
    article.publish(by=editor, note="Checked twice")
    article.withdraw(by=editor, reason="It was not so.", note="Wrong after all")
    changes = article.state_changes.order_by("pk").values_list("note", "reason")
    assert list(changes) == [
        ("Ready", ""),
        ("Checked twice", ""),
        ("Wrong after all", "It was not so."),
    ]


def test_a_record_is_final(editor):
    change = make_article(by=editor).state_changes.get()
    for attempt in (change.save, change.delete, StateChange.objects.all().delete):
        with pytest.raises(RecordsAreFinal):
            attempt()


def test_what_is_not_recorded_is_not_done(editor, monkeypatch):
    article = make_draft()

    def fail(self, *args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(StateChange, "save", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        article.publish(by=editor)
    assert Article.objects.get().status == DRAFT


# --- When --------------------------------------------------------------------------------------


def test_a_piece_without_a_date_is_dated_at_the_moment_it_is_published(editor):
    article = make_draft()
    article.publish(by=editor)
    assert article.published_at == NOON


def test_a_piece_keeps_the_date_it_has(editor):
    article = make_draft(published_at=NOON - HOUR)
    article.publish(by=editor)
    assert article.published_at == NOON - HOUR


def test_a_piece_that_comes_back_keeps_its_date(editor, clock):
    article = make_in(WITHDRAWN, editor)
    clock.shift(HOUR)
    article.publish(by=editor)
    assert article.published_at == NOON


def test_a_new_date_for_a_piece_that_is_out_is_on_record(editor):
    article = make_article(by=editor)
    assert article.publish(by=editor, at=NOON - HOUR) is True
    assert article.publish(by=editor, at=NOON - HOUR) is False
    dates = list(article.state_changes.order_by("pk").values_list("published_at", flat=True))
    assert dates == [NOON, NOON - HOUR]


@pytest.mark.parametrize("verb", ["publish", "schedule"])
def test_readers_do_not_lose_sight_of_what_they_see(editor, verb):
    article = make_article(by=editor)
    with pytest.raises(ValidationError, match="Readers can see this piece already"):
        getattr(article, verb)(by=editor, at=NOON + HOUR)
    assert Article.objects.get().published_at == NOON
    assert len(recorded(article)) == 1


def test_nothing_is_scheduled_for_a_moment_that_has_passed(editor):
    article = make_draft()
    with pytest.raises(ValidationError, match="This moment has passed"):
        article.schedule(by=editor, at=NOON)
    assert recorded(article) == []


def test_no_piece_is_dated_before_its_embargo(editor):
    article = make_draft(embargo_until=NOON + HOUR)
    article.publish(by=editor)
    assert article.published_at == article.public_from == NOON + HOUR
    assert article.is_scheduled


def test_what_was_sent_back_is_not_seen_at_the_time_it_was_scheduled_for(editor, clock):
    article = make_in(SCHEDULED, editor)
    article.send_back(by=editor, note="Not yet.")
    clock.shift(2 * HOUR)
    assert not Article.objects.published().exists()


def test_a_piece_withdrawn_before_its_time_comes_back_with_its_time(editor, clock):
    article = make_in(SCHEDULED, editor)
    article.withdraw(by=editor)
    assert not article.is_gone
    assert not Article.objects.gone().exists()
    article.bring_back(by=editor)
    assert state_of(article) == SCHEDULED
    assert article.published_at == NOON + HOUR
    article.withdraw(by=editor)
    clock.shift(2 * HOUR)
    assert not article.is_gone
    assert not Article.objects.known().exists()


def test_a_withdrawal_says_why_until_the_piece_is_back(editor):
    article = make_article(by=editor)
    article.withdraw(by=editor, reason="It was not so.", note="The mayor called.")
    stored = Article.objects.get()
    assert (stored.withdrawn_reason, stored.withdrawn_at) == ("It was not so.", NOON)
    assert stored.is_gone and Article.objects.gone().exists()
    article.bring_back(by=editor)
    stored = Article.objects.get()
    assert (stored.withdrawn_reason, stored.withdrawn_at) == ("", None)
    assert article.state_changes.filter(reason="It was not so.").exists()


def test_of_two_who_publish_at_once_the_second_changes_nothing(editor, clock):
    first = make_draft()
    second = Article.objects.get()
    first.publish(by=editor)
    clock.shift(HOUR)
    assert second.publish(by=editor) is False
    assert second.status == PUBLISHED
    assert second.published_at == Article.objects.get().published_at == NOON


def test_who_withdraws_an_old_copy_keeps_the_date_it_was_given_since(editor):
    make_article(by=editor)
    old = Article.objects.get()
    Article.objects.get().publish(by=editor, at=NOON - HOUR)
    assert old.withdraw(by=editor) is True
    assert old.published_at == Article.objects.get().published_at == NOON - HOUR


def test_a_verb_leaves_what_others_wrote_meanwhile(editor):
    article = make_draft(headline="Old")
    Article.objects.update(headline="New")
    article.publish(by=editor)
    assert Article.objects.get().headline == "New"


# --- What readers may see ------------------------------------------------------------------------


@pytest.mark.parametrize("status", [DRAFT, IN_REVIEW, WITHDRAWN])
def test_what_is_not_published_is_not_public_whatever_its_date(editor, status):
    article = make_in(status, editor, published_at=NOON - HOUR)
    assert not article.is_public
    assert not Article.objects.published().exists()


@pytest.mark.parametrize(
    ("late", "is_public"), [(-timedelta(microseconds=1), False), (timedelta(0), True), (HOUR, True)]
)
def test_a_piece_is_public_from_its_date_on(editor, clock, late, is_public):
    article = make_article(by=editor, at=NOON + HOUR)
    clock.move_to(article.published_at + late)
    assert article.is_published
    assert article.is_public is is_public
    assert article.is_scheduled is not is_public
    assert Article.objects.published().exists() is is_public


def test_the_newest_stands_first_and_of_two_of_one_moment_the_later_written():
    old, first, second = (make_article(at=NOON - HOUR), make_article(), make_article())
    assert list(Article.objects.published()) == [second, first, old]


# --- What the database keeps --------------------------------------------------------------------


def test_a_published_piece_without_a_date_cannot_be_stored():
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(published_at=None)
    article.published_at = None
    with pytest.raises(ValidationError, match="A published piece needs a publication time"):
        article.full_clean()


def test_an_author_is_named_once():
    article = make_draft(authors=[(author := make_author())])
    with pytest.raises(IntegrityError), transaction.atomic():
        article.bylines.create(author=author)


def test_two_pieces_have_no_address_in_common():
    make_draft(slug="taken")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(slug="taken")
