"""The form and all that follows it speak the language of the piece; the desk that of the site."""

import pytest
from django.db import OperationalError
from django.utils import translation

from articles.tests.factories import make_article, make_staff
from comments.models import Comment
from comments.status_address import status_url
from comments.tests.factories import (
    form_data,
    make_approved,
    make_comment,
    post_reply,
)
from comments.tests.reading import summary
from newsroom.tests.browsing import dom, text_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def japanese():
    """A piece in Japanese, on an English site."""
    return make_article(headline="渡し船の再開", slug="watashibune", language="ja")


def says(page, words, status=200):
    assert page.status_code == status
    assert dom(page).get("lang") == "ja"
    assert words in text_at(page)


def test_a_refused_reply_is_told_why_in_the_language_of_the_piece(client, japanese):
    page = post_reply(client, japanese, comment="", author="", email="no address")
    says(page, "コメントは送信されませんでした", 422)
    assert summary(page) == {
        "#comment": "コメント: コメントを入力してください。",
        "#author": "名前: 名前を入力してください。",
        "#email": "メールアドレス: name@example.org のような形でメールアドレスを入力してください。",
    }


def test_so_are_errors_that_come_from_django(client, japanese):
    page = post_reply(client, japanese, comment="長い" * 3000)
    (line,) = summary(page).values()
    assert line.startswith("コメント: この値は 5000 文字以下でなければなりません")


def test_words_sent_again_are_told_so_in_the_language_of_the_piece(client, japanese):
    for key in ("first", "second"):
        page = post_reply(client, japanese, comment="最初のコメント。", key=key)
    (line,) = summary(page).values()
    assert line.startswith("同じ内容")
    assert translation.get_language() == "en-gb"


def test_a_full_database_is_told_of_in_the_language_of_the_piece(client, japanese, monkeypatch):
    def fail(*args):
        raise OperationalError

    monkeypatch.setattr(type(Comment.objects.all()), "submit", fail)
    monkeypatch.setattr(Comment.objects, "submit", fail)
    says(post_reply(client, japanese), "現在コメントを受け付けられません", 503)


def test_an_old_browser_is_asked_in_the_language_of_the_piece(client, japanese):
    page = client.post("/articles/watashibune/comments/", form_data())
    says(page, "このコメントを送信しますか？")


def test_a_reply_that_is_here_already_is_told_so_in_the_language_of_the_piece(client, japanese):
    for _ in range(2):
        page = post_reply(client, japanese)
    says(page, "このコメントはすでに届いています")


def test_a_reply_to_a_withdrawn_piece_comes_back_in_the_language_of_the_piece(client, japanese):
    japanese.withdraw(by=make_staff())
    page = post_reply(client, japanese, comment="私の言葉")
    says(page, "コメントは送信されませんでした", 410)
    assert "私の言葉" in text_at(page)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (None, "コメントは承認待ちです。"),
        ("approve", "コメントは掲載されています。"),
        ("reject", "コメントを掲載しないと判断しました。"),
    ],
)
def test_the_state_of_a_reply_is_told_in_the_language_of_the_piece(client, japanese, verb, words):
    comment = make_comment(article=japanese)
    if verb:
        getattr(comment, verb)(by=make_staff("Moderators"))
    says(client.get(status_url(comment)), words)


def test_a_reply_to_an_english_piece_is_answered_in_english_on_a_japanese_site(client, settings):
    settings.LANGUAGE_CODE = "ja"
    page = post_reply(client, make_article(language="en"), comment="")
    assert summary(page) == {"#comment": "Comment: Please write your comment."}


@pytest.mark.parametrize(
    ("tag", "counts"),
    [
        ("en", ["No replies yet", "1 reply", "2 replies"]),
        ("ja", ["コメントはまだありません", "コメント1件", "コメント2件"]),
    ],
)
def test_replies_are_counted_with_the_plural_forms_of_the_language(client, tag, counts):
    article = make_article(language=tag)
    for count in counts:
        page = client.get(article.get_absolute_url())
        assert text_at(page, ".//h2[@id='comments-heading']") == count
        make_approved(article=article)


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        ("en-gb", "No reply of this sender was approved before."),
        ("ja", "この投稿者のコメントはまだ承認されたことがありません。"),
    ],
)
@pytest.mark.parametrize("tag", ["en", "ja"])
def test_moderators_are_told_why_in_the_language_of_the_site(client, settings, site, reason, tag):
    settings.LANGUAGE_CODE = site
    post_reply(client, make_article(language=tag))
    comment = Comment.objects.get()
    assert [finding.reason for finding in comment.findings.all()] == [reason]
    assert comment.decisions.get().reason == reason


def test_the_log_names_states_in_the_language_of_the_site(client, settings):
    settings.LANGUAGE_CODE = "ja"
    moderator = make_staff("Moderators")
    comment = make_approved(by=moderator)
    client.force_login(moderator)
    page = client.get(f"/admin/comments/comment/{comment.pk}/change/")
    assert "保留 → 承認" in text_at(page, ".//body")
    log = text_at(client.get("/admin/comments/log/"), ".//table")
    assert "承認" in log
    assert "approved" not in log
