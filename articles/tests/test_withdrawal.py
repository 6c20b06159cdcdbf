"""A piece is taken from the site: where it stood, and at the desk."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import transaction

from articles.models import Article, Revision, StateChange
from articles.tests.desk import LIST, edit, page_of
from articles.tests.factories import make_article, make_draft, make_staff
from articles.tests.surfaces import (
    CORRECTION,
    FORMER,
    HEADLINE,
    SURFACES,
    answer,
    correct,
    make_piece,
    reply,
)
from newsroom.tests.browsing import fields_of, fill_in, links, text_at
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)
ATOM, AT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
REASON = "The ferry does not run."


@pytest.fixture
def withdrawn(editor, clock):
    """A piece that stood on every surface for an hour."""
    article = make_piece()
    article.publish(by=editor)
    correct(article)
    clock.shift(HOUR)
    article.withdraw(by=editor, reason=REASON, note="The mayor called.")
    return article


def page_about(article, route):
    return f"{LIST}{article.pk}/{route}/"


# --- Where it stood -----------------------------------------------------------------------------


@pytest.mark.parametrize("surface", SURFACES)
def test_it_is_found_nowhere_and_everywhere_once_it_is_back(client, editor, withdrawn, surface):
    speaks = SURFACES[surface]
    assert not speaks(client)
    withdrawn.bring_back(by=editor)
    assert speaks(client)


GONE = {
    "its page": lambda client: answer(client),
    "its former address": lambda client: answer(client, slug=FORMER),
    "its changes": lambda client: answer(client, "changes/"),
    "the feed of its replies": lambda client: answer(client, "comments.atom"),
    "the feed of its replies at its former address": lambda client: answer(
        client, "comments.atom", slug=FORMER
    ),
    "a reply to it": lambda client: reply(client),
    "a reply to its former address": lambda client: reply(client, FORMER),
}


@pytest.mark.parametrize("surface", GONE)
@pytest.mark.usefixtures("withdrawn")
def test_its_addresses_say_that_it_is_gone_and_why_and_nothing_of_it(client, surface):
    response = GONE[surface](client)
    assert response.status_code == 410
    text = response.content.decode()
    assert REASON in text
    assert '<meta name="robots" content="noindex">' in text
    for kept_back in (HEADLINE, "The body.", "The mayor called.", CORRECTION, "One sentence"):
        assert kept_back not in text


@pytest.mark.usefixtures("withdrawn")
def test_a_reply_that_comes_too_late_is_given_back(client):
    response = reply(client)
    assert response.status_code == 410
    assert "My words" in text_at(response)


def tombstones(client):
    feed = ElementTree.fromstring(client.get("/feeds/latest.atom").content)
    return feed, feed.findall(f"{AT}deleted-entry")


def test_the_feed_tells_readers_programs_to_drop_it(client, clock, editor):
    article = make_article(by=editor)
    feed, none = tombstones(client)
    name = feed.findtext(f"{ATOM}entry/{ATOM}id")
    assert none == []
    clock.shift(HOUR)
    article.withdraw(by=editor, reason=REASON)
    feed, [stone] = tombstones(client)
    assert feed.find(f"{ATOM}entry") is None
    assert stone.get("ref") == name
    assert datetime.fromisoformat(stone.get("when")) == NOON + HOUR
    assert stone.findtext(f"{AT}comment") == REASON
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) == NOON + HOUR
    article.bring_back(by=editor)
    feed, none = tombstones(client)
    assert none == []
    assert feed.findtext(f"{ATOM}entry/{ATOM}id") == name


def test_the_feed_is_as_new_as_the_last_withdrawal(client, clock, editor):
    make_article(by=editor)
    article = make_article(by=editor)
    clock.shift(HOUR)
    article.withdraw(by=editor)
    feed, [stone] = tombstones(client)
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) == NOON + HOUR
    assert stone.find(f"{AT}comment") is None


def test_what_nobody_has_seen_leaves_no_tombstone(client, clock, editor):
    article = make_draft()
    article.publish(by=editor, at=NOON + HOUR)
    article.withdraw(by=editor)
    clock.shift(2 * HOUR)
    assert tombstones(client)[1] == []
    assert client.get(article.get_absolute_url()).status_code == 404


def test_what_an_embargo_kept_from_readers_leaves_no_trace(client, clock, editor):
    article = make_article(by=editor, slug="secret")
    Article.objects.update(embargo_until=NOON + 5 * HOUR)
    article.refresh_from_db()
    clock.shift(HOUR)
    article.withdraw(by=editor, reason="Called off.")
    clock.shift(9 * HOUR)
    article.refresh_from_db()
    assert not article.is_gone
    assert tombstones(client)[1] == []
    for rest in ("", "changes/", "comments.atom"):
        assert client.get(f"/articles/secret/{rest}").status_code == 404


def test_it_comes_back_with_its_date_its_address_and_its_corrections(client, editor, withdrawn):
    withdrawn.bring_back(by=editor)
    page = answer(client)
    assert "2 March 2026, 12:00" in text_at(page)
    assert CORRECTION in text_at(page)
    assert answer(client, slug=FORMER)["Location"] == withdrawn.get_absolute_url()


@pytest.mark.parametrize("model", [StateChange, Revision])
def test_what_is_not_recorded_is_not_withdrawn(client, editor, monkeypatch, model):
    article = make_article(by=editor)

    def fail(self, *args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(model, "save", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        article.withdraw(by=editor, reason=REASON)
    assert client.get(article.get_absolute_url()).status_code == 200


# --- At the desk --------------------------------------------------------------------------------


def test_an_editor_withdraws_a_piece_with_a_reason_and_brings_it_back(desk):
    article = make_article(headline="Ferry to run again")
    page = page_about(article, "withdrawal")
    assert page in links(desk.get(page_of(article)))
    asked = desk.get(page)
    assert "Ferry to run again" in text_at(asked, ".//form[@class='decision']")
    done = fill_in(desk, page, reason=REASON, note="The mayor called.")
    assert done["Location"] == page_of(article)
    article.refresh_from_db()
    assert (article.status, article.withdrawn_reason) == ("withdrawn", REASON)
    history = text_at(desk.get(page_of(article)), ".//ol[@class='history']")
    assert REASON in history and "The mayor called." in history

    back = page_about(article, "return")
    form = desk.get(page_of(article))
    assert back in links(form) and page not in links(form)
    assert REASON in text_at(desk.get(back))
    fill_in(desk, back, note="It runs after all.")
    article.refresh_from_db()
    assert article.is_public
    assert "It runs after all." in text_at(desk.get(page_of(article)))


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_without_a_reason_for_readers_nothing_is_withdrawn(desk, reason):
    article = make_article()
    response = fill_in(desk, page_about(article, "withdrawal"), reason=reason, note="Kept")
    assert response.status_code == 422
    assert fields_of(response)["note"] == "Kept"
    article.refresh_from_db()
    assert article.is_public


def test_what_nobody_has_seen_needs_no_reason_for_readers(desk, editor):
    article = make_draft()
    article.publish(by=editor, at=NOON + HOUR)
    page = page_about(article, "withdrawal")
    assert "reason" not in fields_of(desk.get(page))
    fill_in(desk, page, note="Too early.")
    article.refresh_from_db()
    assert article.is_withdrawn and not article.is_gone


@pytest.mark.parametrize("route", ["withdrawal", "return", "sending-back"])
def test_a_decision_that_no_longer_fits_does_nothing_and_says_so(desk, route):
    article = make_draft()
    for send in (desk.get, desk.post):
        response = send(page_about(article, route), follow=True)
        assert "Nothing was done" in text_at(response, ".//ul[@class='messagelist']")
    article.refresh_from_db()
    assert article.is_draft
    assert not article.state_changes.exists()


def test_two_who_withdraw_at_once_withdraw_once(desk, editor):
    article = make_article()
    window = fields_of(desk.get(page_about(article, "withdrawal")))
    article.withdraw(by=editor, reason="First")
    desk.post(page_about(article, "withdrawal"), window | {"reason": "Second"})
    article.refresh_from_db()
    assert article.withdrawn_reason == "First"
    assert article.state_changes.filter(to_status="withdrawn").count() == 1


def test_a_piece_is_sent_back_with_a_note_and_what_was_typed_is_saved(desk, editor):
    article = make_draft(headline="Old")
    article.submit_for_review(by=editor)
    asked = edit(desk, article, "_send_back", headline="New")
    assert asked["Location"] == page_about(article, "sending-back")
    assert (article.headline, article.status) == ("New", "in_review")
    assert fill_in(desk, asked["Location"], note=" ").status_code == 422
    fill_in(desk, asked["Location"], note="The second source is missing.")
    article.refresh_from_db()
    assert article.is_draft
    assert "The second source is missing." in text_at(desk.get(page_of(article)))


@pytest.mark.parametrize("route", ["withdrawal", "return", "sending-back"])
@pytest.mark.parametrize("group", ["Reporters", "Moderators"])
def test_only_editors_decide(client, editor, route, group):
    client.force_login(make_staff(group))
    out, gone, read = make_article(), make_article(), make_draft()
    gone.withdraw(by=editor)
    read.submit_for_review(by=editor)
    for article in (out, gone, read):
        before = Article.objects.filter(pk=article.pk).values().get()
        for send in (client.get, client.post):
            answer = send(page_about(article, route), {"reason": "x", "note": "x"})
            assert answer.status_code == 403
        assert Article.objects.filter(pk=article.pk).values().get() == before


def test_a_piece_that_is_not_there_cannot_be_decided_on(desk):
    for route in ("withdrawal", "return", "sending-back", "corrections"):
        assert desk.get(f"{LIST}999999/{route}/").status_code == 404
        assert desk.get(f"{LIST}{'9' * 30}/{route}/").status_code == 404
