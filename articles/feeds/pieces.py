from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import escape

from articles.feeds.addresses import rss_path
from articles.feeds.base import SiteFeed
from articles.feeds.formats import Format
from articles.feeds.full_text import full_text, lead_of
from articles.feeds.names import name_of
from articles.feeds.subjects import About, Subject
from articles.models import Article, Author, Indexing, Source


class Named(NamedTuple):
    name: str
    address: str


class Origin(NamedTuple):
    """Where a piece is from, and the feed of all that is from there."""

    name: str
    feed: str


class Replies(NamedTuple):
    feed: str
    number: int


class Pieces(SiteFeed):
    """The newest pieces of a subject with their full text, in one format."""

    item_guid_is_permalink = False

    def __init__(self, format: type[Format], about: About) -> None:
        self.feed_type = self.format = format
        self.about = about

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With the hub that tells of changes."""
        subject = self.about(request, *args, **kwargs)
        response = super().answer(request, subject=subject)
        if subject.is_search:
            response.headers["X-Robots-Tag"] = "noindex"
        elif settings.WEBSUB_HUB:
            itself = self.feed_url(subject)
            response.headers["Link"] = f'<{settings.WEBSUB_HUB}>; rel="hub", <{itself}>; rel="self"'
        return response

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Subject:
        subject: Subject = kwargs["subject"]
        return subject

    def page(self, obj: Any) -> str:
        return str(obj.page)

    def path(self, obj: Any) -> str:
        query = f"?{obj.query}" if obj.query else ""
        return f"{obj.feed}.{self.format.extension}{query}"

    def title(self, obj: Any) -> str:
        return str(obj.title)

    def description(self, obj: Any) -> str:
        return str(obj.description)

    subtitle = description

    def author_name(self, obj: Any) -> str:
        """RFC 4287 asks for an author: the paper, where its entries name none."""
        return str(obj.paper)

    def author_link(self, obj: Any) -> str:
        return settings.SITE_URL + reverse("articles:front")

    def feed_guid(self, obj: Any) -> str:
        return str(obj.name)

    def feed_extra_kwargs(self, obj: Any) -> dict[str, Any]:
        hub = "" if obj.is_search else settings.WEBSUB_HUB
        return {"gone": list(obj.gone), "hub": hub}

    def items(self, obj: Any) -> Iterable[Article]:
        pieces: Iterable[Article] = obj.pieces
        return pieces

    def item_guid(self, item: Article) -> str:
        return name_of(item, item.created_at)

    def item_title(self, item: Any) -> str:
        return str(item.headline)

    def item_description(self, item: Any) -> str | None:  # type: ignore[override]
        return escape(item.standfirst) if item.standfirst else None  # feeds take it for HTML

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return item.modified_at

    def item_comments(self, item: Article) -> str:
        return f"{settings.SITE_URL}{item.get_absolute_url()}#comments"

    def item_categories(self, item: Article) -> list[str]:
        return [item.section.name, *(topic.name for topic in item.topics.all())]

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        return told(item)


def told(piece: Article) -> dict[str, Any]:
    """What the formats know of a piece besides what Django's feeds do."""
    lead = lead_of(piece)
    is_elsewhere = piece.indexed == Indexing.CANONICAL
    return {
        "authors": authors_of(piece),
        "language": piece.language,
        "summary": piece.standfirst,
        "credit": piece.credit,
        "lead": lead,
        "content": full_text(piece, lead),
        "source": origin_of(piece),
        "original": iri_to_uri(piece.source_url),
        # Where the piece itself is said to be, if that is elsewhere.
        "elsewhere": iri_to_uri(piece.source_url) if is_elsewhere else "",
        "replies": Replies(
            feed=settings.SITE_URL + reverse("comments:feed", args=[piece.slug]),
            number=piece.reply_count,
        ),
    }


def authors_of(piece: Article) -> list[Named]:
    """As the byline names them: the source where there is no author."""
    named: list[Author | Source] = [byline.author for byline in piece.bylines.all()]
    if not named and piece.source:
        named = [piece.source]
    return [Named(each.name, f"{settings.SITE_URL}{each.get_absolute_url()}") for each in named]


def origin_of(piece: Article) -> Origin | None:
    if piece.source is None:
        return None
    return Origin(piece.source.name, f"{settings.SITE_URL}{rss_path(piece.source)}")
