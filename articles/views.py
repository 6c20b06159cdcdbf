from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.addresses import gone, moved, piece_at
from articles.front import front_page
from articles.models import Article, Author, Correction, Section, Source, StandingPage, Topic
from articles.models.article import ArticleQuerySet
from articles.published_changes import timeline

LIST_PIECES = 25
POLICY = "corrections-policy"  # the slug of the standing page that says how errors are corrected


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/front.html", {"front": front_page()})


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    article = piece_at(slug, Article.objects.known().for_reading())
    if article.slug != slug and article.is_public:
        return moved(request, article)
    return _draw(request, article)


def article_page(
    request: HttpRequest, slug: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page of a piece, also for a slug it had before: 410 for a withdrawn one, Http404 for
    any that readers could never see.

    Further context is for the parts of other apps that the page shows (the reply form).
    """
    article = piece_at(slug, Article.objects.known().for_reading())
    return _draw(request, article, status=status, **context)


def _draw(
    request: HttpRequest, article: Article, *, status: int = 200, **context: Any
) -> HttpResponse:
    if article.is_withdrawn:
        return gone(request, article, **context)
    if article.is_corrected:  # type: ignore[attr-defined]
        context |= standing_corrections(article)
    return render(request, "articles/detail.html", context | {"article": article}, status=status)


def standing_corrections(article: Article) -> dict[str, list[Correction]]:
    """Template context: those that stand above the text of the piece, and those below it."""
    context: dict[str, list[Correction]] = {}
    for each in reversed(article.corrections.standing()):
        place = "corrections_at_top" if each.is_at_the_top else "corrections_at_foot"
        context.setdefault(place, []).append(each)
    return context


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed in a piece since it was published, newest first."""
    article = piece_at(slug, Article.objects.known().defer("body", "body_html", "desk_notes"))
    if article.slug != slug and article.is_public:
        return moved(request, article)
    if article.is_withdrawn:
        return gone(request, article)
    page = timeline(article, request.GET.get("page"))
    return render(request, "articles/changes.html", {"article": article, "page": page})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """All that was corrected, newest first. Any page number gives a page that there is."""
    ledger = Paginator(Correction.objects.in_ledger(), LIST_PIECES)
    context = {
        "page": ledger.get_page(request.GET.get("page")),
        "policy": reverse("articles:page", args=[POLICY]),
    }
    return render(request, "articles/corrections.html", context)


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    return _list(request, section, section.articles.all())


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    return _list(request, topic, topic.articles.all())


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author, slug=slug)
    return _list(request, author, author.articles.all())


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(Source, slug=slug)
    return _list(request, source, source.articles.all())


def _list(
    request: HttpRequest, subject: Section | Topic | Author | Source, articles: ArticleQuerySet
) -> HttpResponse:
    """Pieces that belong to `subject`, newest first. Any page number gives a page that there is."""
    page = Paginator(articles.published().for_listing(), LIST_PIECES).get_page(
        request.GET.get("page")
    )
    return render(request, "articles/list.html", {"subject": subject, "page": page})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(StandingPage, slug=slug)
    return render(request, "articles/page.html", {"page": page})
