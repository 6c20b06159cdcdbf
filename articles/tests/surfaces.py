"""Every public address at which something of a piece can be found, and what stands there."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.test import Client

from articles.models import Article, FormerSlug
from articles.tests.factories import (
    make_author,
    make_draft,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.tests.browsing import links

HEADLINE = "Ferry to run again"
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


# Whether the piece is found there.
SURFACES: dict[str, Callable[[Client], bool]] = {
    "its page": lambda client: answer(client).status_code == 200,
    "its former address": lambda client: answer(client, slug=FORMER).status_code == 301,
    "its changes": lambda client: answer(client, "changes/").status_code == 200,
    "the feed of its replies": lambda client: answer(client, "comments.atom").status_code == 200,
    "the way to its form": lambda client: answer(client, "comments/").status_code == 302,
    "a reply to it": lambda client: reply(client).status_code == 422,
    "a reply to its former address": lambda client: reply(client, FORMER).status_code == 422,
    "front page": _lists("/"),
    "section": _lists("/sections/world/"),
    "topic": _lists("/topics/japan/"),
    "author": _lists("/authors/maud/"),
    "source": _lists("/sources/afp/"),
    "RSS": _names("/feeds/latest.rss"),
    "Atom": _names("/feeds/latest.atom"),
    "all corrections": _names("/corrections/", CORRECTION),
    "feed of corrections": _names("/corrections/feed.atom", CORRECTION),
}
