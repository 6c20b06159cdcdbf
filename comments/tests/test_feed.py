"""The feed of the replies to a piece."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.tests.factories import make_article, make_draft, make_staff
from comments.feeds import REPLIES
from comments.models import Comment
from comments.tests.factories import make_approved, make_comment, make_many_approved
from comments.tests.hostile import XSS
from comments.tests.reading import page
from comments.tests.test_body_html import assert_harmless
from newsroom.tests.clock import SITE

pytestmark = pytest.mark.django_db

ATOM = {"": "http://www.w3.org/2005/Atom", "thr": "http://purl.org/syndication/thread/1.0"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def feed_of(client, article):
    response = client.get(f"/articles/{article.slug}/comments.atom")
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def entries(client, article):
    return feed_of(client, article).findall("entry", ATOM)


def test_the_page_of_a_piece_names_its_feed(client):
    article = make_article()
    links = page(client.get(article.get_absolute_url())).iter("link")
    feeds = [each.get("href") for each in links if each.get("type") == "application/atom+xml"]
    assert f"/articles/{article.slug}/comments.atom" in feeds


def test_the_feed_is_atom_and_names_its_piece(client):
    article = make_article(headline="The <Alliance> & Co.")
    response = client.get(f"/articles/{article.slug}/comments.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert feed_of(client, article).findtext("title", None, ATOM) == (
        "Replies to “The <Alliance> & Co.”"
    )


@pytest.mark.parametrize("verb", [Comment.restore, Comment.reject, Comment.mark_spam])
def test_only_what_was_approved_is_in_the_feed(client, verb):
    article, moderator = make_article(), make_staff("Moderators")
    make_comment(article=article, text="Held.")
    taken_back = make_approved(article=article, text="Taken back.")
    verb(taken_back, by=moderator)
    make_approved(text="Elsewhere.")
    shown = make_approved(article=article, text="Shown.")
    (entry,) = entries(client, article)
    assert entry.findtext("summary", None, ATOM) == "<p>Shown.</p>"
    link = entry.find("link", ATOM)
    assert link is not None
    assert link.get("href") == f"{SITE}/comments/{shown.pk}/"


def test_an_entry_says_who_replied_when_and_what(client):
    article = make_article()
    comment = make_approved(
        article=article, name="Hana <b>W.</b> & Co.", text="One <b>two</b>\n\nthree & four"
    )
    (entry,) = entries(client, article)
    assert entry.findtext("author/name", None, ATOM) == "Hana <b>W.</b> & Co."
    assert entry.findtext("published", None, ATOM) == comment.submitted_at.isoformat()
    summary = entry.find("summary", ATOM)
    assert summary is not None
    assert summary.get("type") == "html"
    assert summary.text == "<p>One <b>two</b></p><p>three &amp; four</p>"
    assert entry.find("author/email", ATOM) is None
    assert entry.find("author/uri", ATOM) is None


def test_the_newest_replies_come_first_and_fifty_are_enough(client):
    article = make_article()
    comments = make_many_approved(article, REPLIES + 5)
    ids = [entry.findtext("id", "", ATOM).split("/")[-2] for entry in entries(client, article)]
    assert ids == [str(comment.pk) for comment in reversed(comments[5:])]
    assert len(ids) == REPLIES == 50


def test_a_piece_without_replies_has_an_empty_feed(client):
    assert entries(client, make_article()) == []


def test_a_piece_that_is_not_public_has_no_feed(client):
    for article in (make_article(at=timezone.now() + timedelta(hours=1)), make_draft()):
        assert client.get(f"/articles/{article.slug}/comments.atom").status_code == 404
    assert client.get("/articles/no-such/comments.atom").status_code == 404


def test_whatever_readers_typed_the_feed_is_xml_and_harmless(client):
    """One reply must not be able to break the feed of all."""
    article = make_article()
    typed = [*XSS[:40], "a&#1;b", "a&#12;b", "a\ufffeb\uffff", "]]>", "&#xFFFF;", "\u2028", "\x85"]
    for number, text in enumerate(typed):
        make_approved(article=article, text=f"{number} {text}", name=f"]]> &amp; {number}")
    shown = entries(client, article)
    assert len(shown) == len(typed)
    for entry in shown:
        html = entry.findtext("summary", "", ATOM)
        assert html.startswith("<p>")
        assert_harmless(html)


def test_the_feed_costs_the_same_however_many_replies_there_are(client):
    article = make_article()
    counts = []
    for count in (1, 40):
        make_many_approved(article, count)
        with CaptureQueriesContext(connection) as captured:
            feed_of(client, article)
        counts.append(len(captured))
    assert counts == [3, 3]


# --- What each reply answers, and what programs need to keep up -----------------------------------


def answered(client, article):
    """By the number of each reply: what it is an answer to."""
    return {
        entry.findtext("id", "", ATOM).split("/")[-2]: entry.find("thr:in-reply-to", ATOM)
        for entry in entries(client, article)
    }


def test_an_entry_refers_to_the_reply_that_it_answers_else_to_the_piece(client):
    article = make_article()
    first = make_approved(article=article)
    second = make_approved(article=article, parent=first)
    above = answered(client, article)
    site_feed = ElementTree.fromstring(client.get("/feeds/latest.atom").content)
    assert above[f"{first.pk}"].get("ref") == site_feed.findtext("entry/id", None, ATOM)
    assert above[f"{first.pk}"].get("href") == f"{SITE}/articles/{article.slug}/"
    assert above[f"{second.pk}"].get("ref") == f"{SITE}/comments/{first.pk}/"
    assert above[f"{second.pk}"].get("href") == f"{SITE}/comments/{first.pk}/"
    first.reject(by=make_staff("Moderators"))
    assert above.keys() - answered(client, article).keys() == {f"{first.pk}"}
    assert answered(client, article)[f"{second.pk}"].get("ref").startswith("tag:")


def test_the_feed_says_where_it_is_and_keeps_its_name(client):
    article = make_article(slug="old", by=make_staff())
    before = feed_of(client, article)
    [own] = [link for link in before.findall("link", ATOM) if link.get("rel") == "self"]
    assert own.get("href") == f"{SITE}/articles/old/comments.atom"
    article.slug = "new"
    article.save()
    article.record(by=make_staff())
    assert feed_of(client, article).findtext("id", None, ATOM) == before.findtext("id", "", ATOM)


def test_a_program_is_sent_the_feed_again_only_when_a_decision_changed_it(client):
    with time_machine.travel(NOON, tick=False) as clock:
        article = make_article()
        path = f"/articles/{article.slug}/comments.atom"
        comment = make_approved(article=article)
        first = client.get(path)
        known = {"If-None-Match": first["ETag"]}
        assert client.get(path, headers=known).status_code == 304
        assert client.head(path)["ETag"] == first["ETag"]
        clock.shift(timedelta(minutes=1))
        comment.reject(by=make_staff("Moderators"))
        assert client.get(path, headers=known).status_code == 200


def test_the_feed_of_the_paper_says_how_many_replies_a_piece_has_and_where(client):
    article = make_article()
    for _ in range(2):
        make_approved(article=article)
    make_comment(article=article)
    site_feed = ElementTree.fromstring(client.get("/feeds/latest.atom").content)
    [replies] = [
        link
        for link in site_feed.findall("entry/link", ATOM)
        if link.get("rel") == "replies" and link.get("type") == "application/atom+xml"
    ]
    assert replies.get("href") == f"{SITE}/articles/{article.slug}/comments.atom"
    assert replies.get("{http://purl.org/syndication/thread/1.0}count") == "2"
