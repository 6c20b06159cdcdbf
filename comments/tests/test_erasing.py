"""What is erased is nowhere: in no table, and in no byte of the database's files."""

import base64
import sqlite3
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Activity
from articles.tests.factories import make_article, make_staff
from comments.email_privacy import fingerprint, fingerprints
from comments.models import (
    Comment,
    Commenter,
    DataRequest,
    Decision,
    Letter,
    Mail,
    Standing,
    Subscription,
)
from comments.rights.views import BY_ITS_AUTHOR
from comments.tests.factories import make_approved, make_comment, make_draft, sender_of
from newsroom.tests.browsing import text_at

pytestmark = pytest.mark.django_db

ADDRESS = "canary.hana@example.org"
WORDS = {
    "text": "xylophonically",
    "name": "Quillonia",
    "website": "zeppelinade",
    "former text": "wobblequark",
    "reason": "grumblethorpe",
    "second look": "fizzlewick",
    "letter": "mumblecrust",
    "answer": "snorkelby",
    "standing": "crabbington",
}


def everything(*, approve=True):
    """A reply of which all words stand somewhere, with an answer of somebody else."""
    moderator, article = make_staff("Moderators"), make_article()
    draft = make_draft(
        article=article,
        email=ADDRESS,
        name=WORDS["name"],
        website=f"https://{WORDS['website']}.example/",
        text=f"It sounds {WORDS['text']}. https://one.example/ https://two.example/",
        network="ab" * 32,
        key="0123456789abcdef" * 2,
        notices=frozenset(Subscription.Kind.values),
    )
    comment = Comment.objects.submit(draft).comment
    comment.former_texts.create(body=WORDS["former text"], found=WORDS["former text"])
    comment.reject(by=moderator, reason=WORDS["reason"])
    comment.ask_again(WORDS["second look"])
    Letter.objects.write(comment, by=moderator, text=WORDS["letter"])
    Letter.objects.update(answer=WORDS["answer"])
    other = make_staff("Moderators")
    comment.approve(by=other, reason=WORDS["reason"])
    comment.feature(by=other)
    make_approved(article=article, parent=comment, text="An answer.", name="Another")
    sender_of(comment).block(by=moderator, reason=WORDS["standing"])
    sender_of(comment).hand_out_link()
    return comment


def rows_with(words):
    """The tables and columns in which one of the words stands, as text or bytes."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "django_session":
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            columns = [each[0] for each in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    content = bytes(value) if isinstance(value, memoryview | bytes) else str(value)
                    text = content.decode("latin-1") if isinstance(content, bytes) else content
                    found += [(table, column, word) for word in words if word in text]
    return found


def test_every_word_stood_somewhere_before():
    everything()
    assert {word for _table, _column, word in rows_with(WORDS.values())} == set(WORDS.values())


@pytest.mark.parametrize("how", ["the reply", "the sender"])
def test_afterwards_no_table_holds_a_word_or_the_sender(how):
    comment = everything()
    sender = sender_of(comment)
    traces = [*WORDS.values(), sender.fingerprint, sender.data_handle, comment.text_digest]
    traces += [comment.post_key, "ab" * 32, bytes(sender.sealed_address).decode("latin-1")]
    if how == "the reply":
        comment.erase(rule=BY_ITS_AUTHOR)
    else:
        assert sender.erase(rule=BY_ITS_AUTHOR) == 1
    left = rows_with(traces)
    assert left == [("comments_standing", "fingerprint", sender.fingerprint)], "the block alone"
    assert not Commenter.objects.filter(pk=sender.pk).exists()
    assert not Subscription.objects.filter(sender=sender.pk).exists()
    assert not Mail.objects.filter(sender=sender.pk).exists()


def test_what_is_left_is_a_tombstone_that_keeps_its_thread(client):
    comment = everything()
    comment.erase(rule=BY_ITS_AUTHOR)
    stone = Comment.objects.get(pk=comment.pk)
    assert stone.is_erased
    assert stone.commenter is None
    assert (stone.name, stone.website, stone.body, stone.body_html) == ("", "", "", "")
    page = client.get(comment.article.get_absolute_url())
    assert "An answer." in text_at(page)
    assert WORDS["name"] not in page.content.decode()
    assert "A reply that stood here was taken away." in text_at(page)


def test_feeds_and_counts_follow(client):
    comment = everything()
    article = comment.article
    feed = f"/articles/{article.slug}/comments.atom"
    assert WORDS["text"] in client.get(feed).content.decode()
    comment.erase(rule=BY_ITS_AUTHOR)
    assert WORDS["text"] not in client.get(feed).content.decode()
    article.refresh_from_db()
    assert article.reply_count == 1
    assert client.get(f"/comments/{comment.pk}/").status_code == 404
    assert sum(Activity.objects.values_list("replies", flat=True)) == 1


def test_the_log_keeps_what_was_decided_without_the_words():
    comment = everything()
    before = Decision.objects.filter(comment=comment).count()
    comment.erase(rule=BY_ITS_AUTHOR)
    log = list(Decision.objects.filter(comment=comment).with_reasons())
    assert len(log) == before + 1
    assert {each.reason for each in log} == {""}
    assert log[0].rule == BY_ITS_AUTHOR


def test_a_block_outlives_its_sender_as_a_fingerprint_with_an_end(clock):
    comment = everything()
    sender_of(comment).erase(rule=BY_ITS_AUTHOR)
    block = Standing.objects.get()
    assert (block.kind, block.sender, block.reason) == ("blocked", None, "")
    assert block.fingerprint == fingerprint(ADDRESS)
    assert block.until is not None, "not even this is kept for good"
    assert block.until > timezone.now() + timedelta(days=1000)


def test_trust_and_what_was_lifted_do_not_outlive_it():
    moderator = make_staff("Moderators")
    comment = make_comment(email=ADDRESS)
    sender_of(comment).block(by=moderator)
    sender_of(comment).lift(by=moderator)
    sender_of(comment).trust(by=moderator)
    comment.erase(rule=BY_ITS_AUTHOR)
    assert not Standing.objects.exists()


def test_a_sender_with_another_reply_stays(clock):
    first = make_comment(email=ADDRESS)
    clock.shift(60)
    second = make_comment(email=ADDRESS)
    first.erase(rule=BY_ITS_AUTHOR)
    assert Commenter.objects.get() == second.commenter
    assert Comment.objects.get(pk=second.pk).body


def test_erasing_again_does_nothing():
    comment = everything()
    assert comment.erase(rule=BY_ITS_AUTHOR)
    before = Decision.objects.count()
    assert not comment.erase(rule=BY_ITS_AUTHOR)
    assert not Comment.objects.get(pk=comment.pk).erase(by=make_staff())
    assert Decision.objects.count() == before


def test_who_was_erased_may_write_again(clock):
    sender_of(make_comment(email=ADDRESS, text="Once.")).erase(rule=BY_ITS_AUTHOR)
    clock.shift(60)
    again = make_comment(email=ADDRESS, text="Once.")
    assert sender_of(again).fingerprint in fingerprints(ADDRESS)


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_afterwards_no_byte_of_the_files_holds_a_word(tmp_path):
    """In a database file set up as a newsroom's is: the WAL, then all of it in one file."""
    file, original = tmp_path / "db.sqlite3", connection.settings_dict["NAME"]
    connection.ensure_connection()
    with sqlite3.connect(file) as copy:
        connection.connection.backup(copy)
    copy.close()
    held, connection.connection = connection.connection, None
    connection.settings_dict["NAME"] = file
    try:
        comment = everything()
        DataRequest.objects.take(ADDRESS, network="")
        sealed = bytes(DataRequest.objects.get().sealed_address)
        wanted = [word.encode() for word in WORDS.values()]
        files = [file, tmp_path / "db.sqlite3-wal"]
        assert all(any(word in each.read_bytes() for each in files) for word in wanted)
        sender_of(comment).erase(rule=BY_ITS_AUTHOR)
        DataRequest.objects.get().answered()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = b"".join(each.read_bytes() for each in tmp_path.iterdir())
        assert [word for word in wanted if word in content] == []
        assert sealed not in content
        for trace in (b"canary", base64.b64encode(ADDRESS.encode())[:12]):
            assert trace not in content
    finally:
        connection.close()
        connection.connection = held
        connection.settings_dict["NAME"] = original
