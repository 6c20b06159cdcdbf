"""Where the feeds of pieces are, for the heads of pages and for the hub."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from articles.feeds.formats import FORMATS
from articles.models import Author, ListSubject, Section, Source, Topic

KINDS: dict[str, type[ListSubject]] = {
    "section": Section,
    "topic": Topic,
    "author": Author,
    "source": Source,
}


class FeedLink(NamedTuple):
    label: str  # RSS, Atom, JSON Feed
    type: str
    address: str


def feed_links(subject: object = None, *, query: str = "") -> tuple[FeedLink, ...]:
    """The feeds of the whole paper, in each format; or of a `subject` that has a list of pieces:
    none of anything else. With a `query` those of that search (field=value&…).
    """
    if query:
        return _links(reverse("articles:search_rss"), f"?{query}")
    if subject is None:
        return _links(path_of_latest())
    if isinstance(subject, ListSubject):
        return _links(rss_path(subject))
    return ()


@cache
def path_of_latest() -> str:
    return reverse("articles:latest_rss")


def rss_path(subject: ListSubject) -> str:
    """The other formats differ by their endings alone."""
    return reverse(f"articles:{subject._meta.model_name}_rss", args=[subject.slug])


def addresses(paths: Iterable[str]) -> list[str]:
    """The whole address of each feed, in all formats, for its path in RSS."""
    return [f"{settings.SITE_URL}{link.address}" for path in paths for link in _links(path)]


@lru_cache(maxsize=256)
def _links(path: str, query: str = "") -> tuple[FeedLink, ...]:
    stem = path.removesuffix("rss")
    return tuple(
        FeedLink(
            format.label,
            format.content_type.partition(";")[0],
            f"{stem}{format.extension}{query}",
        )
        for format in FORMATS
    )
