"""How an author takes a reply back within five minutes."""

import pytest
from django.db import OperationalError

from articles.tests.factories import make_staff
from comments.editing import EDIT_WINDOW
from comments.models import Comment, Commenter
from comments.status_address import status_url
from comments.tests.factories import FROM_THIS_SITE, make_approved, make_comment
from comments.tests.reading import only, page
from newsroom.tests.browsing import links, text_at

pytestmark = pytest.mark.django_db


def take_back(client, comment, **headers):
    url = f"{status_url(comment)}taking-back/"
    return client.post(url, headers=headers or FROM_THIS_SITE, follow=True)


def test_the_page_asks_first_and_changes_nothing(client):
    comment = make_comment(text="These very words.")
    assert f"{status_url(comment)}taking-back/" in links(client.get(status_url(comment)))
    asking = client.get(f"{status_url(comment)}taking-back/")
    assert "These very words." in text_at(asking)
    form = only(only(page(asking), "main"), "form")
    assert (form.get("method"), form.get("action")) == (
        "post",
        f"{status_url(comment)}taking-back/",
    )
    assert status_url(comment) in links(asking)
    assert Comment.objects.get().is_held


@pytest.mark.parametrize("make", [make_comment, make_approved])
def test_a_reply_that_was_taken_back_is_gone(client, make):
    comment = make(name="Hana", text="These very words.", website="https://example.org/")
    comment.edit("Changed words.", seen=comment.as_seen)
    response = take_back(client, comment)
    assert "You have taken your reply back." in text_at(response)
    gone = Comment.objects.get()
    assert gone.is_erased
    assert (gone.name, gone.body, gone.body_html, gone.website) == ("", "", "", "")
    assert gone.commenter is None and not gone.former_texts.exists()
    assert not Commenter.objects.exists()
    latest = gone.decisions.order_by("-pk")[0]
    assert (latest.rule, latest.by, latest.to_status) == ("taken_back", None, "erased")
    seen = client.get(gone.article.get_absolute_url()).content.decode()
    assert "words" not in seen.partition('id="respond"')[0].partition('id="comments"')[2]
    assert gone.article.reply_count == 0


def test_taking_back_twice_is_taking_back_once(client):
    comment = make_comment()
    take_back(client, comment)
    assert take_back(client, comment).status_code == 200
    assert comment.decisions.filter(rule="taken_back").count() == 1


def test_after_five_minutes_it_stays(client, clock):
    comment = make_comment()
    clock.shift(EDIT_WINDOW)
    response = take_back(client, comment)
    assert response.status_code == 422
    assert "Your reply can't be taken back any more." in text_at(response)
    assert Comment.objects.get().is_held
    asking = client.get(f"{status_url(comment)}taking-back/")
    assert (asking.status_code, asking["Location"]) == (302, status_url(comment))
    assert f"{status_url(comment)}taking-back/" not in links(client.get(status_url(comment)))


@pytest.mark.parametrize("verb", [Comment.reject, Comment.mark_spam])
def test_a_refused_reply_stays_on_its_senders_record(client, verb):
    comment = make_comment()
    verb(comment, by=make_staff("Moderators"))
    assert take_back(client, comment).status_code == 422
    (record,) = Comment.objects.records([comment.commenter_id]).values()
    assert record.rejected == 1


def test_what_was_answered_leaves_a_note_in_its_place(client):
    first = make_approved(name="Hana", text="These very words.")
    answer = make_approved(article=first.article, parent=first, text="I agree.")
    take_back(client, first)
    seen = client.get(first.article.get_absolute_url()).content.decode()
    assert "I agree." in seen and "These very words." not in seen
    answer.refresh_from_db()
    assert answer.parent_id == first.pk


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_another_site_takes_nothing_back(client, site):
    comment = make_comment()
    assert take_back(client, comment, **{"Sec-Fetch-Site": site}).status_code == 403
    assert Comment.objects.get().is_held


def test_a_full_database_is_no_failure(client, monkeypatch):
    comment = make_comment()

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Comment, "take_back", full)
    response = take_back(client, comment)
    assert response.status_code == 503 and response["Retry-After"]
    assert "We can't take changes just now." in text_at(response)
