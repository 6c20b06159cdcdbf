"""When a piece takes replies, when it takes none, and what readers are told."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Article, Replies
from articles.tests.factories import make_article, make_section, make_staff
from comments.closing import closes_at, place_of
from comments.models import Comment, Policy
from comments.tests.factories import make_approved, post_reply
from comments.tests.reading import filled_in, page, reply_form, summary, text_of
from newsroom.tests.browsing import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN, HELD, CLOSED = Replies.OPEN, Replies.HELD, Replies.CLOSED


def piece(*, section=None, **fields):
    article = make_article(section=section or make_section())
    Article.objects.filter(pk=article.pk).update(**fields)
    return Article.objects.select_related("section").get(pk=article.pk)


@pytest.mark.parametrize(
    ("site", "section", "article", "expected"),
    [
        (OPEN, "", "", OPEN),
        (HELD, "", "", HELD),
        (OPEN, HELD, "", HELD),
        (OPEN, "", CLOSED, CLOSED),
        (OPEN, CLOSED, HELD, CLOSED),
        (HELD, CLOSED, "", CLOSED),
        (CLOSED, "", HELD, CLOSED),
        (HELD, "", HELD, HELD),
    ],
)
def test_the_strictest_counts(site, section, article, expected):
    found = place_of(
        piece(section=make_section(replies=section), replies=article), Policy(replies=site)
    )
    assert found.replies == expected
    assert bool(found.why) == (expected == CLOSED)


@pytest.mark.parametrize(
    ("fields", "of_section", "days", "expected"),
    [
        ({}, None, 0, None),
        ({"replies_close_at": NOW + DAY}, None, 0, NOW + DAY),
        ({}, NOW + DAY, 0, NOW + DAY),
        ({"published_at": NOW - 3 * DAY}, None, 5, NOW + 2 * DAY),
        ({"published_at": NOW - 3 * DAY, "replies_close_at": NOW}, NOW + DAY, 5, NOW),
        ({"published_at": NOW - 9 * DAY}, NOW + DAY, 5, NOW - 4 * DAY),
    ],
)
def test_the_clock_closes_at_the_first_of_the_moments_said(fields, of_section, days, expected):
    article = piece(section=make_section(replies_close_at=of_section), **fields)
    policy = Policy(replies=OPEN, close_after_days=days)
    assert closes_at(article, policy) == expected


def test_the_clock_alone_closes_a_piece_and_no_job_has_to_run(client, clock):
    article = piece(replies_close_at=NOW + DAY)
    clock.shift(DAY - timedelta(seconds=1))
    assert post_reply(client, article, comment="In time.").status_code == 303
    clock.shift(1)
    assert post_reply(client, article, comment="Too late.").status_code == 422
    assert Comment.objects.count() == 1


WAYS = {
    "by hand": {"replies": CLOSED},
    "by the clock": {"replies_close_at": NOW - DAY},
}


@pytest.mark.parametrize("fields", WAYS.values(), ids=WAYS)
def test_a_closed_piece_says_so_and_offers_no_form(client, fields):
    article = piece(**fields)
    make_approved(article=piece(section=article.section), text="Elsewhere.")
    Comment.objects.update(article=article)
    Article.objects.filter(pk=article.pk).update(reply_count=1)
    response = client.get(article.get_absolute_url())
    html = response.content.decode()
    assert "Replies are closed" in html
    assert "Elsewhere." in html
    assert "Leave a Reply" not in html
    assert "reply_to=" not in html
    assert 'name="email"' not in html


def test_why_it_is_closed_is_told_in_the_language_of_the_piece_and_its_clock(client):
    article = piece(replies_close_at=NOW - DAY)
    assert "They were open until 1 March 2026." in text_of(
        page(client.get(article.get_absolute_url()))
    )


@pytest.mark.parametrize("fields", WAYS.values(), ids=WAYS)
def test_a_reply_to_a_closed_piece_comes_back_whole(client, fields):
    article = piece(**fields)
    response = post_reply(client, article, comment="What I think.", author="Hana")
    assert response.status_code == 422
    assert summary(response)[""].startswith("Replies are closed.")
    kept = filled_in(reply_form(response))
    assert (kept["comment"], kept["author"]) == ("What I think.", "Hana")
    assert not Comment.objects.exists()


def test_the_site_can_close_them_all(client):
    Policy(replies=CLOSED).save()
    response = post_reply(client, piece())
    assert response.status_code == 422
    assert "This site takes no replies just now." in summary(response)[""]


def test_a_section_can_hold_what_would_appear_at_once(client):
    Policy(replies=OPEN, hold_first=0).save()
    post_reply(client, piece(), comment="At once.")
    post_reply(
        client, piece(section=make_section(replies=HELD)), comment="Later.", email="b@example.org"
    )
    states = dict(Comment.objects.values_list("body", "status"))
    assert states == {"At once.": "approved", "Later.": "held"}


def typed_in(desk, article, **fields):
    form = fields_of(desk.get(f"/admin/articles/article/{article.pk}/change/"))
    return {name: value for name, value in form.items() if value is not None} | fields


def test_a_form_opened_before_they_were_closed_does_not_open_them_again(client):
    article = piece()
    client.force_login(make_staff("Editors"))
    page = f"/admin/articles/article/{article.pk}/change/"
    early = typed_in(client, article, headline="Another headline")
    late = typed_in(client, article, replies="closed")
    late |= {"replies_close_at_0": "2026-03-05", "replies_close_at_1": "12:00"}
    for form in (late, early):
        answer = client.post(page, form)
        assert answer.status_code == 302, answer.content.decode()
    article.refresh_from_db()
    assert (article.headline, article.replies) == ("Another headline", CLOSED)
    assert article.replies_close_at == NOW + 3 * DAY
    again = typed_in(client, article, replies="", replies_close_at_0="", replies_close_at_1="")
    client.post(page, again)
    article.refresh_from_db()
    assert (article.replies, article.replies_close_at) == ("", None)


def test_those_who_publish_set_it_in_the_form_of_the_piece(client):
    article = piece()
    client.force_login(make_staff("Editors"))
    form = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert 'name="replies"' in form
    assert 'name="replies_close_at_0"' in form
    client.force_login(make_staff("Reporters"))
    form = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert 'name="replies"' not in form
