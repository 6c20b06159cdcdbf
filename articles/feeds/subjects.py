"""What a feed of pieces can be about: the whole paper, one of its lists, or a search."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.feeds import fed
from articles.feeds.addresses import rss_path
from articles.feeds.fed import Fed
from articles.feeds.names import name_of_list
from articles.listings import keys_of, subject_at
from articles.models import Article, ListSubject
from articles.models.article import ArticleQuerySet
from articles.search.asking import Asked
from articles.search.results import newest
from newsroom import site
from newsroom.prepared import Prepared

PIECES = 30
TOMBSTONES = 30


@dataclass(frozen=True)
class Subject:
    """`page` and `feed` are paths, that of the feed without its ending. `name` is the feed's own,
    the same for ever. `gone` are the last pieces that were withdrawn from it."""

    paper: str
    title: str
    description: str
    page: str
    feed: str
    name: str
    pieces: list[Fed]
    gone: Iterable[Article]
    query: str = ""
    # Of a search nobody can tell whether a change concerns it.
    is_search: bool = False


type About = Callable[..., Subject]


def whole_paper(request: HttpRequest) -> Subject:
    paper = site.of(request)
    front = reverse("articles:front")
    return Subject(
        paper=paper.name,
        title=paper.name,
        description=paper.tagline or paper.name,
        page=front,
        feed=reverse("articles:latest_rss").removesuffix(".rss"),
        name=f"{settings.SITE_URL}{front}",
        pieces=fed.newest(PIECES),
        gone=_gone(limit=TOMBSTONES),
    )


def pieces_of(model: type[ListSubject]) -> About:
    """Those that belong to the row of the `model` with the slug in the address."""

    def about(request: HttpRequest, slug: str) -> Subject:
        row = subject_at(model, slug)
        paper = site.of(request).name
        title = _("%(list)s – %(site)s") % {"list": row.name, "site": paper}
        return Subject(
            paper=paper,
            title=title,
            description=row.description or title,
            page=row.get_absolute_url(),
            feed=rss_path(row).removesuffix(".rss"),
            name=name_of_list(row),
            pieces=fed.among(key.pk for key in keys_of(row).older(None, PIECES)),
            gone=last_gone(row.articles.all()),
        )

    return about


def search(request: HttpRequest) -> Subject:
    """The newest pieces that the same parameters find on the search page; none without words."""
    asked = Asked.read(request.GET)
    paper = site.of(request).name
    title = _("Search: %(words)s – %(site)s") % {"words": asked.text, "site": paper}
    page = reverse("articles:search")
    query = asked.link(order="").removeprefix("?")
    return Subject(
        paper=paper,
        title=title,
        description=title,
        page=f"{page}?{query}" if query else page,
        feed=reverse("articles:search_rss").removesuffix(".rss"),
        name=f"{settings.SITE_URL}{page}?{query}",
        pieces=fed.among(newest(asked, PIECES)),
        gone=[],
        query=query,
        is_search=True,
    )


def last_gone(pieces: ArticleQuerySet) -> ArticleQuerySet:
    return _newest_gone(pieces)[:TOMBSTONES]


def _newest_gone(pieces: ArticleQuerySet) -> ArticleQuerySet:
    gone = pieces.gone().order_by("-withdrawn_at", "-pk")
    return gone.only("created_at", "withdrawn_at", "withdrawn_reason")


_gone = Prepared(lambda: _newest_gone(Article.objects.all()))
