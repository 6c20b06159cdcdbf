"""Where readers find a piece: at its slug, and at those it had before."""

from typing import Any

from django.db.models import CharField, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from articles.models import Article, Byline, Topic
from newsroom.language import speaking
from newsroom.prepared import Given, Prepared


def piece_at(slug: str, pieces: QuerySet[Article] | None = None) -> Article:
    """The piece that readers can see, or could until it was withdrawn, at `slug`.

    Raises Http404. Where it is found at a slug it had before, its own is another: `moved()`.
    """
    known = Article.objects.known() if pieces is None else pieces
    try:
        return known.get(slug=slug)
    except Article.DoesNotExist:
        return get_object_or_404(known, former_slugs__slug=slug)


def piece_to_read(slug: str) -> Article:
    """The same with all that its page shows, by queries that are prepared."""
    article = _at_slug.first(slug=slug)
    if article is None:
        pieces = Article.objects.known().for_reading()
        article = get_object_or_404(pieces, former_slugs__slug=slug)
    prefetched = {"bylines": _bylines(article=article.pk), "topics": _topics(article=article.pk)}
    # As prefetch_related() leaves them: article.topics.all() gives these.
    article._prefetched_objects_cache = prefetched  # type: ignore[attr-defined]
    return article


_at_slug = Prepared(
    lambda: Article.objects.known().for_reading().filter(slug=Given("slug", CharField()))
)
_bylines = Prepared(lambda: Byline.objects.with_authors().filter(article=Given("article")))
_topics = Prepared(lambda: Topic.objects.filter(articles=Given("article")))


def moved(request: HttpRequest, article: Article) -> HttpResponse:
    """From this address, for ever, to the same one with the slug that the piece has now.

    Browsers ask again each time: a piece may take back an address it had, and a redirect kept
    from before would lead them in a circle.
    """
    match = request.resolver_match
    assert match is not None
    address = reverse(match.view_name, kwargs=match.kwargs | {"slug": article.slug})
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    response.headers["Cache-Control"] = "no-cache"
    return response


def gone(request: HttpRequest, article: Article, **context: Any) -> HttpResponse:
    """410, with the reason that the desk gives to readers."""
    with speaking(article.language):
        context = {"article": article} | context
        return render(request, "articles/withdrawn.html", context, status=410)
