"""Versions whose words are kept from readers, and those whose words are gone."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from articles.models import Article, PreviewLink, Revision, RevisionDecision, WorkingCopy
from articles.tests.factories import make_article, save_version
from newsroom.append_only import RecordsAreFinal
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def numbers(revisions):
    return [revision.number for revision in revisions]


@pytest.fixture
def libel(editor):
    """A published piece whose second version had to go, and has gone from the piece."""
    article = make_article(by=editor, headline="Mayor", body="<p>The mayor opened the bridge.</p>")
    libel = "<p>The mayor opened the bridge, paid for with stolen money.</p>"
    save_version(article, by=editor, headline="Mayor a thief", body=libel)
    save_version(
        article, by=editor, headline="Mayor", body="<p>The mayor opened the new bridge.</p>"
    )
    return article


def decisions(article):
    made = RevisionDecision.objects.filter(revision__article=article).order_by("pk")
    return [(each.revision.number, each.kind, each.reason) for each in made]


def test_closing_and_opening_again_are_on_record(libel, editor):
    revision = libel.revisions.get(number=2)
    assert revision.close(by=editor, reason="Legal") is True
    assert (revision.is_closed, revision.closed_by, revision.closed_at) == (True, editor, NOON)
    assert revision.close(by=editor, reason="Again") is False
    assert revision.reopen(by=editor, reason="Settled") is True
    assert not revision.is_closed
    assert revision.reopen(by=editor, reason="Again") is False
    assert decisions(libel) == [(2, "closed", "Legal"), (2, "reopened", "Settled")]
    with pytest.raises(RecordsAreFinal):
        RevisionDecision.objects.earliest("pk").delete()


def test_versions_that_read_the_same_are_closed_together(libel, editor):
    save_version(
        libel,
        by=editor,
        **{"headline": "Mayor a thief", "body": libel.revisions.get(number=2).content["body"]},
    )
    save_version(libel, by=editor, headline="Mayor", body="<p>The mayor opened the new bridge.</p>")
    libel.revisions.get(number=4).close(by=editor, reason="Legal")
    assert numbers(libel.revisions.filter(closed_at__isnull=False)) == [4, 2]


@pytest.mark.parametrize("verb", ["close", "erase"])
def test_how_the_piece_reads_now_is_neither_closed_nor_erased(libel, editor, verb):
    revision = libel.revisions.get(number=3)
    with pytest.raises(ValidationError):
        getattr(revision, verb)(by=editor, reason="Legal")
    revision.refresh_from_db()
    assert not revision.is_closed
    assert revision.content
    assert decisions(libel) == []


def test_what_stands_in_a_withdrawn_piece_can_be_closed_and_not_erased(libel, editor):
    libel.withdraw(by=editor)
    assert libel.revisions.get(number=3).close(by=editor, reason="Legal") is True
    with pytest.raises(ValidationError):
        libel.revisions.get(number=4).erase(by=editor, reason="Court order")


def test_erasing_leaves_who_and_when_and_no_words(libel, editor):
    revision = libel.revisions.get(number=2)
    assert revision.erase(by=editor, reason="Court order") is True
    assert (revision.content, revision.digest) == ({}, "")
    assert (revision.erased_by, revision.erased_reason, revision.at) == (
        editor,
        "Court order",
        NOON,
    )
    assert revision.erase(by=editor, reason="Again") is False
    assert decisions(libel) == [(2, "erased", "Court order")]


def test_nothing_in_the_database_says_what_was_erased(libel, editor):
    revision = libel.revisions.get(number=2)
    PreviewLink.objects.make(revision, by=editor, lasts=timedelta(days=1))
    body = "<p>It was <b>paid for</b> with stolen money, I wrote.</p>"
    copies = [
        WorkingCopy.objects.create(article=libel, by=editor, fields={"body": [text]}, typed_at=NOON)
        for text in (body, "<p>Innocent.</p>")
    ]
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(Article),
        object_id=str(libel.pk),
        object_repr="Mayor a thief",
        action_flag=CHANGE,
    )
    revision.erase(by=editor, reason="Court order")
    assert PreviewLink.objects.get().revoked_by == editor
    assert [WorkingCopy.objects.get(pk=copy.pk).is_unsaved for copy in copies] == [False, True]
    assert LogEntry.objects.get().object_repr == "Mayor"
    for model in (Revision, WorkingCopy, LogEntry):
        for row in model.objects.values():
            assert "stolen" not in str(row)
            assert "thief" not in str(row)


def test_the_other_versions_keep_their_words(libel, editor):
    libel.revisions.get(number=2).erase(by=editor, reason="Court order")
    assert libel.revisions.get(number=1).content["headline"] == "Mayor"
    assert Article.objects.get().headline == "Mayor"
