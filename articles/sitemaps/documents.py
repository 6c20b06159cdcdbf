"""The XML of sitemaps and of their indexes."""

from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.utils.xmlutils import SimplerXMLGenerator

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


class News(NamedTuple):
    """What a news sitemap tells of a piece; `language` as Google writes it."""

    publication: str
    language: str
    published_at: datetime
    title: str


class Entry(NamedTuple):
    """A page of this site, or a sitemap, at `path`."""

    path: str
    changed_at: datetime | None = None
    news: News | None = None


def sitemap(entries: Iterable[Entry], *, as_news: bool = False) -> HttpResponse:
    """Holds at least one entry: sitemaps.org's schema allows no empty one."""
    names = {"xmlns": SITEMAP} | ({"xmlns:news": NEWS} if as_news else {})
    return _document("urlset", names, "url", entries)


def index(entries: Iterable[Entry]) -> HttpResponse:
    """Of sitemaps."""
    return _document("sitemapindex", {"xmlns": SITEMAP}, "sitemap", entries)


def _document(root: str, names: dict[str, str], tag: str, entries: Iterable[Entry]) -> HttpResponse:
    text = StringIO()
    xml: Any = SimplerXMLGenerator(text, "utf-8")
    xml.startDocument()
    xml.startElement(root, names)
    for entry in entries:
        xml.startElement(tag, {})
        xml.addQuickElement("loc", f"{settings.SITE_URL}{entry.path}")
        if entry.changed_at:
            xml.addQuickElement("lastmod", _written(entry.changed_at))
        if entry.news:
            _add_news(xml, entry.news)
        xml.endElement(tag)
    xml.endElement(root)
    response = HttpResponse(text.getvalue(), content_type="application/xml; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _add_news(xml: Any, news: News) -> None:
    xml.startElement("news:news", {})
    xml.startElement("news:publication", {})
    xml.addQuickElement("news:name", news.publication)
    xml.addQuickElement("news:language", news.language)
    xml.endElement("news:publication")
    xml.addQuickElement("news:publication_date", _written(news.published_at))
    xml.addQuickElement("news:title", news.title)
    xml.endElement("news:news")


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
