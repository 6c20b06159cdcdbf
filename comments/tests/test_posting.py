from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from articles.tests.factories import make_article, make_staff
from articles.tests.factories import make_draft as make_draft_piece
from comments.models import Comment, Commenter, Decision, Finding
from comments.tests.factories import FROM_THIS_SITE, form_data, post_reply
from comments.tests.reading import by_class, page, text_of

pytestmark = pytest.mark.django_db


def test_a_good_reply_is_held_and_leads_to_its_authors_address(client):
    article = make_article()
    response = post_reply(client, article, comment="Well said.")
    assert response.status_code == 303
    assert Comment.objects.get().is_held
    page = client.get(response["Location"])
    assert "awaiting moderation" in page.content.decode()
    assert "Well said." in page.content.decode()
    assert "Well said." not in client.get(article.get_absolute_url()).content.decode()


def test_a_reply_is_stored_as_it_was_typed_and_as_html(client):
    post_reply(
        client,
        make_article(),
        comment="One <b>two</b>\r\nthree\r\n\r\nfour <u>five</u>",
        author=" Hana  W. ",
        url="example.org/hana",
    )
    reply = Comment.objects.get()
    assert reply.body == "One <b>two</b>\nthree\n\nfour <u>five</u>"
    assert reply.body_html == "<p>One <b>two</b><br>three</p><p>four five</p>"
    assert reply.name == "Hana W."
    assert reply.website == "https://example.org/hana"
    assert (reply.parent, reply.thread) == (None, None)


def test_the_rule_that_held_a_reply_is_on_record(client):
    post_reply(client, make_article())
    decision = Decision.objects.get()
    assert (decision.from_status, decision.to_status, decision.by) == ("", "held", None)
    assert decision.rule == "newcomer"
    assert decision.reason == "No reply of this sender was approved before."


def test_two_replies_from_one_address_have_one_sender(client):
    article = make_article()
    post_reply(client, article, email="Hana@Example.org")
    Comment.objects.update(submitted_at=timezone.now() - timedelta(minutes=1))
    post_reply(client, article, email=" hana@example.ORG ", comment="Another one.")
    assert Comment.objects.count() == 2
    assert Commenter.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_reply_is_committed_when_its_author_is_told_so(client):
    response = post_reply(client, make_article())
    assert response.status_code == 303
    connection.rollback()  # takes back what is not committed
    assert (Comment.objects.count(), Decision.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("last_step", ["comments.models.Decision.objects.record"])
def test_a_reply_that_cannot_be_put_on_record_is_not_stored_at_all(client, monkeypatch, last_step):
    def fail(*args, **fields):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(last_step, fail)
    client.raise_request_exception = False
    assert post_reply(client, make_article()).status_code == 500
    for model in (Comment, Commenter, Finding, Decision):
        assert not model.objects.exists()


def test_a_staff_member_who_is_logged_in_replies_as_a_reader(client):
    article = make_article()
    client.force_login(make_staff("Moderators"))
    response = post_reply(client, article, author="Guest")
    assert response.status_code == 303
    reply = Comment.objects.get()
    assert reply.is_held
    assert reply.name == "Guest"
    assert reply.decisions.get().by is None


@pytest.mark.parametrize("field", ["status", "by", "submitted_at", "thread"])
def test_no_field_of_the_form_decides_what_becomes_of_a_reply(client, field):
    post_reply(client, make_article(), **{field: "approved"})
    assert Comment.objects.get().is_held


# --- What is not a reply ----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
def test_the_address_of_the_replies_leads_to_the_form(client, method):
    article = make_article()
    response = getattr(client, method)(f"/articles/{article.slug}/comments/")
    assert response.status_code == 302
    assert response["Location"] == f"/articles/{article.slug}/#respond"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_nothing_else_than_posting_is_taken(client, method):
    article = make_article()
    response = getattr(client, method)(
        f"/articles/{article.slug}/comments/", headers=FROM_THIS_SITE
    )
    assert response.status_code == 405


# --- Pieces that cannot be replied to ---------------------------------------------------------


def draft():
    return make_draft_piece()


def in_review():
    article = make_draft_piece()
    article.submit_for_review(by=make_staff("Reporters"))
    return article


def scheduled():
    return make_article(at=timezone.now() + timedelta(hours=1))


def withdrawn_before_its_time():
    article = scheduled()
    article.withdraw(by=make_staff())
    return article


@pytest.mark.parametrize("piece", [draft, in_review, scheduled, withdrawn_before_its_time])
def test_a_piece_that_readers_never_saw_takes_no_reply(client, piece):
    article = piece()
    assert post_reply(client, article).status_code == 404
    assert client.get(f"/articles/{article.slug}/comments/").status_code == 404
    assert not Comment.objects.exists()


def test_a_piece_that_never_was_takes_no_reply(client):
    response = client.post("/articles/no-such/comments/", form_data(), headers=FROM_THIS_SITE)
    assert response.status_code == 404


@pytest.mark.parametrize("fields", [{}, {"author": ""}, {"comment": ""}])
def test_a_withdrawn_piece_takes_no_reply_and_keeps_the_text(client, fields):
    article = make_article()
    article.withdraw(by=make_staff())
    typed = {"comment": "One <b>two</b>\r\nthree & four", "email": "hana@example.org"} | fields
    response = post_reply(client, article, **typed)
    assert response.status_code == 410
    (kept,) = by_class(page(response), "kept")
    assert text_of(kept) == " ".join(typed["comment"].split()).replace("</b> three", "</b>three")
    assert "hana@example.org" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert not Comment.objects.exists()


def test_a_withdrawn_piece_has_no_form(client):
    article = make_article()
    article.withdraw(by=make_staff())
    response = client.get(f"/articles/{article.slug}/comments/", follow=True)
    assert response.status_code == 410
    assert 'method="post"' not in response.content.decode()


def test_a_reply_that_the_database_cannot_take_comes_back_with_all_its_text(client, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("comments.models.Comment.objects.submit", locked)
    response = post_reply(client, make_article(), comment="Do not lose this.")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "no-store" in response["Cache-Control"]
    assert "Do not lose this." in response.content.decode()
    assert "We can&#x27;t take replies just now." in response.content.decode()


def test_a_reply_of_a_new_sender_takes_few_questions(client, django_assert_num_queries):
    article = make_article()
    post_reply(client, article)
    # Within the transaction of a test what is remembered elsewhere is asked for, too.
    with django_assert_num_queries(20):
        post_reply(client, article, author="Ida", email="new@example.org", comment="Other words.")
    assert Commenter.objects.count() == 2
