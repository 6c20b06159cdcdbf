"""How long the desk's list and the front page take, and how many questions they ask."""

from statistics import median, quantiles
from time import perf_counter
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.models import Article, Author, Section
from bench.archive import VOCABULARY


class Figures(NamedTuple):
    what: str
    median: float
    p95: float
    queries: int
    kilobytes: int


def pages() -> dict[str, str]:
    """What is measured, by its name."""
    desk = reverse("admin:articles_article_changelist")
    section = Section.objects.order_by("pk")[3]
    author = Author.objects.order_by("pk")[7]
    last = Article.objects.count() // 50
    return {
        "desk list": desk,
        "page 2": f"{desk}?p=2",
        "last page": f"{desk}?p={last}",
        "state: published": f"{desk}?state=published",
        "state: waiting for review": f"{desk}?state=in_review",
        "state: scheduled": f"{desk}?state=scheduled",
        "state: embargoed": f"{desk}?state=embargoed",
        "section": f"{desk}?section={section.pk}",
        "section and state": f"{desk}?section={section.pk}&state=withdrawn",
        "author": f"{desk}?author={author.pk}",
        "mine": f"{desk}?whose=mine",
        "search, a common word": f"{desk}?q={VOCABULARY[20]}",
        "search, two words": f"{desk}?q={VOCABULARY[40]}+{VOCABULARY[300]}",
        "search, one piece found": f"{desk}?q=99123",
        "search, nothing found": f"{desk}?q=nothing-is-called-that",
        "search by author": f"{desk}?q=Author+17",
        "arranging the front page": reverse("admin:articles_frontplace_changelist"),
        "front page": reverse("articles:front"),
        "section page": section.get_absolute_url(),
    }


def measure(times: int) -> list[Figures]:
    """Each page `times` times, as an editor who is logged in; the first time doesn't count."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="editor-0"))
    found = []
    for what, address in pages().items():
        queries: list[str] = []
        with connection.execute_wrapper(QueryLog(queries)):
            response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        took = [seconds(client, address) for _ in range(times)]
        found.append(
            Figures(
                what,
                median(took),
                quantiles(took, n=20)[-1],
                len(queries),
                len(response.content) // 1000,
            )
        )
    return found


class QueryLog:
    """The connection itself is closed after each request, and its log with it."""

    def __init__(self, queries: list[str]) -> None:
        self.queries = queries

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.queries.append(sql)
        return execute(sql, *rest)


def seconds(client: Client, address: str) -> float:
    begin = perf_counter()
    client.get(address)
    return perf_counter() - begin
