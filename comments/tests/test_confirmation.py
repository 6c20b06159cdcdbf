"""Browsers too old to say where a form was filled in are asked whether it was here."""

import pytest
from django.core import signing
from django.test import Client

from articles.models import Article, Replies
from articles.tests.factories import make_article, make_staff
from comments.confirmation import SALT
from comments.models import Comment, Commenter
from comments.tests.factories import form_data, make_approved, post_reply
from comments.tests.reading import by_class, by_id, filled_in, only, page, summary, text_of

pytestmark = pytest.mark.django_db

TEXT = 'First & <b>second</b> "line"\r\n\r\n  third \u201cline\u201d <script>alert(1)</script>'


def post(client, article, **fields):
    """Send the form as a text browser does: without Sec-Fetch-Site and Origin."""
    return client.post(f"/articles/{article.slug}/comments/", form_data(**fields))


def post_again(client, article, fields):
    return client.post(f"/articles/{article.slug}/comments/", fields)


def asked(response):
    """The form of the confirmation page, as it would be sent."""
    assert response.status_code == 200
    content = only(page(response), "main")
    assert text_of(only(content, "h1")) == "Send this reply?"
    return filled_in(only(content, "form"))


def test_the_page_shows_the_reply_and_nothing_is_stored(client):
    response = post(client, make_article(), comment=TEXT, author="Hana W.")
    asked(response)
    (shown,) = by_class(page(response), "kept")
    assert "".join(shown.itertext()).split() == TEXT.split()
    assert list(shown.iter("script")) == []
    assert "Hana W." in text_of(only(page(response), "main"))
    assert not Comment.objects.exists()
    assert not Commenter.objects.exists()


def test_the_page_does_not_show_the_address(client):
    assert "hana@example.org" not in post(client, make_article()).content.decode()


def test_the_page_is_kept_by_no_cache_and_no_index(client):
    response = post(client, make_article())
    assert "no-store" in response["Cache-Control"]
    assert 'name="robots" content="noindex"' in response.content.decode()


def test_a_confirmed_reply_is_taken_with_cookies_off():
    article = make_article()
    fields = asked(post(Client(enforce_csrf_checks=True), article, comment=TEXT))
    without_cookies = Client(enforce_csrf_checks=True)
    response = post_again(without_cookies, article, fields)
    assert response.status_code == 303
    assert not response.cookies
    assert Comment.objects.get().is_held


def test_a_confirmed_reply_is_the_one_that_was_sent(client):
    article = make_article()
    answered = make_approved(article=article)
    sent = {"comment": TEXT, "author": "Hana W.", "url": "example.org", "parent": str(answered.pk)}
    post_again(client, article, asked(post(client, article, subject="trap", **sent)))
    reply = Comment.objects.held().get()
    assert reply.body == TEXT.replace("\r\n", "\n")
    assert (reply.name, reply.website) == ("Hana W.", "https://example.org/")
    assert reply.parent == answered
    rules = reply.findings.values_list("rule", flat=True)
    assert set(rules) == {"newcomer", "honeypot"}, "the time it was drawn is lost"


def test_confirming_twice_is_one_reply(client):
    article = make_article()
    fields = asked(post(client, article))
    assert post_again(client, article, fields).status_code == 303
    again = post_again(client, article, fields)
    assert "We already have this reply" in again.content.decode()
    assert Comment.objects.count() == 1


def test_confirming_twice_under_the_key_of_a_script_leads_to_the_same_address(client):
    article = make_article()
    fields = asked(post(client, article, key="0123456789abcdef"))
    first, again = (post_again(client, article, fields) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert first["Location"].startswith("/comments/status/")


def test_what_is_sent_beside_a_confirmation_does_not_change_what_was_confirmed(client):
    article = make_article()
    confirmed = asked(post(client, article, comment="Confirmed."))
    changed = form_data(comment="Changed.", author="Mallory", email="mallory@example.org")
    assert post_again(client, article, changed | confirmed).status_code == 303
    reply = Comment.objects.get()
    assert (reply.body, reply.name) == ("Confirmed.", "Hana W.")


# --- What confirms nothing --------------------------------------------------------------------

FORGED = [
    "",
    "x",
    "1",
    ":",
    "::",
    "a:b:c",
    "\u00e9:\u00e9:\u00e9",
    "\x00",
    "👍" * 500,
    "a" * 10_000,
]


@pytest.mark.parametrize("token", FORGED, ids=range(len(FORGED)))
def test_a_forged_confirmation_is_asked_again(client, token):
    article = make_article()
    asked(post_again(client, article, form_data(confirmed=token)))
    assert not Comment.objects.exists()


def test_a_confirmation_that_was_changed_anywhere_is_asked_again(client):
    article = make_article()
    token = asked(post(client, article))["confirmed"]
    for place in [0, 1, len(token) // 3, len(token) // 2, len(token) - 10]:
        other = "A" if token[place] != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        asked(post_again(client, article, form_data(confirmed=changed)))
    assert not Comment.objects.exists()


@pytest.mark.parametrize("salt", ["", "comments.status", "comments.form.drawn", f"{SALT}2"])
def test_what_was_signed_for_another_purpose_confirms_nothing(client, salt):
    token = signing.dumps(form_data(), salt=salt, compress=True)
    asked(post_again(client, make_article(), form_data(confirmed=token)))
    assert not Comment.objects.exists()


def test_a_forged_confirmation_alone_is_refused(client):
    response = post_again(client, make_article(), {"confirmed": "forged"})
    assert response.status_code == 422
    assert not Comment.objects.exists()


def test_a_confirmation_gives_no_way_past_the_check_of_origin(client):
    article = make_article()
    fields = asked(post(client, article))
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        response = client.post(f"/articles/{article.slug}/comments/", fields, headers=headers)
        assert response.status_code == 403
    assert not Comment.objects.exists()


# --- What comes before and after --------------------------------------------------------------


def test_browsers_that_say_where_they_are_need_none(client):
    article = make_article()
    assert post_reply(client, article, confirmed="").status_code == 303


def test_a_form_with_errors_is_shown_before_anything_is_confirmed(client):
    response = post(client, make_article(), author="")
    assert response.status_code == 422
    assert list(summary(response)) == ["#author"]


def test_a_confirmed_reply_that_is_refused_comes_back_with_everything_typed(client):
    article = make_article()
    sent = form_data(comment=TEXT, key="k")
    fields = asked(post(client, article, **sent))
    Article.objects.update(replies=Replies.CLOSED)
    response = post_again(client, article, fields)
    assert response.status_code == 422
    assert "closed" in summary(response)[""]
    form = only(by_id(page(response), "respond"), "form")
    kept = sent | {"comment": TEXT.replace("\r\n", "\n")}
    assert kept.items() <= filled_in(form).items()


def test_a_piece_withdrawn_before_the_confirmation_keeps_the_text(client):
    article = make_article()
    fields = asked(post(client, article, comment="Keep this."))
    article.withdraw(by=make_staff())
    response = post_again(client, article, fields)
    assert response.status_code == 410
    assert "Keep this." in response.content.decode()
