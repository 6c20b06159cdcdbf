"""Replies of a WordPress site move in as they were."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.models import Article, MoveNote
from articles.tests.factories import make_article
from comments.models import Comment, Decision
from comments.tests.moving import BIG, LONG_AGO, of, reply
from comments.tests.moving import moving as moving

pytestmark = pytest.mark.django_db

# --- As they were -----------------------------------------------------------------------------


def test_a_reply_has_the_name_the_website_the_date_and_the_number_it_had(moving):
    moving.bring(reply(1, website="http://hana.example.org", text="I was <em>there</em>."))
    comment = Comment.objects.get()
    assert comment.pk == BIG + 1
    assert comment.former_number is None
    assert (comment.name, comment.website) == ("Hana", "http://hana.example.org/")
    assert comment.submitted_at == comment.approved_at == LONG_AGO + timedelta(minutes=1)
    assert comment.body_html == "<p>I was <em>there</em>.</p>"
    assert moving.run.counts == {"reply": {"found": 1, "brought": 1}}


@pytest.mark.parametrize(
    ("approved", "status"),
    [
        ("1", "approved"),
        ("0", "held"),
        ("hold", "held"),
        ("spam", "spam"),
        ("trash", "rejected"),
        ("post-trashed", "rejected"),
        ("whatever", "held"),
    ],
)
def test_its_state_is_what_it_was_and_on_record(moving, approved, status):
    moving.bring(reply(1, approved=approved))
    comment = Comment.objects.get()
    decision = Decision.objects.get()
    assert comment.status == decision.to_status == status
    assert (decision.rule, decision.by, decision.from_status) == ("moved_in", None, "")
    assert str(decision.who) == "Moved in with a former site"
    assert bool(decision.note) == (approved in {"trash", "post-trashed"})
    assert (comment.approved_at is None) == (status != "approved")


def test_what_readers_see_is_counted(moving):
    moving.bring(reply(1), reply(2, parent=1), reply(3, approved="0"), reply(4, approved="spam"))
    moving.article.refresh_from_db()
    assert moving.article.reply_count == 2
    assert of(1).shown_in_thread == 2
    assert of(3).shown_in_thread == 0


def test_an_answer_stands_under_what_it_answers_whichever_comes_first(moving, client):
    moving.bring(reply(3, parent=2), reply(2, parent=1), reply(1), reply(4, parent=1))
    assert [of(n).parent_id for n in (1, 2, 3, 4)] == [None, of(1).pk, of(2).pk, of(1).pk]
    assert {of(n).thread_id for n in (2, 3, 4)} == {of(1).pk}
    page = client.get(moving.article.get_absolute_url()).content.decode()
    places = [page.index(f'id="comment-{of(n).pk}"') for n in (1, 2, 3, 4)]
    assert places == sorted(places)


def test_an_answer_that_is_older_than_what_it_answers_still_follows_it(moving):
    moving.bring(reply(1, at=LONG_AGO), reply(9, parent=10), reply(10))
    assert of(9).pk > of(10).pk
    assert of(9).parent_id == of(10).pk


def test_an_answer_to_nothing_stands_under_the_piece_and_is_reported(moving):
    moving.bring(reply(1, parent=99))
    assert (of(1).parent_id, of(1).thread_id) == (None, None)
    assert moving.notes() == [
        (
            f"Reply {BIG + 1}",
            "What it answers was not brought: it stands under the piece itself.",
        )
    ]
    assert str(MoveNote.objects.get().place) == "export.xml, line 1, post 17"


def test_an_answer_to_a_reply_under_another_post_stands_under_its_own_piece(moving):
    other = make_article()
    moving.bring(reply(1), article=other)
    moving.bring(reply(2, parent=1))
    assert (of(2).parent_id, of(2).article) == (None, moving.article)
    assert "under another post" in moving.notes()[0][1]


def test_circles_are_broken_where_they_began(moving):
    moving.bring(
        reply(1, parent=3),
        reply(2, parent=1),
        reply(3, parent=2),
        reply(4, parent=4),
        reply(5, parent=3),
    )
    assert [of(n).parent_id for n in (1, 2, 3, 4, 5)] == [
        *(None, of(1).pk, of(2).pk, None, of(3).pk),
    ]
    assert [item for item, _why in moving.notes()] == [f"Reply {BIG + 1}", f"Reply {BIG + 4}"]


def test_a_very_long_chain_of_answers_is_brought(moving):
    moving.bring(*(reply(n, parent=n - 1 if n > 1 else 0) for n in range(1, 1500)))
    assert Comment.objects.filter(thread=of(1)).count() == 1498


def test_an_approved_answer_to_a_refused_reply_keeps_its_place(moving, client):
    moving.bring(reply(1, approved="spam", text="Buy it"), reply(2, parent=1, text="Don't"))
    page = client.get(moving.article.get_absolute_url()).content.decode()
    assert "A reply that stood here was taken away." in page
    assert "Don't" in page.replace("&#x27;", "'")
    assert "Buy it" not in page


# --- Mended -----------------------------------------------------------------------------------


def test_html_of_wordpress_becomes_what_a_reply_may_contain(moving):
    text = (
        'See <a href="https://example.org/x" rel="nofollow">this</a> &amp; <strike>that</strike>.\n'
        "\n<ul><li>One</li><li>Two</li></ul><blockquote>Said</blockquote>"
        '<img src="x.gif" alt="A boat"><script>alert(1)</script><span style="x">end</span>'
        '<a href="javascript:alert(2)">bad</a>'
    )
    moving.bring(reply(1, text=text))
    html = of(1).body_html
    assert '<a href="https://example.org/x" rel="nofollow ugc noopener">this</a> &amp; ' in html
    assert "<del>that</del>" in html
    assert "<p>One</p><p>Two</p>" in html
    assert "<blockquote>Said</blockquote>" in html
    assert "end" in html
    assert not any(each in html for each in ("alert", "script", "<img", "style", "<ul"))
    assert [why for _item, why in moving.notes()] == ["Left out of its text: img"]


def test_a_reply_of_any_length_is_kept_whole(moving):
    words = [f"word{number}" for number in range(3000)]
    moving.bring(reply(1, text=" ".join(words)), reply(2, text="x" * 12_000))
    shown = of(1).body_html.replace("<p>", " ").replace("</p>", " ")
    assert shown.split() == words
    assert of(2).body_html.count("x") == 12_000
    assert [why for _item, why in moving.notes()] == [
        "It is longer than replies may be here, and was kept whole."
    ] * 2


@pytest.mark.parametrize(
    ("name", "kept", "is_told"),
    [
        ("  Hana \n Sato ", "Hana Sato", False),
        ("Tom &amp; Jo", "Tom & Jo", False),
        ("", "Reader", True),
        ("\u202eevil", "evil", True),
        ("x" * 200, "x" * 80, True),
        ("...", "Reader", True),
        ("hana@example.org", "Reader", True),
    ],
)
def test_a_name_that_cannot_be_shown_is_mended_and_reported(moving, name, kept, is_told):
    moving.bring(reply(1, name=name))
    assert of(1).name == kept
    assert bool(moving.notes()) == is_told


@pytest.mark.parametrize(
    ("website", "is_told"),
    [
        ("", False),
        ("http://", False),
        ("javascript:alert(1)", True),
        ("https://localhost/", True),
        ("https://example.org/?me=hana@example.org", True),
        ("https://example.org/" + "x" * 500, True),
    ],
)
def test_a_website_that_is_no_public_page_is_left_out(moving, website, is_told):
    moving.bring(reply(1, website=website))
    assert of(1).website == ""
    assert bool(moving.notes()) == is_told


def test_a_reply_without_a_date_has_that_of_its_post_and_none_lies_ahead(moving):
    ahead = timezone.now() + timedelta(days=9)
    with time_machine.travel(timezone.now(), tick=False):
        moving.bring(reply(1, at=None), reply(2, at=ahead), at=LONG_AGO)
        assert of(2).submitted_at == timezone.now()
    assert of(1).submitted_at == LONG_AGO
    assert len(moving.notes()) == 2


# --- What is no reply -------------------------------------------------------------------------


def test_pings_are_left_out_and_counted(moving):
    pings = [reply(n, type=kind) for n, kind in enumerate(["pingback", "trackback", "pingback"], 1)]
    moving.bring(*pings, reply(4), reply(5, type="review"))
    assert Comment.objects.count() == 1
    assert moving.run.counts["other"] == {"found": 4, "left_out": 4}
    assert moving.notes()[0][0] == "3 pingbacks and trackbacks"
    assert moving.notes()[1][0] == f"Reply {BIG + 5}"


def test_notes_of_editors_become_notes_for_the_desk(moving, client):
    Article.objects.filter(pk=moving.article.pk).update(desk_notes="Ask Jo.")
    moving.article.refresh_from_db()
    notes = [
        reply(2, type="note", name="Ana", text="<p>Check the <b>date</b></p>"),
        reply(1, type="note", name="Bo", text="Who says so?", approved="0"),
        reply(3, type="note", text=""),
    ]
    moving.bring(*notes)
    moving.article.refresh_from_db()
    assert moving.article.desk_notes == (
        "Ask Jo.\n2020-01-05, Bo: Who says so?\n2020-01-05, Ana: Check the date"
    )
    assert not Comment.objects.exists()
    assert moving.run.counts["note"] == {"found": 3, "brought": 2, "left_out": 1}
    assert b"Who says so" not in client.get(moving.article.get_absolute_url()).content
    moving.run = moving.new_run()
    moving.bring(*notes[:2])
    assert moving.run.counts["note"] == {"found": 2, "unchanged": 2}


def test_a_note_that_has_no_room_is_reported(moving):
    moving.bring(*(reply(n, type="note", text="x" * 2000) for n in (1, 2, 3)))
    moving.article.refresh_from_db()
    assert moving.article.desk_notes.count("x" * 2000) == 2
    assert moving.notes()[0][0] == f"Note {BIG + 3}"
