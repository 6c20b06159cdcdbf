"""The replies under a piece, their permanent links, and what their authors alone see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from articles.tests.factories import (
    make_article,
    make_author,
    make_page,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from comments.models import Comment
from comments.status_address import status_url
from comments.tests.factories import (
    VERBS,
    make_approved,
    make_comment,
    make_in_state,
    make_many_approved,
)
from comments.tests.reading import all_by_id, by_class, by_id, only, page, text_of
from newsroom.models import MenuItem, SiteSettings

pytestmark = pytest.mark.django_db


def page_of(client, article):
    return page(client.get(article.get_absolute_url()))


# --- Under the piece --------------------------------------------------------------------------


@pytest.mark.parametrize("state", VERBS)
def test_readers_see_what_was_approved_and_nothing_else(client, state):
    comment = make_in_state(state, text="These very words.", name="Hana Wójcik")
    response = client.get(comment.article.get_absolute_url())
    is_shown = state == "approved"
    assert len(all_by_id(page(response), f"comment-{comment.pk}")) == int(is_shown)
    assert ("These very words." in response.content.decode()) is is_shown
    assert ("Hana Wójcik" in response.content.decode()) is is_shown


def test_a_reply_is_shown_once_with_its_name_its_time_and_its_text(client):
    article = make_article()
    comment = make_approved(article=article, name="Hana <W>", text="One <b>two</b>\n\nthree")
    reply = by_id(page_of(client, article), f"comment-{comment.pk}")
    assert text_of(by_class(reply, "reply-by")[0]) == "Hana <W>"
    assert only(reply, "time").get("datetime") == comment.submitted_at.isoformat()
    (text,) = by_class(reply, "reply-text")
    assert [(each.tag, each.text) for each in text.iter() if each is not text] == [
        ("p", "One "),
        ("b", "two"),
        ("p", "three"),
    ]
    links = [each.get("href") for each in reply.iter("a")]
    assert f"{article.get_absolute_url()}?reply_to={comment.pk}#respond" in links


def test_replies_stand_in_the_order_they_came_in_whatever_the_clock_said(client):
    article = make_article()
    comments = [make_approved(article=article) for _ in range(3)]
    for comment, hours in zip(comments, [2, 3, 1], strict=True):
        moment = timezone.now() - timedelta(hours=hours)
        Comment.objects.filter(pk=comment.pk).update(submitted_at=moment)
    shown = [each.get("id") for each in by_class(page_of(client, article), "reply")]
    assert shown == [f"comment-{comments[place].pk}" for place in (0, 1, 2)]


def test_an_answer_stands_under_its_parent_though_the_clock_was_set_back(client):
    parent = make_approved()
    answer = make_approved(article=parent.article, parent=parent)
    Comment.objects.filter(pk=answer.pk).update(submitted_at=timezone.now() - timedelta(days=1))
    page = page_of(client, parent.article)
    assert "was taken away" not in text_of(page)
    assert [each.get("id") for each in by_class(page, "reply")] == [
        f"comment-{parent.pk}",
        f"comment-{answer.pk}",
    ]


@pytest.mark.parametrize(
    ("count", "heading"), [(0, "No replies yet"), (1, "1 reply"), (2, "2 replies")]
)
def test_the_replies_are_counted(client, count, heading):
    article = make_article()
    make_comment(article=article)
    make_many_approved(article, count)
    assert text_of(by_id(page_of(client, article), "comments-heading")) == heading


def test_a_piece_shows_its_own_replies_alone(client):
    article = make_article()
    make_approved(text="Elsewhere.")
    assert "Elsewhere." not in client.get(article.get_absolute_url()).content.decode()


def test_no_reply_is_on_the_page_of_a_withdrawn_piece(client):
    comment = make_approved(text="These very words.")
    comment.article.withdraw(by=make_staff())
    response = client.get(comment.article.get_absolute_url())
    assert response.status_code == 410
    assert "These very words." not in response.content.decode()


# --- The permanent link -----------------------------------------------------------------------


def test_the_permanent_link_leads_to_the_place_of_the_reply(client):
    comment = make_approved()
    response = client.get(f"/comments/{comment.pk}/")
    assert response.status_code == 302
    assert response["Location"] == f"/articles/{comment.article.slug}/#comment-{comment.pk}"


@pytest.mark.parametrize("state", ["held", "rejected", "spam"])
def test_what_is_not_approved_has_no_permanent_link(client, state):
    comment = make_in_state(state)
    unknown = client.get(f"/comments/{comment.pk + 1}/")
    response = client.get(f"/comments/{comment.pk}/")
    assert (response.status_code, response.content) == (404, unknown.content)


@pytest.mark.parametrize("when", ["withdrawn", "embargo", "still to come"])
def test_a_reply_to_a_piece_that_is_not_public_has_no_permanent_link(client, when):
    comment = make_approved()
    if when == "withdrawn":
        comment.article.withdraw(by=make_staff())
    else:
        field = "embargo_until" if when == "embargo" else "published_at"
        Article.objects.update(**{field: timezone.now() + timedelta(hours=1)})
    assert client.get(f"/comments/{comment.pk}/").status_code == 404


@pytest.mark.parametrize(
    "number", ["0", str(2**31), str(2**63), "9" * 400, "9" * 5000, "-1", "x", "١"]
)
def test_a_number_that_is_no_reply_leads_nowhere(client, number):
    assert client.get(f"/comments/{number}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_addresses_of_replies_are_for_reading(client, method):
    comment = make_approved()
    for url in (f"/comments/{comment.pk}/", status_url(comment)):
        assert getattr(client, method)(url).status_code == 405


# --- What a page costs ------------------------------------------------------------------------

PIECE_QUERIES = 9
ANSWERING_QUERIES = 9
ANSWERING_ELSEWHERE_QUERIES = 10


@pytest.fixture
def dearest_site():
    """Every part of a page that costs a query is there."""
    site = SiteSettings.objects.create(name="Newsroom")
    MenuItem.objects.create(site=site, label="About", address="/about/")
    make_page()


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_page_of_a_piece_costs_the_same_however_many_replies_there_are(client, dearest_site):
    article = make_article(
        authors=[make_author("A"), make_author("B")],
        topics=[make_topic("Japan"), make_topic("Treaties")],
        section=make_section(),
        source=make_source(),
    )
    url = article.get_absolute_url()
    first = make_many_approved(article, 10)[0]
    assert queries_of(client, url) == PIECE_QUERIES
    assert queries_of(client, f"{url}?reply_to={first.pk}") == ANSWERING_QUERIES
    make_many_approved(article, 490, parent=first)
    last = make_many_approved(article, 500, parent=first, a_chain=True)[-1]
    assert queries_of(client, url) == PIECE_QUERIES <= 9
    assert queries_of(client, f"{url}?reply_to={first.pk}") == ANSWERING_QUERIES
    # One that is cut from its thread, or on another page.
    assert queries_of(client, f"{url}?reply_to={last.pk}") == ANSWERING_ELSEWHERE_QUERIES
