"""Every public address at which something of a piece can be found, and what stands there."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles import share_images
from articles.models import Activity, Article, FormerSlug, Section, ShareImage, Topic
from articles.models.activity import Hour
from articles.tests.factories import (
    make_author,
    make_draft,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.tests.browsing import dom, links

HEADLINE = "Ferry to run again"
ADDRESS = "/articles/ferry-to-run-again/"
FORMER = "ferry-sails"
CORRECTION = "It sails on Monday, not on Tuesday."


def make_piece(**fields: Any) -> Article:
    """A draft that stands, once it is out, on each of SURFACES."""
    article = make_draft(
        headline=HEADLINE,
        slug="ferry-to-run-again",
        section=make_section(name="World"),
        topics=[make_topic("Japan")],
        authors=[make_author("Maud", slug="maud")],
        source=make_source("AFP"),
        **fields,
    )
    FormerSlug.objects.create(slug=FORMER, article=article)
    return article


def correct(article: Article) -> None:
    """As article.correct does for what readers can see."""
    article.corrections.create(kind="correction", text=CORRECTION, by=make_staff())


def answer(client: Client, rest: str = "", slug: str = "ferry-to-run-again") -> HttpResponse:
    return client.get(f"/articles/{slug}/{rest}")  # type: ignore[return-value]


def reply(client: Client, slug: str = "ferry-to-run-again") -> HttpResponse:
    """Sent as by a browser; its fields are wrong, so that none is kept."""
    return client.post(  # type: ignore[return-value]
        f"/articles/{slug}/comments/",
        {"comment": "My words", "author": "", "email": ""},
        headers={"sec-fetch-site": "same-origin"},
    )


def _lists(path: str) -> Callable[[Client], bool]:
    return lambda client: "/articles/ferry-to-run-again/" in links(client.get(path))  # type: ignore[arg-type]


def _names(path: str, what: str = HEADLINE) -> Callable[[Client], bool]:
    return lambda client: what in client.get(path).content.decode()


def in_sitemaps(client: Client, path: str) -> bool:
    """Whether an address that has `path` in it stands in any that the index of them names."""
    addresses = [loc for name in locations(client, "/sitemap.xml") for loc in _of(client, name)]
    return any(path in address for address in addresses)


def _of(client: Client, address: str) -> list[str]:
    return locations(client, urlsplit(address).path)


def locations(client: Client, path: str) -> list[str]:
    """The addresses in a sitemap, or in an index of them."""
    response = client.get(path)
    assert response.status_code == 200, path
    return re.findall("<loc>([^<]*)</loc>", response.content.decode())


FEEDS = [
    ("the paper", "/feeds/latest", ""),
    ("its section", "/sections/world/feed", ""),
    ("its topic", "/topics/japan/feed", ""),
    ("its author", "/authors/maud/feed", ""),
    ("its source", "/sources/afp/feed", ""),
    ("a search", "/search/feed", "?q=ferry"),
]


def _share_picture(client: Client) -> bool:
    """Once the worker has made it."""
    share_images.make(Article.objects.get(headline=HEADLINE).pk)
    share = ShareImage.objects.filter(article__headline=HEADLINE).first()
    return share is not None and client.get(share.src).status_code == 200


def _short() -> str:
    return f"/p/{Article.objects.get(headline=HEADLINE).pk}/"


def _in_its_month(client: Client) -> bool:
    moment = Article.objects.get(headline=HEADLINE).published_at or timezone.now()
    response = client.get(f"/archive/{moment:%Y/%m}/")
    return response.status_code == 200 and ADDRESS in links(response)  # type: ignore[arg-type]


def _counted(path: str, **figures: int) -> Callable[[Client], bool]:
    """Once it was read, or replied to."""

    def lists(client: Client) -> bool:
        hour = Hour.of(Article.objects.get(headline=HEADLINE).pk, timezone.now())
        Activity.objects.filter(article=hour.article).delete()
        Activity.objects.create(article_id=hour.article, hour=hour.start, **figures)
        page = dom(client.get(path))  # type: ignore[arg-type]
        ranked = page.findall(".//section[@class='ranked']//a")
        return ADDRESS in [link.get("href") for link in ranked]

    return lists


def _beside_another(part: str) -> Callable[[Client], bool]:
    """From the page of a piece of its section with its topic."""

    def leads_there(client: Client) -> bool:
        other, is_new = Article.objects.get_or_create(
            slug="by-the-sea",
            defaults={
                "section": Section.objects.get(slug="world"),
                "status": "published",
                "published_at": timezone.now(),
            },
        )
        if is_new:
            other.topics.set([Topic.objects.get(slug="japan")])
        page = dom(client.get("/articles/by-the-sea/"))  # type: ignore[arg-type]
        found = page.findall(f".//*[@class='{part}']//a")
        return ADDRESS in [link.get("href") for link in found]

    return leads_there


# Whether the piece is found there.
SURFACES: dict[str, Callable[[Client], bool]] = {
    "its page": lambda client: answer(client).status_code == 200,
    "its former address": lambda client: answer(client, slug=FORMER).status_code == 301,
    "its short address": lambda client: client.get(_short()).status_code == 302,
    "its changes": lambda client: answer(client, "changes/").status_code == 200,
    "the feed of its replies": lambda client: answer(client, "comments.atom").status_code == 200,
    "the way to its form": lambda client: answer(client, "comments/").status_code == 302,
    "a reply to it": lambda client: reply(client).status_code == 422,
    "a reply to its former address": lambda client: reply(client, FORMER).status_code == 422,
    "its share picture": _share_picture,
    "front page": _lists("/"),
    "section": _lists("/sections/world/"),
    "topic": _lists("/topics/japan/"),
    "author": _lists("/authors/maud/"),
    "source": _lists("/sources/afp/"),
    "its month": _in_its_month,
    "most read": _counted("/popular/", reads=3),
    "most replied to": _counted("/popular/", replies=3),
    "most read, on the front page": _counted("/", reads=3),
    "its neighbour in the section": _beside_another("neighbours"),
    "a related piece": _beside_another("related"),
    "the newest, where nothing is": _lists("/no/such/page/"),
    **{
        f"{label} of {what}": _names(f"{path}.{extension}{query}")
        for what, path, query in FEEDS
        for label, extension in (("RSS", "rss"), ("Atom", "atom"), ("JSON Feed", "json"))
    },
    "sitemap": lambda client: in_sitemaps(client, "/articles/ferry-to-run-again/"),
    "sitemap, its section": lambda client: in_sitemaps(client, "/sections/world/"),
    "sitemap, its month": lambda client: in_sitemaps(client, "/archive/"),
    "news sitemap": _names("/sitemap-news.xml"),
    "search": _lists("/search/?q=ferry"),
    "search, narrowed": _lists(
        "/search/?q=ferr*&section=world&topic=japan&source=afp&order=newest"
    ),
    "search, suggestions": _names("/search/suggest/?q=fer"),
    "all corrections": _names("/corrections/", CORRECTION),
    "feed of corrections": _names("/corrections/feed.atom", CORRECTION),
}
