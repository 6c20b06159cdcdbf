"""Replies of a WordPress site: again, their numbers, their senders, and who is told."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from articles.importers.wordpress.records import PostRecord
from articles.models import Article, Moved, MovedKind, Outcome
from articles.tests.factories import make_article
from comments import email_privacy
from comments.figures import count, today, zone
from comments.importers import numbers
from comments.importers.wordpress_replies import bring
from comments.models import Comment, Commenter, Decision, Mail
from comments.models.day_figure import DayFigure
from comments.tests.factories import make_approved
from comments.tests.moving import BIG, LONG_AGO, of, reply
from comments.tests.moving import moving as moving

pytestmark = pytest.mark.django_db

# --- Again ------------------------------------------------------------------------------------


def everything() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Comment, Commenter, Decision, Moved)
    ]


def test_a_second_run_changes_nothing(moving):
    replies = [reply(1), reply(2, parent=1), reply(3, approved="spam", email="")]
    moving.bring(*replies)
    before = everything()
    moving.run = moving.new_run()
    moving.bring(*replies)
    assert everything() == before
    assert moving.run.counts == {"reply": {"found": 3, "unchanged": 3}}


def test_new_replies_of_a_later_export_are_added_under_those_that_came_before(moving):
    moving.bring(reply(1), reply(3, parent=1))
    moving.run = moving.new_run()
    moving.bring(reply(1), reply(3, parent=1), reply(4, parent=3), reply(2, parent=1))
    assert of(4).parent_id == of(3).pk
    assert of(4).thread_id == of(1).pk
    assert of(1).shown_in_thread == 4
    # Between numbers that stand already there is no place of its own.
    assert of(2).pk > of(3).pk
    assert of(2).former_number == BIG + 2


def test_what_was_changed_there_since_is_reported_and_what_stands_here_kept(moving):
    moving.bring(reply(1, text="First"))
    of(1).reject(by=moving.by, reason="No")
    moving.run = moving.new_run()
    moving.bring(reply(1, text="Second"))
    assert (of(1).body, of(1).status) == ("First", "rejected")
    assert "changed there" in moving.notes()[0][1]


def test_a_number_that_stands_twice_is_brought_once(moving):
    moving.bring(reply(1, text="First"), reply(1, text="Second"))
    assert Comment.objects.get().body == "First"
    assert moving.run.counts["reply"] == {"found": 2, "left_out": 1, "brought": 1}


# --- Numbers ----------------------------------------------------------------------------------


def test_a_reply_that_comes_later_gets_another_number(moving):
    moving.bring(reply(1), reply(2))
    later = make_approved(article=moving.article, text="Much later.")
    assert later.pk > BIG + 2


def test_where_a_number_is_taken_links_from_before_find_their_place(moving, client):
    taken = make_approved()
    first, second = reply(1), reply(2, parent=1)
    moving.bring(
        replace(first, number=taken.pk), replace(second, number=taken.pk + 1, parent=taken.pk)
    )
    comments = list(Comment.objects.filter(article=moving.article).order_by("pk"))
    assert [each.former_number for each in comments] == [taken.pk, taken.pk + 1]
    assert comments[1].parent == comments[0]
    assert comments[0].pk > taken.pk
    page = client.get(moving.article.get_absolute_url()).content.decode()
    for each in comments:
        assert page.count(f'id="comment-{each.former_number}"') == 1
        assert page.count(f'id="comment-{each.pk}"') == 1
    make_approved()  # gets a number that is free


def test_numbers_that_nobody_counted_to_are_not_kept(moving):
    moving.bring(replace(reply(1), number=2**60), replace(reply(2), number=-3))
    assert Comment.objects.filter(article=moving.article).count() == 2
    assert not Comment.objects.filter(pk__gt=numbers.HIGHEST).exists()
    make_approved()


# --- Senders ----------------------------------------------------------------------------------


def test_replies_from_one_address_have_one_sender_who_is_known_here_too(moving):
    here = make_approved(email="Hana@example.org")
    moving.bring(reply(1, email="hana@example.ORG "), reply(2, email="hana@example.org"))
    assert of(1).commenter == of(2).commenter == here.commenter
    sender = Commenter.objects.get(pk=here.commenter_id or 0)
    assert sender.first_seen == LONG_AGO + timedelta(minutes=1)


@pytest.mark.usefixtures("mail_worker")
def test_the_mail_worker_can_write_to_a_new_sender(moving):
    moving.bring(reply(1, email="Hana@Example.org"))
    sender = of(1).commenter
    assert sender is not None
    assert sender.first_seen == LONG_AGO + timedelta(minutes=1)
    assert b"ana@" not in bytes(sender.sealed_address)
    assert sender.fingerprint == email_privacy.fingerprint("hana@example.org")
    opened = email_privacy.unseal(sender.sealed_address, fingerprint=sender.fingerprint)
    assert opened == "Hana@Example.org"


@pytest.mark.parametrize("email", ["", "nobody", "x" * 300 + "@example.org"])
def test_replies_without_an_address_have_a_sender_each_who_takes_no_mail(moving, email):
    moving.bring(reply(1, email=email), reply(2, email=email))
    assert of(1).commenter != of(2).commenter
    assert not of(1).commenter.takes_mail  # type: ignore[union-attr]


def test_the_address_of_a_sender_in_the_text_is_taken_out(moving):
    moving.bring(reply(1, email="hana@example.org", text="Write to Hana@example.org please"))
    assert of(1).body == "Write to … please"
    assert "hana" not in str(moving.notes()).lower()


def test_no_address_and_no_network_is_kept_anywhere_logged_or_reported(
    moving, client, caplog, capsys
):
    caplog.set_level(logging.DEBUG)
    secret = reply(
        1,
        email="secret.hana@example.org",
        network="198.51.100.7",
        parent=99,
        at=None,
        name="",
        website="https://example.org/?secret.hana@example.org",
    )
    moving.bring(secret, replace(secret, type="review"), replace(secret, type="note", text="Note"))
    moving.run = moving.new_run()
    moving.bring(replace(secret, text="Changed"))
    told = capsys.readouterr()
    page = client.get(moving.article.get_absolute_url()).content.decode()
    said = "".join(
        [
            *(
                record.getMessage()
                for record in caplog.records
                if record.name != "django.db.backends"
            ),
            *(told.out, told.err, page, str(moving.notes()), str(everything())),
            str(list(Article.objects.values())),
        ]
    )
    for each in ("secret.hana", "198.51.100.7"):
        assert each not in said
    assert of(1).network == ""
    assert "secret.hana@" not in repr(replace(secret, website=""))


# --- Nobody is told ---------------------------------------------------------------------------


def test_nobody_is_written_to_and_no_figure_of_today_counts_what_was_decided_elsewhere(moving):
    here = make_approved(article=moving.article, email="hana@example.org", notices={"all"})
    Mail.objects.all().delete()
    before = len(mail.outbox)
    moving.bring(reply(1), reply(2, approved="0"), reply(3, approved="spam"))
    assert not Mail.objects.exists()
    assert len(mail.outbox) == before
    counted = count(today(), zone())
    assert counted[DayFigure.Kind.APPROVED, ""] == 1
    assert counted[DayFigure.Kind.SPAM, ""] == 0
    assert here.is_approved


def test_one_post_costs_the_same_queries_however_many_replies_it_has(
    moving, django_assert_max_num_queries
):
    other = make_article()
    with django_assert_max_num_queries(45):
        moving.bring(*(reply(n) for n in range(1, 4)))
    with django_assert_max_num_queries(45):
        moving.bring(*(reply(n, parent=0) for n in range(101, 300)), article=other)


def test_the_counts_of_a_run_are_those_of_what_was_kept(moving):
    with pytest.raises(RuntimeError), transaction.atomic(), moving.run:
        bring(
            PostRecord(1, "post", "publish", replies=(reply(1),)),
            moving.article,
            site=moving.site,
            report=moving.run,
            by=moving.by,
        )
        raise RuntimeError
    assert not Comment.objects.exists()
    assert moving.run.count_of(MovedKind.REPLY, Outcome.BROUGHT) == 0


# --- Links from before ------------------------------------------------------------------------


def test_a_number_from_before_leads_to_the_page_on_which_the_reply_stands(moving, client):
    moving.bring(*(reply(n) for n in range(1, 61)))
    piece = moving.article.get_absolute_url()
    page = client.get(piece).content.decode()
    assert f'data-numbered="{piece}comments/numbered/0/"' in page
    assert f'id="comment-{BIG + 60}"' not in page
    response = client.get(f"{piece}comments/numbered/{BIG + 60}/")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"{piece}comments/2/#comment-{BIG + 60}",
    )


def test_a_number_that_is_anothers_by_now_leads_to_the_reply_that_had_it(moving, client):
    taken = make_approved()
    moving.bring(replace(reply(1), number=taken.pk))
    comment = Comment.objects.get(article=moving.article)
    piece = moving.article.get_absolute_url()
    response = client.get(f"{piece}comments/numbered/{taken.pk}/")
    assert response.headers["Location"] == f"{piece}#comment-{comment.pk}"
    assert client.get(f"{piece}comments/numbered/{comment.pk}/").status_code == 302


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 30, "x"])
def test_a_number_that_no_reply_to_the_piece_had_leads_nowhere(moving, client, number):
    moving.bring(reply(1, approved="0"))
    piece = moving.article.get_absolute_url()
    assert client.get(f"{piece}comments/numbered/{number}/").status_code == 404
    assert client.get(f"{piece}comments/numbered/{BIG + 1}/").status_code == 404
