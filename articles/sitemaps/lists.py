"""The pages that list pieces. What it costs is bounded, however many pieces there are: a list is
dated by its pieces among the RECENT ones; the others, which seldom change, go without a date."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from articles.archive import months_with_pieces
from articles.feeds.addresses import KINDS
from articles.models import Article, Byline, StandingPage
from articles.models.article_indexes import MODIFIED_AT
from articles.sitemaps.documents import Entry, sitemap
from newsroom.conditional_get import conditional_get
from newsroom.page_store import stored

RECENT = 2000
MOST = 10_000  # of each kind

# How a piece is related to what lists it, and the tables between them where it can have several.
RELATED = {"section": "section", "topic": "topics", "author": "authors", "source": "source"}
LINKS: dict[str, Any] = {"topic": Article.topics.through, "author": Byline}

type Dates = dict[tuple[str, object], datetime]


@stored()
@conditional_get
def lists(request: HttpRequest) -> HttpResponse:
    """The front page, the lists that hold something, the months, and the standing pages."""
    dates = _dates()
    entries = [*_lists(dates), *_months(dates), *_standing_pages()]
    front = Entry(reverse("articles:front"), max(dates.values(), default=None))
    return sitemap([front, *entries])


def _dates() -> Dates:
    """When the newest of the recent pieces in each list changed, by kind and slug, or month."""
    recent = Article.objects.published().values("pk")[:RECENT]
    slugs = [f"{RELATED[kind]}__slug" for kind in KINDS]
    rows = (
        Article.objects.filter(pk__in=recent)
        .order_by()
        .values_list(MODIFIED_AT, "published_at", *slugs)
    )
    dates: Dates = {}
    for changed_at, published_at, *of_lists in rows:
        month = timezone.localtime(published_at).date().replace(day=1)
        for list_ in [("month", month), *zip(KINDS, of_lists, strict=True)]:
            dates[list_] = max(dates.get(list_, changed_at), changed_at)
    return dates


def _lists(dates: Dates) -> Iterator[Entry]:
    for kind in KINDS:
        slugs = _with_pieces(kind).order_by("slug").values_list("slug", flat=True)
        for slug in slugs[:MOST]:
            yield Entry(reverse(f"articles:{kind}", args=[slug]), dates.get((kind, slug)))


def _with_pieces(kind: str) -> QuerySet[Any]:
    """Looked up from the list, so that the first public piece of each is enough."""
    rows: QuerySet[Any] = KINDS[kind]._default_manager.all()
    if kind not in LINKS:
        return rows.filter(Exists(Article.objects.published().filter(**{kind: OuterRef("pk")})))
    links = LINKS[kind].objects.filter(**{kind: OuterRef("pk")})
    return rows.filter(Exists(links.filter(Article.objects.is_public_of("article"))))


def _months(dates: Dates) -> Iterator[Entry]:
    for month in months_with_pieces():
        address = reverse("articles:month", args=[month.year, month.month])
        yield Entry(address, dates.get(("month", month)))


def _standing_pages() -> Iterator[Entry]:
    for slug, changed_at in StandingPage.objects.values_list("slug", "updated_at"):
        yield Entry(reverse("articles:page", args=[slug]), changed_at)
