"""The pieces of the last two days, as Google News wants them:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import math
from datetime import timedelta

from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from articles.models.article import ArticleQuerySet
from articles.models.article_indexes import MODIFIED_AT
from articles.sitemaps.documents import Entry, News, index, sitemap
from articles.sitemaps.pieces import address_by_slug, for_search_engines
from newsroom import site
from newsroom.conditional_get import conditional_get
from newsroom.page_store import changes_at, stored

WINDOW = timedelta(hours=48)
MOST = 1000
MOST_PAGES = 1000  # a million pieces in two days

# Chinese is told apart by its writing; every other language goes without region and script.
SIMPLIFIED, TRADITIONAL = "zh-cn", "zh-tw"
WRITTEN_TRADITIONALLY = frozenset(["hant", "tw", "hk", "mo"])


@stored()
@conditional_get
def news(request: HttpRequest) -> HttpResponse:
    """All of them, or where that is too many the index of the pages below. Where there are none
    the front page stands there, for a sitemap without any address is no valid one."""
    recent = _recent()
    found = recent.order_by().aggregate(count=Count("pk"), oldest=Min("published_at"))
    count = found["count"]
    if count > MOST:
        changes_at(found["oldest"] + WINDOW)
        pages = range(1, math.ceil(count / MOST) + 1)
        numbered = [Entry(reverse("articles:sitemap_news_page", args=[page])) for page in pages]
        return index(numbered)
    entries = _entries(request, recent[:MOST]) or [Entry(reverse("articles:front"))]
    return sitemap(entries, as_news=True)


@stored()
@conditional_get
def news_page(request: HttpRequest, number: int) -> HttpResponse:
    if not 1 <= number <= MOST_PAGES:
        raise Http404
    entries = _entries(request, _recent()[(number - 1) * MOST : number * MOST])
    if not entries:
        raise Http404
    return sitemap(entries, as_news=True)


def _recent() -> ArticleQuerySet:
    return for_search_engines().filter(published_at__gt=timezone.now() - WINDOW)


def _entries(request: HttpRequest, pieces: ArticleQuerySet) -> list[Entry]:
    name, address = site.of(request).name, address_by_slug()
    fields = ("slug", MODIFIED_AT, "language", "published_at", "headline")
    rows = list(pieces.values_list(*fields))
    if rows:
        changes_at(min(published_at for *_, published_at, _headline in rows) + WINDOW)
    return [
        Entry(address(slug), changed_at, News(name, news_language(language), *rest))
        for slug, changed_at, language, *rest in rows
    ]


def news_language(tag: str) -> str:
    """A language tag (BCP 47) as Google News writes it: en-GB is en, zh-Hant zh-tw."""
    language, *rest = tag.lower().split("-")
    if language != "zh":
        return language
    return TRADITIONAL if WRITTEN_TRADITIONALLY & set(rest) else SIMPLIFIED
