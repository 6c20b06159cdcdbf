"""The index holds what is published, as it is, whatever is done to a piece."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from articles import tasks
from articles.models import Article, Author, SearchEntry, Topic, search_entry
from articles.search.rebuilding import rebuild
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_section,
    make_source,
    make_topic,
    save_version,
)
from articles.tests.pictures import figure, make_image
from articles.tests.pictures import media_root as media_root
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.each_case, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)


def rows():
    return list(SearchEntry.objects.order_by("key").values())


def assert_it_is_whole():
    """What the writes have left is what a rebuild makes of the pieces."""
    kept = rows()
    SearchEntry.objects.all().delete()
    for _ in rebuild():
        pass
    assert kept == rows()


def found(client, words):
    return client.get("/search/", {"q": words}).content.decode().count("card-headline")


@pytest.fixture
def piece(editor):
    return make_draft(
        headline="Ferry",
        body="<p>Harbour</p>",
        authors=[make_author("Maud")],
        topics=[make_topic("Japan")],
    )


def withdrawn(piece, editor):
    piece.publish(by=editor)
    piece.withdraw(by=editor, reason="Wrong.")


def brought_back(piece, editor):
    withdrawn(piece, editor)
    piece.bring_back(by=editor)


def published_again(piece, editor):
    withdrawn(piece, editor)
    piece.publish(by=editor)


def sent_back(piece, editor):
    piece.schedule(by=editor, at=NOON + HOUR)
    piece.send_back(by=editor)


def saved(piece, editor):
    piece.publish(by=editor)
    save_version(piece, by=editor, headline="Boat", body="<p>River</p>")


def saved_as_a_draft(piece, editor):
    save_version(piece, by=editor, headline="Boat")


def restored(piece, editor):
    saved(piece, editor)
    piece.restore_revision(1, by=editor)


def moved(piece, editor):
    piece.publish(by=editor)
    piece.move_to(make_section(name="Sport"), by=editor)


def dated_anew(piece, editor):
    piece.publish(by=editor)
    piece.publish(by=editor, at=NOON - HOUR)


def corrected(piece, editor):
    piece.publish(by=editor)
    piece.correct(by=editor, kind="correction", text="It was a boat.")


def given_others(piece, editor):
    """Authors, topics and a source, as the form saves them."""
    piece.publish(by=editor)
    piece.topics.set([make_topic("France")])
    piece.bylines.all().delete()
    save_version(piece, by=editor, source=make_source("AFP"), language="de")


VERBS = {
    "published": lambda piece, editor: piece.publish(by=editor),
    "scheduled": lambda piece, editor: piece.schedule(by=editor, at=NOON + HOUR),
    "submitted": lambda piece, editor: piece.submit_for_review(by=editor),
    "deleted": lambda piece, editor: piece.delete(),
    "withdrawn": withdrawn,
    "brought back": brought_back,
    "published again": published_again,
    "sent back": sent_back,
    "saved": saved,
    "saved as a draft": saved_as_a_draft,
    "restored": restored,
    "moved": moved,
    "dated anew": dated_anew,
    "corrected": corrected,
    "given others": given_others,
}


@pytest.mark.parametrize("verb", VERBS)
def test_after_every_verb_it_is_what_a_rebuild_makes(piece, editor, verb):
    make_article(headline="Another", by=editor)
    VERBS[verb](piece, editor)
    entries = SearchEntry.objects.filter(article_id=piece.pk)
    assert entries.count() == Article.objects.filter(pk=piece.pk, status="published").count()
    assert_it_is_whole()


def test_a_change_is_found_at_once_and_what_was_is_not(client, piece, editor):
    piece.publish(by=editor)
    assert (found(client, "harbour"), found(client, "river")) == (1, 0)
    save_version(piece, by=editor, body="<p>River</p>")
    assert (found(client, "harbour"), found(client, "river")) == (0, 1)


def test_a_write_that_fails_leaves_the_index_as_it_was(client, piece, editor):
    piece.publish(by=editor)
    before = rows()
    with pytest.raises(ValidationError), transaction.atomic():
        save_version(piece, by=editor, headline="Boat")
        raise ValidationError("No.")
    assert rows() == before
    assert (found(client, "ferry"), found(client, "boat")) == (1, 0)


def test_what_is_not_out_is_not_even_counted(client, clock, piece, editor):
    make_article(headline="Ferry", by=editor, at=NOON - HOUR)
    piece.schedule(by=editor, at=NOON + HOUR)
    embargoed = make_article(headline="Ferry", by=editor, at=NOON - HOUR)
    Article.objects.filter(pk=embargoed.pk).update(embargo_until=NOON + 2 * HOUR)
    for moment, number in ((NOON, "1 piece"), (NOON + HOUR, "2 pieces"), (NOON + 2 * HOUR, "3 p")):
        clock.move_to(moment)
        assert number in client.get("/search/?q=ferry").content.decode()


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Author, Topic])
def test_a_piece_is_found_by_the_new_name_of_its_author_or_topic(client, piece, editor, model):
    piece.publish(by=editor)
    row = model.objects.get()
    old, row.name = row.name, "Kyoto"
    row.save()
    assert (found(client, "kyoto"), found(client, old)) == (1, 0)
    assert_it_is_whole()


@pytest.mark.parametrize("delete", [Topic.delete, lambda topic: Topic.objects.all().delete()])
def test_a_piece_is_found_no_longer_by_a_topic_that_is_gone(client, piece, editor, delete):
    piece.publish(by=editor)
    assert found(client, "japan") == 1
    delete(Topic.objects.get())
    assert found(client, "japan") == 0
    assert_it_is_whole()


def test_the_pieces_of_somebody_who_wrote_many_are_left_to_the_worker(
    client, piece, editor, monkeypatch
):
    monkeypatch.setattr(search_entry, "AT_ONCE", 1)
    monkeypatch.setattr(search_entry, "CHUNK", 2)
    author = Author.objects.get()
    piece.publish(by=editor)
    for number in range(2):
        make_article(headline=f"Further {number}", authors=[author], by=editor)
    author.name = "Kyoto"
    author.save()
    assert found(client, "kyoto") == 0
    left = DBTaskResult.objects.filter(task_path="articles.tasks.index_pieces")
    chunks = [task.args_kwargs["args"][0] for task in left]
    assert sorted(map(len, chunks)) == [1, 2]
    for chunk in chunks:
        tasks.index_pieces.func(chunk)
    assert found(client, "kyoto") == 3
    assert_it_is_whole()


# --- Rebuilding ---------------------------------------------------------------------------------


def test_what_was_said_of_a_picture_is_found_no_longer_once_it_is_withdrawn(
    client, editor, media_root
):
    lead, inside = make_image(), make_image(name="Inside")
    make_article(
        by=editor,
        lead_image=lead,
        lead_caption="Zebra at dawn",
        body=f"<p>A harbour.</p>{figure(inside, caption='Heron at dusk')}",
    )
    for image, word in ((lead, "zebra"), (inside, "heron")):
        assert found(client, word) == 1
        image.withdraw(by=editor, reason="Killed.")
        assert found(client, word) == 0
        assert_it_is_whole()
        image.bring_back(by=editor)
        assert found(client, word) == 1
    inside.withdraw(by=editor, reason="Killed.")
    assert "dusk" not in client.get("/search/", {"q": "harbour"}).content.decode()


def rebuilt():
    output = StringIO()
    call_command("rebuild_search_index", stdout=output)
    return output.getvalue()


def test_a_rebuild_mends_what_was_written_past_the_verbs(client, piece, editor):
    piece.publish(by=editor)
    lost = make_article(headline="Lost", by=editor)
    SearchEntry.objects.filter(article=lost).delete()
    Article.objects.filter(pk=piece.pk).update(headline="Boat")
    gone = make_article(headline="Gone", by=editor)
    Article.objects.filter(pk=gone.pk).update(status="withdrawn")
    assert "3 pieces looked at, 3 indexed anew" in rebuilt()
    assert [found(client, words) for words in ("lost", "boat", "ferry", "gone")] == [1, 1, 0, 0]
    assert not SearchEntry.objects.filter(article=gone).exists()


def test_a_rebuild_can_be_repeated_and_says_how_far_it_is(piece, editor):
    piece.publish(by=editor)
    for number in range(60):
        make_draft(headline=f"Draft {number}")
    before = rows()
    printed = rebuilt()
    assert "50 of 61" in printed
    assert "61 pieces looked at, 0 indexed anew" in printed
    assert rows() == before


def test_an_empty_newsroom_is_rebuilt_too():
    assert rebuilt() == "0 pieces looked at, 0 indexed anew.\n"


class Terminal(StringIO):
    def isatty(self):
        return True


def test_a_terminal_gets_one_line_that_grows(piece):
    output = Terminal()
    call_command("rebuild_search_index", stdout=output)
    assert "\r[##############################] 1 of 1\n" in output.getvalue()


# --- Large pieces -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("".join(f"ab{number} " for number in range(11_000)), "ab10999"),
        ("".join(chr(0x4E00 + number * 7 % 20_000) for number in range(33_000)), "丅"),
        ("x" * 90_000, "x" * 64),
    ],
    ids=["words", "signs", "one word"],
)
def test_the_longest_piece_can_be_published_and_found(client, editor, text, words):
    make_article(headline="Long", body=f"<p>{text}</p>", by=editor)
    assert found(client, words) == 1
