from collections.abc import Callable
from datetime import datetime

from django.db.models import DateTimeField, F, Max
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from articles.models import Article, StandingPage
from articles.models.article import ArticleQuerySet
from articles.models.source import IS_INDEXED
from articles.sitemaps.documents import Entry, index, sitemap
from newsroom.conditional_get import conditional_get
from newsroom.site import without_site

SPAN = 10_000
LAST = 2**63 // SPAN  # of the pages that there can be

# Article.modified_at, in the database.
MODIFIED_AT = Greatest(
    "published_at", Coalesce("changed_at", "published_at"), output_field=DateTimeField()
)


def for_search_engines() -> ArticleQuerySet:
    """What readers see and search engines are to index under this site's address."""
    return Article.objects.published().filter(IS_INDEXED)


def address_by_slug() -> Callable[[str], str]:
    """Gives the path of a piece. Looked up once, as a sitemap has thousands of them."""
    before, after = reverse("articles:detail", args=["x"]).rsplit("x", 1)
    return lambda slug: f"{before}{slug}{after}"


@without_site
@conditional_get
def all_sitemaps(request: HttpRequest) -> HttpResponse:
    """The index of those below. News has one of its own, which robots.txt names."""
    pages = (
        for_search_engines()
        .filter(pk__gte=0)  # so that planners take the index which holds all of it
        .order_by()
        .values_list(F("pk") / SPAN)
        .annotate(newest=Max(MODIFIED_AT))
        .order_by(F("pk") / SPAN)
    )
    entries = [
        Entry(reverse("articles:sitemap_pieces", args=[number + 1]), newest)
        for number, newest in pages
    ]
    lists = Entry(reverse("articles:sitemap_lists"), _newest_of_lists())
    return index([lists, *entries])


def _newest_of_lists() -> datetime | None:
    moments = (
        Article.objects.published().aggregate(at=Max(MODIFIED_AT))["at"],
        StandingPage.objects.aggregate(at=Max("updated_at"))["at"],
    )
    return max((moment for moment in moments if moment), default=None)


@without_site
@conditional_get
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
