"""The page of a reader's data: all of it, nobody else's, and erasing after a question."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Commenter, Letter, Subscription
from comments.report_address import report_url
from comments.status_address import status_url
from comments.tests.data_links import open_link
from comments.tests.factories import (
    FROM_THIS_SITE,
    make_approved,
    make_comment,
    make_many_approved,
    sender_of,
)
from newsroom.tests.browsing import links as links_on
from newsroom.tests.browsing import text_at
from tests.html_rules import faults

pytestmark = pytest.mark.django_db

ADDRESS = "canary.hana@example.org"


# --- Seeing and taking away -------------------------------------------------------------------


def everything():
    """A sender of whom all kinds of things are kept."""
    moderator, article = make_staff("Moderators"), make_article(headline="Harbour")
    comment = make_comment(
        article=article, email=ADDRESS, name="Hana W.", website="https://hana.example/", text="One."
    )
    comment.former_texts.create(body="An earlier wording.")
    comment.reject(by=moderator, reason="It names a neighbour.")
    comment.ask_again("I did not mean her.")
    Letter.objects.create(comment=comment, by=moderator, text="Who told you?", answer="Nobody.")
    sender = sender_of(comment)
    Subscription.objects.ask(sender, article, [Subscription.Kind.ALL])
    sender.block(by=moderator, until=timezone.now() + timedelta(days=7), reason="Too rude.")
    other = make_approved(name="Ken")
    other.report(reason="spam", words="He sells pills.", by=sender)
    return sender, comment


def test_the_page_shows_all_that_is_kept(client):
    sender, comment = everything()
    page = client.get(open_link(sender))
    shown = text_at(page)
    for words in (
        *("Hana W.", "https://hana.example/", "One.", "rejected", "Harbour"),
        *("An earlier wording.", "I did not mean her.", "Who told you?", "Nobody."),
        *("blocked", "Too rude.", "all new replies", "not confirmed"),
        *("Replies you have reported", "It is advertising or spam", "He sells pills."),
    ):
        assert words in shown, words
    assert status_url(comment) in links_on(page), "with this the browser proves who wrote it"
    assert report_url(sender.reports.get()) in links_on(page)
    assert ADDRESS not in page.content.decode()
    assert sender.fingerprint not in page.content.decode()


def test_the_html_of_all_pages_is_valid(client, monkeypatch):
    monkeypatch.setattr("comments.rights.views.ON_ONE_PAGE", 1)
    sender, comment = everything()
    make_many_approved(comment.article, 1)
    Comment.objects.filter(name="Reader 0").update(commenter=sender)
    sender.bounce()
    sender.end_mail()
    link = open_link(sender)
    pages = [client.get(link), client.get(f"{link}?page=2"), client.get(f"{link}erasing/")]
    pages += [client.get(f"{link}erasing/{comment.pk}/"), client.get("/comments/your-data/")]
    pages += [client.get("/comments/your-data/asked/"), client.get("/comments/your-data/erased/")]
    pages += [client.post("/comments/your-data/", {"email": "x"}, headers=FROM_THIS_SITE)]
    Commenter.objects.update(data_handle=None)
    pages += [client.get(link)]
    assert [page.status_code for page in pages] == [200] * 7 + [422, 410]
    for page in pages:
        assert list(faults(page.content.decode(), "your data")) == []


def test_the_download_holds_all_that_is_kept(client):
    sender, comment = everything()
    response = client.get(f"{open_link(sender)}your-data.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="your-data.json"'
    data = json.loads(response.content)
    [reply] = data["replies"]
    assert (reply["text"], reply["name"], reply["website"], reply["state"]) == (
        *("One.", "Hana W.", "https://hana.example/", "rejected"),
    )
    assert reply["former_texts"][0]["text"] == "An earlier wording."
    assert "It names a neighbour." in [each["reason"] for each in reply["decisions"]]
    assert reply["second_look"]["words"] == "I did not mean her."
    assert reply["letters"][0]["answer"] == "Nobody."
    assert data["standings"][0]["kind"] == "blocked"
    assert data["subscriptions"][0]["kind"] == "all"
    [report] = data["reports"]
    assert (report["reason"], report["words"], report["outcome"]) == (
        *("spam", "He sells pills.", None),
    )
    assert ADDRESS not in response.content.decode()
    assert sender.fingerprint not in response.content.decode()


def test_it_shows_nothing_of_anybody_else(client):
    sender, _comment = everything()
    make_approved(email="other@example.org", text="Words of another.", name="Another")
    link = open_link(sender)
    for page in ("", "your-data.json"):
        assert "Another" not in client.get(link + page).content.decode()
    other = Comment.objects.get(name="Another")
    assert client.get(f"{link}erasing/{other.pk}/").status_code == 404
    assert client.post(f"{link}erasing/{other.pk}/").status_code == 404
    other.refresh_from_db()
    assert other.body


@pytest.mark.parametrize("below", ["", "your-data.json"])
def test_many_replies_cost_no_more_queries(client, clock, below):
    sender, _comment = everything()
    link = open_link(sender) + below
    with CaptureQueriesContext(connection) as few:
        client.get(link)
    for _ in range(4):
        clock.shift(60)
        comment = make_comment(email=ADDRESS)
        comment.former_texts.create(body="Before.")
    with CaptureQueriesContext(connection) as many:
        client.get(link)
    assert len(many) == len(few) <= 16


def test_long_lists_come_in_pages(client, clock, monkeypatch):
    monkeypatch.setattr("comments.rights.views.ON_ONE_PAGE", 2)
    for number in range(3):
        sender = sender_of(make_comment(email=ADDRESS, text=f"Reply number {number}."))
        clock.shift(60)
    link = open_link(sender)
    assert "Reply number 0." not in text_at(client.get(link))
    assert "Reply number 0." in text_at(client.get(f"{link}?page=2"))
    for odd in ("0", "-1", "99", "x", "1e9", "%00"):
        assert client.get(f"{link}?page={odd}").status_code == 200


# --- Erasing ----------------------------------------------------------------------------------


def test_one_reply_is_erased_after_a_question(client, clock):
    first = make_approved(email=ADDRESS, text="Erase me.")
    clock.shift(60)
    second = make_approved(email=ADDRESS, text="Keep me.")
    link = open_link(sender_of(first))
    assert f"{link}erasing/{first.pk}/" in links_on(client.get(link))
    question = client.get(f"{link}erasing/{first.pk}/")
    assert "Erase me." in text_at(question)
    first.refresh_from_db()
    assert not first.is_erased, "the question alone changes nothing"
    response = client.post(f"{link}erasing/{first.pk}/", headers=FROM_THIS_SITE)
    assert (response.status_code, response.headers["Location"]) == (303, link)
    second.refresh_from_db()
    assert Comment.objects.get(pk=first.pk).is_erased
    assert second.body == "Keep me."
    assert client.post(f"{link}erasing/{first.pk}/").status_code == 404, "sent twice"


def test_all_is_erased_after_a_question(client, clock):
    first = make_approved(email=ADDRESS)
    clock.shift(60)
    make_comment(email=ADDRESS)
    link = open_link(sender_of(first))
    assert "2 replies are erased" in text_at(client.get(f"{link}erasing/"))
    response = client.post(f"{link}erasing/", headers=FROM_THIS_SITE)
    assert (response.status_code, response.headers["Location"]) == (
        *(303, "/comments/your-data/erased/"),
    )
    assert "Everything is erased" in text_at(client.get(response.headers["Location"]))
    assert not Commenter.objects.exists()
    assert set(Comment.objects.values_list("status", flat=True)) == {"erased"}
    assert client.get(link).status_code == 410


def test_the_last_reply_takes_the_sender_along(client):
    comment = make_comment(email=ADDRESS)
    link = open_link(sender_of(comment))
    response = client.post(f"{link}erasing/{comment.pk}/", headers=FROM_THIS_SITE)
    assert response.headers["Location"] == "/comments/your-data/erased/"
    assert not Commenter.objects.exists()


def test_no_moderator_is_asked_and_none_learns_who(client):
    comment = make_approved(email=ADDRESS)
    link = open_link(sender_of(comment))
    client.post(f"{link}erasing/", headers=FROM_THIS_SITE)
    last = Comment.objects.get().decisions.latest("at", "pk")
    assert (last.by, last.rule, last.reason) == (None, "erased_by_its_author", "")
