"""Editors' picks: shown before the threads, marked in them, and in feeds."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_staff
from comments.models import Comment
from comments.reply_page import PICKS
from comments.tests.factories import make_approved, make_comment, make_many_approved
from comments.tests.reading import by_class, by_id, page, text_of
from newsroom.tests.clock import SITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ATOM = {"": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def moderator():
    return make_staff("Moderators")


def picks_of(client, path):
    """The name and the link of each pick that the page shows first."""
    found = by_class(page(client.get(path)), "pick-by")
    return [(text_of(each[0]), each[0].get("href")) for each in found]


def entries(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content).findall("entry", ATOM)


# --- The verbs ------------------------------------------------------------------------------------


def test_a_pick_and_its_end_are_on_record_and_safe_to_repeat(moderator):
    reply = make_approved()
    assert reply.feature(by=moderator)
    assert not reply.feature(by=moderator)
    assert Comment.objects.get().is_featured
    assert reply.unfeature(by=moderator)
    assert not reply.unfeature(by=moderator)
    assert not Comment.objects.get().is_featured
    kinds = [(each.kind, each.by) for each in reply.decisions.all()[:2]]
    assert kinds == [("unfeatured", moderator), ("featured", moderator)]
    assert reply.decisions.filter(kind__in=["featured", "unfeatured"]).count() == 2


@pytest.mark.parametrize("verb", [Comment.restore, Comment.reject, Comment.mark_spam])
def test_what_readers_do_not_see_is_no_pick(client, moderator, verb):
    reply = make_comment()
    assert not reply.feature(by=moderator)
    reply.approve(by=moderator)
    make_approved(article=reply.article)
    reply.feature(by=moderator)
    verb(reply, by=moderator)
    address = reply.article.get_absolute_url()
    assert not picks_of(client, address)
    assert not entries(client, f"{address}picks.atom")
    assert not entries(client, "/comments/picks.atom")


def test_an_erased_pick_is_no_pick_any_more(client, moderator):
    reply = make_approved()
    make_approved(article=reply.article, parent=reply)
    reply.feature(by=moderator)
    reply.erase(by=moderator)
    assert not Comment.objects.get(pk=reply.pk).is_featured
    assert not picks_of(client, reply.article.get_absolute_url())


# --- On the page ----------------------------------------------------------------------------------


def test_the_newest_picks_stand_first_wherever_they_are_and_link_to_their_place(
    client, clock, moderator
):
    article = make_article()
    firsts = make_many_approved(article, 60)
    answers = make_many_approved(article, 230, parent=firsts[5])
    picked = [firsts[2], firsts[1], firsts[55], answers[-1]]
    for each in picked:
        clock.shift(timedelta(minutes=1))
        each.feature(by=moderator)
    assert picks_of(client, article.get_absolute_url()) == [
        (answers[-1].name, f"/comments/{answers[-1].pk}/"),
        (firsts[55].name, f"/comments/{firsts[55].pk}/"),
        (firsts[1].name, f"#comment-{firsts[1].pk}"),
    ]
    assert PICKS == 3
    assert not picks_of(client, f"{article.get_absolute_url()}comments/2/")


def test_a_pick_is_marked_in_its_thread_and_shown_there_once(client, moderator):
    article = make_article()
    first, second = make_approved(article=article), make_approved(article=article)
    second.feature(by=moderator)
    shown = page(client.get(article.get_absolute_url()))
    ids = [each.get("id") for each in by_class(shown, "reply")]
    assert ids == [f"comment-{first.pk}", f"comment-{second.pk}"]
    (mark,) = by_class(shown, "reply-pick")
    assert text_of(mark) == "Editors’ pick"
    assert by_class(by_id(shown, f"comment-{second.pk}"), "reply-pick") == [mark]


def test_a_long_pick_is_told_by_its_beginning_as_plain_text(client, moderator):
    reply = make_approved(text="<b>Sea & sky</b>\n\n" + "wave " * 200)
    reply.feature(by=moderator)
    (quote,) = by_class(page(client.get(reply.article.get_absolute_url())), "pick-text")
    assert text_of(quote).startswith("Sea & sky wave wave")
    assert len(text_of(quote)) <= 200


def test_a_piece_without_picks_has_no_place_for_them(client):
    reply = make_approved()
    response = client.get(reply.article.get_absolute_url())
    assert not by_class(page(response), "picks")
    assert f"{reply.article.get_absolute_url()}picks.atom" not in response.content.decode()


# --- Who speaks -----------------------------------------------------------------------------------


def test_a_badge_stands_beside_the_name_and_a_changed_reply_says_so(client):
    article = make_article()
    author, newsroom, reader = make_many_approved(article, 3)
    Comment.objects.filter(pk=author.pk).update(badge="author")
    Comment.objects.filter(pk=newsroom.pk).update(badge="newsroom")
    Comment.objects.filter(pk=reader.pk).update(edited_at=reader.submitted_at)
    shown = page(client.get(article.get_absolute_url()))
    said = {
        each.pk: [
            text_of(mark)
            for kind in ("badge", "reply-changed")
            for mark in by_class(by_id(shown, f"comment-{each.pk}"), kind)
        ]
        for each in (author, newsroom, reader)
    }
    assert said == {author.pk: ["Author"], newsroom.pk: ["Newsroom"], reader.pk: ["changed"]}


# --- In feeds -------------------------------------------------------------------------------------


def test_the_feeds_hold_the_picks_the_newest_pick_first(client, clock, moderator):
    one, other = make_article(headline="Ferry"), make_article(headline="Bridge")
    replies = [make_approved(article=article) for article in (one, one, one, other)]
    for reply in (replies[2], replies[0], replies[3]):
        clock.shift(timedelta(hours=1))
        reply.feature(by=moderator)
    found = entries(client, f"{one.get_absolute_url()}picks.atom")
    ids = [each.findtext("id", None, ATOM) for each in found]
    assert ids == [f"{SITE}/comments/{each.pk}/" for each in (replies[0], replies[2])]
    picked = Comment.objects.filter(pk=replies[0].pk).values_list("featured_at", flat=True)[0]
    assert picked
    assert found[0].findtext("updated", None, ATOM) == picked.isoformat()
    found = entries(client, "/comments/picks.atom")
    assert [each.findtext("title", None, ATOM) for each in found] == [
        f"{replies[3].name} on “Bridge”",
        f"{replies[0].name} on “Ferry”",
        f"{replies[2].name} on “Ferry”",
    ]


def test_picks_under_a_piece_that_is_not_public_are_in_no_feed(client, moderator):
    reply = make_approved()
    reply.feature(by=moderator)
    reply.article.withdraw(by=make_staff())
    assert not entries(client, "/comments/picks.atom")
    assert client.get(f"{reply.article.get_absolute_url()}picks.atom").status_code == 410
    assert client.get("/articles/no-such/picks.atom").status_code == 404


def test_the_page_names_the_feed_of_its_picks(client, moderator):
    reply = make_approved()
    reply.feature(by=moderator)
    address = reply.article.get_absolute_url()
    links = page(client.get(address)).iter("link")
    feeds = [each.get("href") for each in links if each.get("type") == "application/atom+xml"]
    assert feeds[-2:] == [f"{address}comments.atom", f"{address}picks.atom"]


def test_feeds_of_picks_cost_the_same_however_many_there_are(client, clock, moderator):
    article = make_article()
    counts = []
    for _ in range(2):
        for reply in make_many_approved(article, 5):
            reply.feature(by=moderator)
        for path in (f"{article.get_absolute_url()}picks.atom", "/comments/picks.atom"):
            with CaptureQueriesContext(connection) as captured:
                entries(client, path)
            counts.append(len(captured))
    assert counts == [3, 2] * 2
