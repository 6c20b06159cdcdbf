from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import escape

from articles.feeds.addresses import rss_path
from articles.feeds.base import SiteFeed
from articles.feeds.fed import Fed
from articles.feeds.formats import Format
from articles.feeds.full_text import full_text, lead_of
from articles.feeds.names import name_of
from articles.feeds.subjects import About, Subject
from articles.models import Article, Author, Indexing, Source
from newsroom.page_store import shows

# Of pieces in their formats: those of the newest, in all three, and of some lists.
ITEMS_KEPT = 200


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

    def get_feed(self, obj: Any, request: HttpRequest) -> Format:
        """With its items written, each kept by all that was read of its piece."""
        feed = cast(Format, super().get_feed(obj, request))
        shows(*(f"replies:{fed.article.pk}" for fed in obj.pieces))  # how many they have
        language = feed.feed["language"]
        feed.finished = [written(self.format, language, fed) for fed in obj.pieces]  # type: ignore[arg-type]
        changed = (fed.article.modified_at for fed in obj.pieces)
        feed.finished_at = max(filter(None, changed), default=feed.finished_at)
        return feed

    def items(self, obj: Any) -> Iterable[Any]:
        return ()


@lru_cache(maxsize=ITEMS_KEPT)
def written(format: type[Format], language: str, fed: Fed) -> str:
    """A piece as an item of a feed in that format and language."""
    feed = format(title="", link="", description="", language=language)
    feed.add_item(**told(fed.piece))
    return feed.item_text()


def told(piece: Article) -> dict[str, Any]:
    """What Django's feeds know of an item, and what the formats do besides."""
    lead = lead_of(piece)
    is_elsewhere = piece.indexed == Indexing.CANONICAL
    address = f"{settings.SITE_URL}{piece.get_absolute_url()}"
    return {
        "title": piece.headline,
        "link": address,
        "description": escape(piece.standfirst) if piece.standfirst else None,  # taken for HTML
        "unique_id": name_of(piece, piece.created_at),
        "unique_id_is_permalink": False,
        "pubdate": piece.published_at,
        "updateddate": piece.modified_at,
        "comments": f"{address}#comments",
        "categories": [piece.section.name, *(topic.name for topic in piece.topics.all())],
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
