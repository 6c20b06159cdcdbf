from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.models import Article, Author, Section, Source, StandingPage, Topic
from articles.models.article import ArticleQuerySet

FRONT_PIECES = 21
LIST_PIECES = 25


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    newest = Article.objects.published().for_listing()[:FRONT_PIECES]
    return render(request, "articles/front.html", {"articles": newest})


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    return article_page(request, slug)


def article_page(
    request: HttpRequest, slug: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page of a piece: 410 for a withdrawn one, Http404 for any that isn't public.

    Further context is for the parts of other apps that the page shows (the reply form).
    """
    article = get_object_or_404(
        (Article.objects.published() | Article.objects.withdrawn()).for_reading(), slug=slug
    )
    context["article"] = article
    if article.is_withdrawn:
        return render(request, "articles/withdrawn.html", context, status=410)
    return render(request, "articles/detail.html", context, status=status)


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
