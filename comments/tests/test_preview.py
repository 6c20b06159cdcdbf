"""How a reply would look, shown to its author while it is written."""

import pytest

from articles.tests.factories import make_article, make_draft
from comments.models import Comment
from comments.tests.factories import FROM_THIS_SITE, post_reply

pytestmark = pytest.mark.django_db


def preview(client, article, text, headers=FROM_THIS_SITE):
    address = f"/articles/{article.slug}/comments/preview/"
    return client.post(address, {"comment": text}, headers=headers)


@pytest.mark.parametrize(
    "text",
    [
        "One <b>bold</b> word\n\nand https://example.org/.",
        "<script>alert(1)</script>v\u200bi\u202ea",
        " \r\nshort ",
        "日本語 " * 1250,
    ],
)
def test_the_preview_is_what_readers_will_see(client, text, django_assert_num_queries):
    article = make_article()
    with django_assert_num_queries(2):
        shown = preview(client, article, text)
    assert (shown.status_code, Comment.objects.count()) == (200, 0)
    post_reply(client, article, comment=text)
    assert shown.content.decode() == Comment.objects.get().body_html
    assert "no-store" in shown["Cache-Control"]
    assert "noindex" in shown["X-Robots-Tag"]
    assert not shown.cookies


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "Please write your comment."), ("<b></b>", "Please write"), ("x" * 5001, "5000")],
)
def test_the_preview_says_what_the_form_would_say(client, text, reason):
    answer = preview(client, make_article(), text)
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")
    assert reason in answer.content.decode()


def test_the_preview_speaks_the_language_of_the_piece(client):
    answer = preview(client, make_article(language="ja"), "")
    assert "Please" not in answer.content.decode()


def test_the_preview_is_for_the_pages_of_this_site(client):
    article = make_article()
    assert preview(client, article, "x", headers={}).status_code == 403
    assert preview(client, article, "x", {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(f"/articles/{article.slug}/comments/preview/").status_code == 405
    assert preview(client, make_draft(), "x").status_code == 404
