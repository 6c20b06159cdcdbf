from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import Article, StateChange
from articles.tests.factories import make_article, make_author, make_draft, make_staff
from newsroom.append_only import RecordsAreFinal

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Article.Status.values


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def editor():
    return make_staff()


def submit(article, by):
    return article.submit_for_review(by=by)


def send_back(article, by):
    return article.send_back(by=by)


def publish(article, by):
    return article.publish(by=by)


def withdraw(article, by):
    return article.withdraw(by=by)


def make_in(status, by, **fields):
    """A piece that came into this state by its verbs."""
    article = make_draft(**fields)
    verbs = {DRAFT: [], IN_REVIEW: [submit], PUBLISHED: [publish], WITHDRAWN: [publish, withdraw]}
    for verb in verbs[status]:
        verb(article, by)
    return article


def recorded(article):
    return [(change.from_status, change.to_status) for change in article.state_changes.all()]


# verb, from, to
ALLOWED = [
    (submit, DRAFT, IN_REVIEW),
    (send_back, IN_REVIEW, DRAFT),
    (publish, DRAFT, PUBLISHED),
    (publish, IN_REVIEW, PUBLISHED),
    (publish, WITHDRAWN, PUBLISHED),
    (withdraw, PUBLISHED, WITHDRAWN),
]
WITHOUT_EFFECT = [
    (verb, status)
    for verb in (submit, send_back, publish, withdraw)
    for status in Article.Status.values
    if (verb, status) not in {(verb, before) for verb, before, _ in ALLOWED}
]


@pytest.mark.parametrize(("verb", "before", "after"), ALLOWED)
def test_a_verb_changes_the_state_and_leaves_a_record(editor, verb, before, after):
    article = make_in(before, editor)
    assert verb(article, editor) is True
    assert article.status == Article.objects.get().status == after
    change = article.state_changes.first()
    assert (change.from_status, change.to_status, change.by) == (before, after, editor)
    assert (change.at, change.published_at) == (NOON, article.published_at)


@pytest.mark.parametrize(("verb", "status"), WITHOUT_EFFECT)
def test_a_verb_that_has_nothing_to_do_changes_and_records_nothing(editor, clock, verb, status):
    article = make_in(status, editor)
    before, was_published_at = recorded(article), article.published_at
    clock.shift(HOUR)
    assert verb(article, editor) is False
    stored = Article.objects.get()
    assert article.status == stored.status == status
    assert article.published_at == stored.published_at == was_published_at
    assert recorded(article) == before


def test_the_record_says_why(editor):
    article = make_draft()
    article.submit_for_review(by=editor, note="Ready")
    article.publish(by=editor, note="Checked twice")
    article.withdraw(by=editor, note="Wrong after all")
    notes = [change.note for change in article.state_changes.order_by("pk")]
    assert notes == ["Ready", "Checked twice", "Wrong after all"]


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
