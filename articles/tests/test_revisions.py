"""Every saved version of a piece is kept; what readers saw of them; restoring one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles.models import (
    Article,
    FormerSlug,
)
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_source,
    make_staff,
    make_topic,
    save_version,
)
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)
# The piece and what hangs on it, its revisions, its entry in the search index (5), and whether its
# share picture still says what it is to say, with the task that makes it (3).
SAVED = 19
SECOND = timedelta(seconds=1)


def numbers(revisions):
    return [revision.number for revision in revisions]


def seen(article):
    return numbers(article.revisions.seen_by_readers())


def changed_at(article):
    return Article.objects.values_list("changed_at", flat=True).get(pk=article.pk)


# --- What is kept ------------------------------------------------------------------------------


def test_a_revision_holds_all_of_a_piece(editor):
    article = make_draft(authors=[make_author()], topics=[make_topic()], source=make_source())
    revision = article.record(by=editor, note="First")
    content = revision.content
    assert content["body"] == "<p>The body.</p>"
    assert [each["name"] for each in content["bylines"]] == ["Maud Ellery"]
    assert [each["name"] for each in content["topics"]] == ["Japan"]
    assert content["source"]["name"] == "AFP"
    assert (revision.number, revision.by, revision.note, revision.at) == (1, editor, "First", NOON)


def test_saving_without_a_change_makes_no_revision(editor):
    article = make_draft()
    first = article.record(by=editor)
    assert article.record(by=editor) == first
    assert article.revisions.count() == 1


def test_a_revision_is_never_dated_before_the_one_it_follows(editor, clock):
    article = make_article(by=editor)
    clock.shift(-HOUR)
    assert save_version(article, by=editor, body="<p>By a clock put back.</p>").at == NOON


def test_saving_costs_the_same_however_many_versions_there_are(
    editor, django_assert_num_queries, clock
):
    article = make_article(by=editor)
    counts = []
    for number in range(12):
        clock.shift(HOUR)
        article.body = f"<p>{number}</p>"
        article.save()
        with django_assert_num_queries(SAVED) as queries:
            article.record(by=editor)
        counts.append(sum('"content"' in query["sql"] for query in queries))
    assert set(counts) == {counts[0]}


def test_earlier_contents_are_not_read_to_save_a_new_one(editor, django_assert_num_queries):
    article = make_article(by=editor, body="<p>A word that is looked for.</p>")
    for number in range(5):
        save_version(article, by=editor, body=f"<p>{number}</p>")
    article.body = "<p>The last.</p>"
    article.save()
    with django_assert_num_queries(SAVED) as queries:
        article.record(by=editor)
    reads = [
        query["sql"]
        for query in queries
        if query["sql"].startswith("SELECT") and '"articles_revision"."content"' in query["sql"]
    ]
    assert len(reads) == 1
    assert "LIMIT 1" in reads[0]


# --- What readers saw --------------------------------------------------------------------------


def test_a_draft_is_seen_by_nobody(editor):
    article = make_draft()
    article.record(by=editor)
    article.submit_for_review(by=editor)
    assert seen(article) == []


def test_a_scheduled_version_is_seen_from_its_second_on(editor, clock):
    article = make_draft()
    article.publish(by=editor, at=NOON + HOUR)
    clock.move_to(NOON + HOUR - SECOND)
    assert seen(article) == []
    clock.move_to(NOON + HOUR)
    assert seen(article) == [1]


def test_a_version_under_embargo_is_seen_from_its_end_on(editor, clock):
    article = make_draft(embargo_until=NOON + HOUR)
    article.publish(by=editor, at=NOON)
    clock.move_to(NOON + HOUR - SECOND)
    assert seen(article) == []
    clock.move_to(NOON + HOUR)
    assert seen(article) == [1]


def test_what_was_replaced_before_its_time_was_seen_by_nobody(editor, clock):
    article = make_draft()
    article.publish(by=editor, at=NOON + HOUR)
    save_version(article, by=editor, body="<p>Better.</p>")
    clock.move_to(NOON + 2 * HOUR)
    assert seen(article) == [2]
    save_version(article, by=editor, body="<p>Best.</p>")
    assert seen(article) == [2, 3]


def test_what_was_withdrawn_before_its_time_was_seen_by_nobody(editor, clock):
    article = make_draft()
    article.publish(by=editor, at=NOON + HOUR)
    article.withdraw(by=editor)
    clock.move_to(NOON + 2 * HOUR)
    assert seen(article) == []


def test_what_is_saved_while_withdrawn_is_seen_when_it_is_brought_back(editor, clock):
    article = make_article(by=editor)
    clock.shift(HOUR)
    article.withdraw(by=editor)
    save_version(article, by=editor, body="<p>Rewritten.</p>")
    assert seen(article) == [1]
    clock.shift(HOUR)
    article.bring_back(by=editor)
    assert seen(article) == [1, 4]


# --- When it changed ---------------------------------------------------------------------------


def test_a_change_that_readers_see_is_dated(editor, clock):
    article = make_article(by=editor)
    assert changed_at(article) is None
    clock.shift(HOUR)
    save_version(article, by=editor, body="<p>Other.</p>")
    assert changed_at(article) == article.changed_at == NOON + HOUR


@pytest.mark.parametrize(
    "name", ["headline", "standfirst", "dateline", "credit_line", "lead_caption"]
)
def test_each_part_that_readers_see_counts(editor, clock, name):
    article = make_article(by=editor)
    clock.shift(HOUR)
    fields: Any = {name: "Other"}
    save_version(article, by=editor, **fields)
    assert changed_at(article) == NOON + HOUR


def test_another_author_counts_and_another_name_of_the_same_does_not(editor, clock):
    author = make_author()
    article = make_article(by=editor, authors=[author])
    clock.shift(HOUR)
    author.name = "Maud E. Ellery"
    author.save()
    save_version(article, by=editor, desk_notes="Married.")
    assert changed_at(article) is None
    article.bylines.create(author=make_author("Tobias"), position=1)
    article.record(by=editor)
    assert changed_at(article) == NOON + HOUR


def test_a_minor_change_is_not_dated(editor, clock):
    article = make_article(by=editor)
    clock.shift(HOUR)
    assert save_version(article, by=editor, body="<p>The bodi.</p>", is_minor=True).is_minor
    assert changed_at(article) is None


@pytest.mark.parametrize(
    "fields", [{"desk_notes": "For us."}, {"indexing": "noindex"}, {"language": "fr"}]
)
def test_what_readers_do_not_read_is_not_dated(editor, clock, fields):
    article = make_article(by=editor)
    clock.shift(HOUR)
    save_version(article, by=editor, **fields)
    assert changed_at(article) is None


def test_a_change_before_the_publication_is_not_dated(editor, clock):
    article = make_draft()
    article.record(by=editor)
    article.publish(by=editor, at=NOON + HOUR)
    save_version(article, by=editor, body="<p>Better.</p>")
    clock.shift(2 * HOUR)
    assert changed_at(article) is None


def test_what_changed_while_it_was_withdrawn_is_dated_when_it_comes_back(editor, clock):
    article = make_article(by=editor)
    article.withdraw(by=editor)
    clock.shift(HOUR)
    save_version(article, by=editor, body="<p>One.</p>")
    save_version(article, by=editor, body="<p>Two.</p>", is_minor=True)
    assert changed_at(article) is None
    clock.shift(HOUR)
    article.bring_back(by=editor)
    assert changed_at(article) == NOON + 2 * HOUR
    assert not article.revisions.latest("number").is_minor


def test_what_changed_only_a_little_while_it_was_withdrawn_is_not_dated(editor, clock):
    article = make_article(by=editor)
    article.withdraw(by=editor)
    clock.shift(HOUR)
    save_version(article, by=editor, body="<p>The bodi.</p>", is_minor=True)
    article.bring_back(by=editor)
    assert changed_at(article) is None
    assert article.revisions.latest("number").is_minor


def test_what_was_undone_before_readers_saw_it_is_not_dated(editor, clock):
    article = make_article(by=editor)
    article.withdraw(by=editor)
    save_version(article, by=editor, body="<p>Other.</p>")
    save_version(article, by=editor, body="<p>The body.</p>")
    clock.shift(HOUR)
    article.bring_back(by=editor)
    assert changed_at(article) is None


def test_a_change_with_its_time_to_come_is_dated_then_and_not_when_it_is_undone(editor, clock):
    article = make_article(by=editor)
    clock.shift(HOUR)
    save_version(article, by=editor, body="<p>Seen.</p>")
    clock.shift(HOUR)
    save_version(article, by=editor, body="<p>Later.</p>", embargo_until=NOON + 9 * HOUR)
    assert changed_at(article) == NOON + 9 * HOUR
    save_version(article, by=editor, body="<p>Seen.</p>")
    assert changed_at(article) == NOON + HOUR


def test_undoing_what_was_to_come_keeps_the_date_of_a_correction(editor, clock):
    article = make_article(by=editor)
    clock.shift(HOUR)
    article.correct(by=editor, kind="correction", text="It was Monday.")
    save_version(article, by=editor, body="<p>Later.</p>", embargo_until=NOON + 9 * HOUR)
    article.withdraw(by=editor)
    assert changed_at(article) == NOON + HOUR


def test_a_change_after_the_version_before_was_erased_is_dated(editor, clock):
    article = make_article(by=editor, body="<p>Libel.</p>")
    article.withdraw(by=editor)
    save_version(article, by=editor, body="<p>Truth.</p>")
    article.revisions.get(number=1).erase(by=editor, reason="Court order")
    clock.shift(HOUR)
    article.bring_back(by=editor)
    assert changed_at(article) == NOON + HOUR


# --- Restoring ---------------------------------------------------------------------------------


def test_restoring_makes_a_new_version_and_loses_none(editor):
    article = make_draft(headline="One", topics=[make_topic()], authors=[make_author()])
    article.record(by=editor)
    for headline in ("Two", "Three", "Four", "Five"):
        save_version(article, by=editor, headline=headline)
    article.topics.clear()
    article.bylines.all().delete()
    assert article.restore_revision(2, by=editor) == []
    kept = {each.number: each.content["headline"] for each in article.revisions.all()}
    assert kept == {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Five", 7: "Two"}
    assert article.headline == "Two"
    assert [topic.name for topic in article.topics.all()] == ["Japan"]
    assert [byline.author.name for byline in article.bylines.all()] == ["Maud Ellery"]
    assert article.version == 7


def test_restoring_keeps_the_state_the_times_and_the_address(editor, clock):
    article = make_draft(slug="first")
    article.record(by=editor)
    save_version(article, by=editor, slug="second", headline="Other")
    article.publish(by=editor)
    clock.shift(HOUR)
    article.restore_revision(1, by=editor)
    assert (article.slug, article.status, article.published_at) == ("second", "published", NOON)
    assert changed_at(article) == NOON + HOUR
    assert not FormerSlug.objects.exists()


def test_what_is_gone_is_left_out_and_named(editor):
    topic = make_topic()
    article = make_draft(topics=[topic])
    article.record(by=editor)
    save_version(article, by=editor, headline="Other")
    topic.delete()
    assert article.restore_revision(1, by=editor) == ["Japan"]


def test_what_was_erased_cannot_be_restored(editor):
    article = make_draft(headline="One")
    article.record(by=editor)
    save_version(article, by=editor, headline="Two")
    article.revisions.get(number=1).erase(by=editor, reason="Court order")
    with pytest.raises(ValidationError):
        article.restore_revision(1, by=editor)
    assert Article.objects.get().headline == "Two"


def test_restoring_over_what_somebody_saved_meanwhile_is_refused(editor):
    article = make_draft(headline="One")
    article.record(by=editor)
    save_version(article, by=editor, headline="Two")
    save_version(article, by=make_staff(), headline="Three")
    with pytest.raises(ValidationError):
        article.restore_revision(1, by=editor, onto=2)
    assert Article.objects.get().headline == "Three"
    assert article.restore_revision(1, by=editor, onto=3) == []
