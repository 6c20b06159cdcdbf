"""The XML of sitemaps and of their indexes."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpResponse

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
    """Written as text: a sitemap may have 10,000 entries."""
    spaces = "".join(f' {name}="{address}"' for name, address in names.items())
    parts = [f'<?xml version="1.0" encoding="utf-8"?>\n<{root}{spaces}>']
    for entry in entries:
        changed = f"<lastmod>{_written(entry.changed_at)}</lastmod>" if entry.changed_at else ""
        news = _news(entry.news) if entry.news else ""
        address = escape(f"{settings.SITE_URL}{entry.path}")
        parts.append(f"<{tag}><loc>{address}</loc>{changed}{news}</{tag}>")
    parts.append(f"</{root}>")
    response = HttpResponse("".join(parts), content_type="application/xml; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _news(news: News) -> str:
    return (
        "<news:news><news:publication>"
        f"<news:name>{_text(news.publication)}</news:name>"
        f"<news:language>{_text(news.language)}</news:language></news:publication>"
        f"<news:publication_date>{_written(news.published_at)}</news:publication_date>"
        f"<news:title>{_text(news.title)}</news:title></news:news>"
    )


def _text(text: str) -> str:
    """No field has anything that XML forbids: LineField takes no control characters."""
    return escape(text)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
