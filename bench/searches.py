"""What readers ask of search, and how long the answers take."""

from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.keyset import Key
from articles.models import Article, SearchEntry
from articles.search.asking import Asked
from articles.search.rebuilding import rebuild
from articles.search.results import search
from bench.measure import QueryLog
from bench.news import Writer

CLIENT = Client(SERVER_NAME="localhost")


def index(say: Callable[[str], None]) -> int:
    """How many pieces were indexed: those that the archive has since the last time."""
    changed = 0
    if SearchEntry.objects.count() == Article.objects.filter(status="published").count():
        return changed
    for progress in rebuild():
        done, total, changed = progress
        if not done % 10_000:
            say(f"{done:,} of {total:,} indexed")
    return changed


def questions() -> dict[str, str]:
    """Addresses by what is asked. The words are those of the archive, by how common they are."""
    words = Writer(0).words
    far = SearchEntry.objects.order_by("-key")[SearchEntry.objects.count() * 9 // 10]
    moment = far.article.published_at
    assert moment
    place = Key(moment, far.article_id)
    return {
        "rare word": _page(words[20_000]),
        "rare word, narrowed to a section": _page(words[9_000], section="section-3"),
        "uncommon word": _page(words[3_000]),
        "uncommon word, second page": _page(words[3_000], page=2),
        "word in a thousand pieces": _page(words[700]),
        "common word": _page("minister"),
        "common word, newest first": _page("minister", order="newest"),
        "common word, far down": _page("minister", order="newest", before=str(place)),
        "commonest word": _page("the"),
        "three words": _page("harbour union budget"),
        "common and rare word": _page(f"the {words[9_000]}"),
        "phrase": _page('"city council"'),
        "phrase of common words": _page('"in the"'),
        "beginning of a word": _page("harb*"),
        "minus": _page(f"{words[3_000]} -minister"),
        "last month": _page("election", period="month"),
        "section and year": _page("election", section="section-3", period="year"),
        "two signs (Japanese)": _page("東京"),
        "three words in Japanese": _page("東京 地震 首相"),
        "one sign (Japanese)": _page("震"),
        "nothing found": _page("quxquux"),
        "suggestions, two letters": _suggestions("ha"),
        "suggestions, five letters": _suggestions("harbo"),
        "suggestions, two words": _suggestions("the har"),
        "no words": reverse("articles:search"),
    }


def _page(words: str, **parameters: Any) -> str:
    return f"{reverse('articles:search')}?{urlencode({'q': words} | parameters)}"


def _suggestions(words: str) -> str:
    return f"{reverse('articles:suggest')}?{urlencode({'q': words})}"


def look(address: str) -> tuple[str, int]:
    """How many pieces are found, as the page says it, and how many questions that takes."""
    queries: list[str] = []
    with connection.execute_wrapper(QueryLog(queries)):
        response = CLIENT.get(address)
    assert response.status_code == 200, (address, response.status_code)
    if response.headers["Content-Type"] == "application/json":
        return str(len(response.json()["suggestions"])), len(queries)
    found = search(Asked.read(response.wsgi_request.GET))
    return f"{found.total}{'+' if found.has_more else ''}", len(queries)


class Seconds(NamedTuple):
    passed: float
    worked: float  # by the processor, which others may be using as well


def seconds(address: str) -> Seconds:
    begin, worked = perf_counter(), process_time()
    CLIENT.get(address)
    return Seconds(perf_counter() - begin, process_time() - worked)


def summary(times: list[Seconds]) -> str:
    """The median and the 95th of a hundred, and the median of what the processor worked."""
    passed = [each.passed * 1000 for each in times]
    worked = median(each.worked * 1000 for each in times)
    return f"{median(passed):>7.1f} ms{quantiles(passed, n=20)[-1]:>7.1f} ms{worked:>8.1f} ms"


def sizes() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_size_pretty(pg_total_relation_size('articles_searchentry')),"
                " pg_size_pretty(pg_database_size(current_database()))"
            )
            entries, whole = cursor.fetchone()
            return f"entries with their index {entries}, of {whole}"
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        whole = pages * cursor.fetchone()[0] / 1e6
        cursor.execute("SELECT sum(length(block)) FROM articles_search_index_data")
        words = cursor.fetchone()[0] / 1e6
        cursor.execute(
            "SELECT sum(length(CAST(headline || standfirst || names || body || filed AS BLOB)))"
            " FROM articles_searchentry"
        )
        entries = cursor.fetchone()[0] / 1e6
    return f"index {words:.0f} MB, entries {entries:.0f} MB, of {whole:.0f} MB"
