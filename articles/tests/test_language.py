from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import translation

from articles.models import Article, PreviewLink
from articles.preview_links import address_of
from articles.tests.factories import make_article, make_author, make_draft, make_page, make_staff
from newsroom.tests.browsing import dom, text_at, text_of, the

pytestmark = pytest.mark.django_db

TABLE = "<table><tbody><tr><th>港</th></tr><tr><td>神戸</td></tr></tbody></table>"
NOON = datetime(2026, 11, 23, 3, 5, tzinfo=UTC)


def make_japanese(**fields):
    fields.setdefault("headline", "渡し船の再開")
    fields.setdefault("slug", "watashibune")
    return make_article(language="ja", **fields)


def language_of(response):
    return dom(response).get("lang")


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("ja", "ltr"), ("ar", "rtl"), ("fa-IR", "rtl")]
)
def test_a_piece_is_marked_with_its_language_and_direction(client, language, direction):
    article = make_article(language=language)
    for address in ("/", article.get_absolute_url()):
        page = client.get(address).content.decode()
        assert f'lang="{language}" dir="{direction}"' in page


@pytest.mark.parametrize(
    ("tag", "code", "words"),
    [
        ("ja", "ja", "コメントを書く"),
        ("ja-JP", "ja", "コメントを書く"),
        ("en-US", "en-gb", "Leave a Reply"),
        ("fr", "en-gb", "Leave a Reply"),
    ],
)
def test_the_page_of_a_piece_speaks_its_language_or_that_of_the_site(client, tag, code, words):
    page = client.get(make_article(language=tag).get_absolute_url())
    assert language_of(page) == code
    assert words in text_at(page)
    assert the(page, ".//h1").get("lang") == tag


def test_an_english_piece_of_a_japanese_site_has_an_english_page(client, settings):
    settings.LANGUAGE_CODE = "ja"
    article = make_article(headline="Ferry to run again", language="en")
    page = client.get(article.get_absolute_url())
    assert language_of(page) == "en-gb"
    assert "Leave a Reply" in text_at(page)
    assert language_of(client.get("/")) == "ja"


def test_a_list_speaks_the_language_of_the_site_and_marks_that_of_each_piece(client):
    article = make_japanese(authors=[make_author()])
    for path in ("/", article.section.get_absolute_url()):
        page = client.get(path)
        assert language_of(page) == "en-gb"
        (link,) = (each for each in dom(page).iter("a") if text_of(each) == article.headline)
        assert link.get("lang") == "ja"


@pytest.mark.parametrize(
    ("path", "tag"),
    [("/feeds/latest.rss", "<language>{}</language>"), ("/feeds/latest.atom", 'xml:lang="{}"')],
)
@pytest.mark.parametrize("code", ["en-gb", "ja"])
def test_a_feed_is_in_the_language_of_the_site(client, settings, path, tag, code):
    settings.LANGUAGE_CODE = code
    make_article(language="en")
    feed = client.get(path).content.decode()
    assert tag.format(code) in feed.partition("<item>")[0].partition("<entry>")[0]


def test_a_new_piece_is_in_the_language_of_the_site(settings):
    settings.LANGUAGE_CODE = "ja"
    assert Article().language == "ja"


def test_no_language_stays_in_force_after_a_page(client):
    before = translation.get_language()
    article = make_japanese()
    for rest in ("", "changes/", "comments/", "no-such-page/"):
        client.get(f"{article.get_absolute_url()}{rest}")
        assert translation.get_language() == before


def test_the_changes_of_a_piece_are_told_in_its_language(client):
    article = make_japanese()
    article.standfirst = "新しいリード。"
    article.save()
    article.record(by=make_staff())
    page = client.get(f"{article.get_absolute_url()}changes/")
    assert language_of(page) == "ja"
    assert text_at(page, ".//h1") == "変更履歴"
    assert "リード" in text_at(page)


def test_a_withdrawn_piece_says_so_in_its_language(client):
    article = make_japanese()
    article.withdraw(by=make_staff(), reason="誤りがありました。")
    for rest in ("", "changes/", "comments/"):
        page = client.get(f"{article.get_absolute_url()}{rest}")
        assert page.status_code == 410
        assert language_of(page) == "ja"
        assert text_at(page, ".//h1") == "この記事は取り下げられました"


@pytest.mark.parametrize(
    ("is_open", "words"),
    [(True, "未公開の版のプレビューです"), (False, "このプレビューは終了しました")],
)
def test_a_preview_speaks_the_language_of_its_piece(client, is_open, words):
    by = make_staff()
    revision = make_draft(language="ja").record(by=by)
    link = PreviewLink.objects.make(revision, by=by, lasts=timedelta(days=1))
    if not is_open:
        link.revoke(by=by)
    page = client.get(address_of(link))
    assert language_of(page) == "ja"
    assert words in text_at(page)


def test_the_desk_previews_a_piece_as_its_readers_will_see_it(client):
    editor = make_staff()
    client.force_login(editor)
    article = make_draft(language="ja", body=TABLE)
    article.record(by=editor)
    page = client.get(f"/admin/articles/article/{article.pk}/preview/page/")
    assert language_of(page) == "ja"
    assert "表1" in page.content.decode()
    desk = client.get(f"/admin/articles/article/{article.pk}/preview/")
    assert language_of(desk) == "en-gb"


@pytest.mark.parametrize(("tag", "name"), [("ja", "表1"), ("en", "Table 1"), ("fr", "Table 1")])
def test_a_table_is_named_in_the_language_of_its_piece_whoever_writes_it(tag, name):
    article = make_draft(language=tag, body=TABLE)
    assert f'aria-label="{name}: 港"' in article.body_html
    article.language = "ja"
    article.save()
    article.refresh_from_db()
    assert 'aria-label="表1: 港"' in article.body_html


def test_a_table_of_a_standing_page_is_named_in_the_language_of_the_site(settings):
    settings.LANGUAGE_CODE = "ja"
    assert 'aria-label="表1: 港"' in make_page(body=TABLE).body_html


@pytest.mark.parametrize(
    ("tag", "text"), [("en", "23 November 2026, 03:05 UTC"), ("ja", "2026年11月23日 3:05 UTC")]
)
def test_the_time_of_a_piece_is_written_in_the_language_of_its_page(client, tag, text):
    with time_machine.travel(NOON, tick=False):
        article = make_article(language=tag)
        page = client.get(article.get_absolute_url())
    times = {text_of(each): each.get("datetime") for each in dom(page).iter("time")}
    assert times[text] == "2026-11-23T03:05:00+00:00"


@pytest.mark.parametrize(
    ("code", "text"), [("en-gb", "23 November 2026"), ("ja", "2026年11月23日")]
)
def test_the_days_of_a_list_are_written_in_the_language_of_the_site(client, settings, code, text):
    settings.LANGUAGE_CODE = code
    with time_machine.travel(NOON, tick=False):
        make_article()
        page = client.get("/")
    assert text in {text_of(each) for each in dom(page).iter("time")}


@pytest.mark.parametrize(("number", "text"), [(1, "1 unchanged paragraph"), (2, "2 unchanged")])
def test_numbers_have_their_plural_in_english_and_none_in_japanese(number, text):
    stretches = [{"is_folded": True, "rows": [{"is_changed": False}] * number}]
    drawn = render_to_string("articles/_beside.html", {"stretches": stretches})
    assert text in drawn
    with translation.override("ja"):
        drawn = render_to_string("articles/_beside.html", {"stretches": stretches})
    assert f"変更のない段落{number}" in drawn
