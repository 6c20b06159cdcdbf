from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DateTimeField, F, Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from articles.models import Article, StandingPage
from articles.models.article import ArticleQuerySet
from articles.models.article_indexes import MODIFIED_AT, SITEMAP_PIECES, sitemap_page_of
from articles.models.source import IS_INDEXED
from articles.sitemaps.documents import Entry, index, sitemap
from newsroom.conditional_get import conditional_get
from newsroom.page_store import stored
from newsroom.prepared import Given, GivenKeys, Prepared
from newsroom.site import without_site

SPAN = SITEMAP_PIECES
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
LAST = 2**63 // SPAN  # of the pages that there can be

# The first piece of each page that has any, each found from the one before.
FIRST_OF_PAGES = f"""
    WITH RECURSIVE firsts (id) AS (
        SELECT MIN(id) FROM articles_article
        UNION ALL
        SELECT (SELECT MIN(id) FROM articles_article WHERE id >= (firsts.id / {SPAN} + 1) * {SPAN})
        FROM firsts WHERE firsts.id IS NOT NULL
    )
    SELECT id FROM firsts WHERE id IS NOT NULL
"""  # noqa: S608


def for_search_engines() -> ArticleQuerySet:
    """What readers see and search engines are to index under this site's address."""
    return Article.objects.published().filter(IS_INDEXED)


def address_by_slug() -> Callable[[str], str]:
    """Gives the path of a piece. Looked up once, as a sitemap has thousands of them."""
    before, after = reverse("articles:detail", args=["x"]).rsplit("x", 1)
    return lambda slug: f"{before}{slug}{after}"


@stored()
@conditional_get
@without_site
def all_sitemaps(request: HttpRequest) -> HttpResponse:
    """The index of those below. News has one of its own, which robots.txt names."""
    pages = list(_pages())
    moments = [page.of_all for page in pages]
    moments.append(StandingPage.objects.aggregate(at=Max("updated_at"))["at"])
    newest = max((moment for moment in moments if moment), default=None)
    before, after = reverse("articles:sitemap_pieces", args=[LAST]).split(str(LAST))
    entries = [
        Entry(f"{before}{page.number + 1}{after}", page.newest) for page in pages if page.newest
    ]
    return index([Entry(reverse("articles:sitemap_lists"), newest), *entries])


class _Page(NamedTuple):
    """When a piece on it changed last: of those for search engines, and of all public ones."""

    number: int
    newest: datetime | None
    of_all: datetime | None


def _pages() -> Iterator[_Page]:
    """Costs a look into an index for each page, whatever stands there."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_OF_PAGES)
        firsts = [pk for (pk,) in cursor.fetchall()]
    for row in _newest_of_pages(firsts=firsts, latest=LATEST):
        yield _Page(row[0] // SPAN, *row[1:])


@Prepared
def _newest_of_pages() -> QuerySet[Article, Any]:
    rows = Article.objects.filter(pk__in=GivenKeys("firsts")).order_by("pk")
    return rows.values_list(
        "pk", _newest(for_search_engines()), _newest(Article.objects.published())
    )


def _newest(pieces: ArticleQuerySet) -> Subquery:
    """When that piece changed of those on the page of an outer piece which changed last."""
    on_page = pieces.alias(page=sitemap_page_of(F("pk"))).annotate(at=MODIFIED_AT)
    # Said so that databases take the index that knows it. Not now: a clock that was set back would
    # hide what changed later, and no page would know until when.
    on_page = on_page.filter(
        page=sitemap_page_of(OuterRef("pk")), at__lte=Given("latest", DateTimeField())
    )
    return Subquery(on_page.order_by("-at").values("at")[:1])


@stored()
@conditional_get
@without_site
def pieces(request: HttpRequest, number: int) -> HttpResponse:
    """Those of so many primary keys: the first page has the keys below SPAN, and so on."""
    if not 1 <= number <= LAST:
        raise Http404
    end = number * SPAN
    rows = (
        for_search_engines()
        .filter(pk__gte=end - SPAN, pk__lt=end)
        .order_by("pk")
        .values_list("slug", MODIFIED_AT)
    )
    address = address_by_slug()
    entries = [Entry(address(slug), changed_at) for slug, changed_at in rows]
    if not entries:
        raise Http404
    return sitemap(entries)
