"""How fast replies come: what is held, and what is sent back with its text."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from articles.models import Replies
from articles.tests.factories import make_article
from comments.models import Comment, Policy
from comments.network import network_of
from comments.tests.factories import FROM_THIS_SITE, form_data, make_comment, post_reply
from comments.tests.reading import filled_in, reply_form, summary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def rules_that_saw(comment):
    return set(comment.findings.values_list("rule", flat=True)) - {"newcomer"}


def without_token(client, address):
    """The page at a status address, but for the token of the address itself."""
    return client.get(address).content.replace(address.split("/")[-2].encode(), b"")


def post_from(client, address, article, **fields):
    return client.post(
        f"/articles/{article.slug}/comments/",
        form_data(**fields),
        headers=FROM_THIS_SITE,
        REMOTE_ADDR=address,
    )


# --- One sender -------------------------------------------------------------------------------


def test_a_second_reply_within_ten_seconds_is_held_for_that(client, clock):
    post_reply(client, make_article(), comment="First.")
    clock.shift(9)
    assert post_reply(client, make_article(), comment="Second.").status_code == 303
    assert rules_that_saw(Comment.objects.get(body="Second.")) == {"pace_of_sender"}
    clock.shift(10)
    post_reply(client, make_article(), comment="Third.")
    assert rules_that_saw(Comment.objects.get(body="Third.")) == set()


def test_somebody_elses_replies_are_no_haste(client):
    article = make_article()
    for number in range(3):
        post_reply(client, article, comment=f"No. {number}", email=f"{number}@example.org")
    assert all(rules_that_saw(each) == set() for each in Comment.objects.all())


def test_the_sixth_reply_of_a_sender_in_ten_minutes_is_held_for_that(client, clock):
    article = make_article()
    for number in range(6):
        make_comment(article=article, email="hana@example.org", text=f"No. {number}.")
        clock.shift(60)
    seen = [rules_that_saw(each) for each in Comment.objects.order_by("pk")]
    assert seen == [set()] * 5 + [{"pace_of_sender"}]
    clock.shift(10 * 60)
    assert rules_that_saw(make_comment(article=article, email="hana@example.org")) == set()


def test_whether_an_address_has_just_been_used_cannot_be_told_from_the_answer(client):
    """Else anybody could ask who has replied here lately."""
    article = make_article()
    post_reply(client, make_article(), comment="First.", email="hana@example.org")
    answers = [
        post_reply(client, article, comment="Mine.", email=email)
        for email in ("hana@example.org", "nobody@example.org")
    ]
    assert {(each.status_code, each["Location"].split("/")[2]) for each in answers} == {
        (303, "status")
    }
    pages = {without_token(client, each["Location"]) for each in answers}
    assert len(pages) == 1


# --- A network, a piece -----------------------------------------------------------------------


def test_many_replies_from_one_network_are_held_for_that(client):
    Policy(network_pace=2).save()
    article = make_article()
    for number in range(3):
        fields = {"comment": f"No. {number}", "email": f"{number}@example.org"}
        post_from(client, f"203.0.113.{number}", article, **fields)
    post_from(client, "198.51.100.1", article, comment="From elsewhere.", email="x@example.org")
    seen = [rules_that_saw(each) for each in Comment.objects.order_by("pk")]
    assert seen == [set(), set(), {"pace_of_network"}, set()]


def test_what_comes_from_no_network_is_no_crowd():
    Policy(network_pace=1).save()
    article = make_article()
    seen = [rules_that_saw(make_comment(article=article)) for _ in range(3)]
    assert seen == [set()] * 3


def test_many_replies_to_one_piece_are_held_for_that():
    Policy(article_pace=2).save()
    article = make_article()
    seen = [rules_that_saw(make_comment(article=article)) for _ in range(3)]
    assert seen == [set(), set(), {"pace_under_article"}]
    assert rules_that_saw(make_comment(article=make_article())) == set()


def test_pace_holds_what_would_appear_at_once():
    Policy(replies=Replies.OPEN, hold_first=0, article_pace=1).save()
    article = make_article()
    assert [make_comment(article=article).status for _ in range(2)] == ["approved", "held"]


# --- Too many ---------------------------------------------------------------------------------


def test_above_the_limit_a_post_comes_back_with_its_text_and_when_to_try_again(client, clock):
    Policy(most_posts_a_minute=2).save()
    article = make_article()
    for number in range(2):
        fields = {"comment": f"No. {number}", "email": f"{number}@example.org"}
        assert post_from(client, "203.0.113.5", article, **fields).status_code == 303
    late = {"comment": "Mine.", "author": "Hana", "email": "hana@example.org"}
    refused = post_from(client, "203.0.113.9", article, **late)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert "from your network" in summary(refused)[""]
    kept = filled_in(reply_form(refused))
    assert (kept["comment"], kept["author"]) == ("Mine.", "Hana")
    assert Comment.objects.count() == 2
    assert post_from(client, "198.51.100.9", article, **late).status_code == 303
    clock.shift(61)
    again = {"comment": "Again.", "email": "hana@example.org"}
    assert post_from(client, "203.0.113.9", article, **again).status_code == 303


def test_the_limit_is_sixty_and_can_be_lifted(client):
    article = make_article()
    now = make_comment(article=article, network="a").submitted_at
    first = Comment.objects.get()
    for number in range(59):
        first.pk, first.text_digest = None, f"{number}"
        first.submitted_at = now - timedelta(seconds=number)
        first.save()
    Comment.objects.update(network=network_of(RequestFactory().get("/")))
    assert Comment.objects.count() == 60
    assert post_reply(client, article, comment="One more.").status_code == 429
    Policy(most_posts_a_minute=0).save()
    assert post_reply(client, article, comment="One more.").status_code == 303


# --- What it costs ----------------------------------------------------------------------------


def test_a_post_asks_the_database_as_often_whatever_is_stored(clock):
    """A new sender's row is made besides; nothing else depends on who sends."""
    article = make_article()
    make_comment(article=article)  # what is looked up once
    counts = {}
    for name, email in [("new", "a@example.org"), ("known", "a@example.org")]:
        clock.shift(700)
        with CaptureQueriesContext(connection) as queries:
            make_comment(article=article, email=email)
        counts[name] = len(queries)
    for _ in range(5):
        clock.shift(700)
        make_comment(article=article, email="a@example.org")
    clock.shift(700)
    with CaptureQueriesContext(connection) as queries:
        make_comment(article=article, email="a@example.org")
    assert len(queries) == counts["known"]
    assert counts["known"] <= counts["new"] <= 32


@pytest.mark.sqlite_only
def test_what_came_in_lately_is_counted_along_the_clock_and_not_among_all_replies(client):
    with CaptureQueriesContext(connection) as queries:
        post_reply(client, make_article())
    sql = next(each["sql"] for each in queries if "everywhere" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [row[-1] for row in cursor.fetchall()]
    assert plan == ["SEARCH comments_comment USING COVERING INDEX comment_pace (submitted_at>?)"]
