"""The page at which somebody confirms and ends mail, and the one click of RFC 8058."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_staff
from comments.models import Mail, Subscription
from comments.notices.links import subscriptions_url
from comments.status_address import status_url
from comments.tests.factories import make_comment
from newsroom.tests.browsing import dom, fill_in, text_at, text_of

pytestmark = pytest.mark.django_db

HANA = "hana@reader.example"
BOTH = frozenset({"answers", "all"})


@pytest.fixture
def rain(clock):
    return make_article(headline="Rain")


@pytest.fixture
def wind(clock):
    return make_article(headline="Wind")


@pytest.fixture
def sender(rain, wind, clock):
    comment = make_comment(article=rain, email=HANA, notices=BOTH)
    clock.shift(60)
    make_comment(article=wind, email=HANA, notices=frozenset({"all"}))
    return comment.commenter


def page_of(sender, article=None):
    url = subscriptions_url(sender.pk, article and article.pk)
    return url.removeprefix("http://localhost:8000")


def state(sender):
    return sorted(
        (each.article.headline, each.kind, each.is_active)
        for each in Subscription.objects.filter(sender=sender).select_related("article")
    )


def test_opening_the_page_changes_nothing(client, sender, rain):
    before = list(Subscription.objects.values())
    for url in (page_of(sender), page_of(sender, rain)):
        response = client.get(url)
        assert response.status_code == 200
        client.head(url)
    assert list(Subscription.objects.values()) == before
    text = text_at(response)
    assert "Please confirm" in text
    assert "Rain" in text
    assert "Wind" in text


def test_one_button_confirms_all_that_is_pending(client, sender):
    response = fill_in(client, page_of(sender), do="confirm")
    assert response.status_code == 303
    assert state(sender) == [
        ("Rain", "all", True),
        ("Rain", "answers", True),
        ("Wind", "all", True),
    ]
    assert "Please confirm" not in text_at(client.get(response["Location"]))


def test_a_piece_is_ended_and_begun_again_by_the_holder_alone(client, sender, rain):
    url = page_of(sender)
    client.post(url, {"do": "confirm"})
    client.post(url, {"do": "end", "article": str(rain.pk)})
    assert state(sender) == [
        ("Rain", "all", False),
        ("Rain", "answers", False),
        ("Wind", "all", True),
    ]
    make_comment(article=rain, email=HANA, notices=BOTH)  # somebody types the address again
    assert not Subscription.objects.active().filter(article=rain).exists()
    Subscription.objects.filter(article=rain).end()
    client.post(url, {"do": "begin", "article": str(rain.pk)})
    assert Subscription.objects.active().filter(article=rain).count() == 2


def test_ending_everything_ends_the_questions_too_until_the_holder_allows_them(
    client, sender, clock
):
    client.post(page_of(sender), {"do": "end_all"})
    Mail.objects.all().delete()
    clock.shift(2 * 24 * 3600)
    make_comment(article=make_article(), email=HANA, notices=BOTH)
    assert not Mail.objects.exists()
    assert "You get no mail from us at all." in text_at(client.get(page_of(sender)))
    client.post(page_of(sender), {"do": "allow"})
    clock.shift(60)
    make_comment(article=make_article(), email=HANA, notices=BOTH)
    assert [mail.kind for mail in Mail.objects.all()] == ["confirmation"]


# What providers of mail send: nothing that tells where it comes from, or another site.
SENDERS = {
    "a program": {},
    "a mailbox in a browser": {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"},
    "an old browser": {"Origin": "https://mail.example"},
}


@pytest.mark.parametrize("headers", SENDERS.values(), ids=SENDERS)
def test_one_click_ends_a_piece_at_once_without_cookie_or_token(rain, sender, headers):
    Subscription.objects.confirm()
    client = Client(enforce_csrf_checks=True)
    url = page_of(sender, rain)
    response = client.post(url, {"List-Unsubscribe": "One-Click"}, headers=headers)
    assert (response.status_code, response.content) == (200, b"Done.")
    assert response.cookies == {}
    assert [each.article.headline for each in Subscription.objects.active()] == ["Wind"]
    client.post(url, {"List-Unsubscribe": "One-Click"}, headers=headers)  # and again
    assert Subscription.objects.active().count() == 1


def test_one_click_on_a_mail_about_no_piece_ends_everything(client, sender):
    url = page_of(sender)
    client.post(url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    sender.refresh_from_db()
    assert sender.mail_ended_at
    assert not Subscription.objects.not_ended().exists()


def test_other_addresses_still_refuse_what_other_sites_send(client, rain):
    headers = {"Sec-Fetch-Site": "cross-site"}
    for url in (f"/articles/{rain.slug}/comments/", "/comments/letters/1.x/", "/no/such/page/"):
        assert client.post(url, headers=headers).status_code == 403


@pytest.mark.parametrize("change", ["x", "", "9", "1-1.abc", "0", "\x00", "é", "1" * 5000])
def test_an_altered_address_leads_nowhere(client, sender, change):
    token = page_of(sender).split("/")[-2]
    for altered in (token + change, change + token, token[:-1], token.replace(".", "-1.")):
        if altered != token:
            response = client.get(f"/comments/subscriptions/{altered}/")
            assert response.status_code == 404


def test_a_token_of_a_status_page_opens_no_subscriptions(client, sender):
    token = status_url(sender.comments.first()).split("/")[-2]
    assert client.get(f"/comments/subscriptions/{token}/").status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "delete"},
        {"do": "end"},
        {"do": "end", "article": "x"},
        {"do": "end", "article": "9" * 30},
        {"do": "end", "article": "\x00"},
        {"do": "\x00"},
    ],
)
def test_a_button_that_is_not_there_gets_a_clear_answer_and_changes_nothing(client, sender, data):
    before = list(Subscription.objects.values())
    assert client.post(page_of(sender), data).status_code == 400
    assert list(Subscription.objects.values()) == before


def test_the_page_is_for_one_person(client, sender):
    response = client.get(page_of(sender))
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert HANA not in response.content.decode()
    assert not re.search(r"[0-9a-f]{64}", page_of(sender))


def test_a_withdrawn_piece_is_not_named(client, sender, wind):
    wind.withdraw(by=make_staff())
    page = text_of(dom(client.get(page_of(sender))))
    assert "Wind" not in page
    assert "A piece that is not public any more" in page


def test_the_page_takes_as_many_queries_for_many_pieces_as_for_few(client, sender, clock):
    def queries():
        with CaptureQueriesContext(connection) as heard:
            client.get(page_of(sender))
        return len(heard)

    few = queries()
    for _ in range(5):
        clock.shift(60)
        make_comment(article=make_article(), email=HANA, notices=BOTH)
    assert queries() == few


@pytest.mark.parametrize("sent", [{"do": "end_all"}, {"List-Unsubscribe": "One-Click"}])
def test_a_full_database_asks_to_send_it_again(client, sender, monkeypatch, sent):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("comments.notices.pages._end", full)
    response = client.post(page_of(sender), sent)
    assert response.status_code == 503 and response["Retry-After"]
