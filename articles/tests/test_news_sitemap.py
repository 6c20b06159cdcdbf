"""The pieces of the last two days, by the rules of Google News."""

from datetime import timedelta

import pytest

from articles.models import Article
from articles.sitemaps import news
from articles.sitemaps.news import news_language
from articles.tests.factories import make_article, make_section, save_version
from articles.tests.parsing import sitemap_at
from newsroom.models import SiteSettings
from newsroom.tests.clock import NOON, SITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
N = "{http://www.google.com/schemas/sitemap-news/0.9}"
PATH = "/sitemap-news.xml"


def addresses(client, path=PATH):
    return [each.text.removeprefix(SITE) for each in sitemap_at(client, path).iter(f"{S}loc")]


def test_a_piece_is_told_with_all_that_the_rules_ask_for(client, editor):
    SiteSettings.objects.create(name="The Harbour Post & Co.")
    article = make_article(slug="fish", headline="Fish", language="en-GB", by=editor)
    article.correct(by=editor, kind="update", text="New.")
    [entry] = sitemap_at(client, PATH)
    assert entry.findtext(f"{S}loc") == f"{SITE}/articles/fish/"
    assert entry.findtext(f".//{N}name") == "The Harbour Post & Co."
    assert entry.findtext(f".//{N}language") == "en"
    assert entry.findtext(f".//{N}publication_date") == "2026-03-02T12:00:00+00:00"
    assert entry.findtext(f".//{N}title") == "Fish"


def test_a_piece_is_news_for_two_days(client, clock):
    make_article(slug="old", at=NOON - 48 * HOUR + SECOND)
    assert addresses(client) == ["/articles/old/"]
    clock.shift(SECOND)
    assert addresses(client) == ["/"]


def test_an_old_piece_does_not_become_news_by_a_change(client, editor):
    article = make_article(slug="old", at=NOON - 50 * HOUR, by=editor)
    article.correct(by=editor, kind="update", text="New.")
    save_version(article, by=editor, headline="Newer")
    assert addresses(client) == ["/"]


def test_while_there_is_no_news_the_front_page_stands_there_and_is_none(client):
    [entry] = sitemap_at(client, PATH)
    assert entry.findtext(f"{S}loc") == f"{SITE}/"
    assert entry.find(f"{N}news") is None


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        *(("en", "en"), ("en-gb", "en"), ("en-US", "en"), ("pt-BR", "pt"), ("ja", "ja")),
        *(("gsw-CH", "gsw"), ("sr-Latn-RS", "sr")),
        *(("zh", "zh-cn"), ("zh-CN", "zh-cn"), ("zh-Hans", "zh-cn"), ("zh-Hans-SG", "zh-cn")),
        *(("zh-TW", "zh-tw"), ("zh-Hant", "zh-tw"), ("zh-HK", "zh-tw"), ("zh-Hant-HK", "zh-tw")),
    ],
)
def test_languages_are_written_as_google_does(client, tag, expected):
    make_article(language=tag)
    assert news_language(tag) == expected
    [language] = sitemap_at(client, PATH).iter(f"{N}language")
    assert language.text == expected


def test_awkward_headlines_are_told_as_they_are(client):
    headline = ("Ferry ]]> & <b>“Fish”</b> &amp; 日本 " * 9)[:160].strip()
    SiteSettings.objects.create(name="A\x0bB\x1f")
    make_article(headline=headline)
    [title] = sitemap_at(client, PATH).iter(f"{N}title")
    assert title.text == headline


# --- More than fit into one ---------------------------------------------------------------------


@pytest.fixture
def many(monkeypatch, editor):
    """Seven, the newest first, where a sitemap takes three."""
    monkeypatch.setattr(news, "MOST", 3)
    section = make_section()
    for number in range(7):
        make_article(slug=f"n-{number}", at=NOON - number * HOUR, by=editor, section=section)


@pytest.mark.usefixtures("many")
def test_more_than_fit_are_on_pages_that_an_index_names(client):
    assert sitemap_at(client, PATH).tag == f"{S}sitemapindex"
    pages = addresses(client)
    assert pages == [f"/sitemap-news-{number}.xml" for number in (1, 2, 3)]
    told = [addresses(client, page) for page in pages]
    assert [len(page) for page in told] == [3, 3, 1]
    assert sum(told, []) == [f"/articles/n-{number}/" for number in range(7)]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("number", ["0", "4", "9" * 30, "-1"])
def test_a_page_without_news_is_not_there(client, number):
    assert client.get(f"/sitemap-news-{number}.xml").status_code == 404


def test_a_sitemap_takes_a_thousand(client, editor):
    first = make_article(by=editor)
    for size, root in ((1000, "urlset"), (1001, "sitemapindex")):
        Article.objects.bulk_create(
            Article(
                headline="Copy",
                slug=f"copy-{number}",
                section=first.section,
                status=first.status,
                published_at=first.published_at,
            )
            for number in range(Article.objects.count(), size)
        )
        assert sitemap_at(client, PATH).tag == f"{S}{root}"
    assert len(addresses(client, "/sitemap-news-1.xml")) == 1000
    assert len(addresses(client, "/sitemap-news-2.xml")) == 1
