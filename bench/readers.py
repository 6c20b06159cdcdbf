"""What readers ask for: pages as the store has them, and as they are drawn."""

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.newsrooms import PAST_THE_STORE, forget_pages, page
from bench.peers import nginx
from bench.peers.nginx import Answer
from bench.processes import processor_seconds
from bench.profiling import where_time_goes
from bench.rows import Bar, Row, row
from bench.wrk import STORED_CONNECTIONS, Sample, Unanswered, load
from tests.running import Running

SECTION = "/sections/section-3/"
ARTICLE = "/articles/replies-100/"
PAGES = {
    "article, no replies": "/articles/replies-0/",
    "article, 100 replies": ARTICLE,
    "article, 1,000 replies": "/articles/replies-1000/",
    "front page": "/",
    "section": SECTION,
    "topic": "/topics/topic-3/",
    "author": "/authors/author-3/",
    "feed": "/feeds/latest.rss",
    "sitemap": "/sitemap.xml",
    "news sitemap": "/sitemap-news.xml",
}
FRESH = {
    "article, no replies": 4.0,
    "article, 100 replies": 8.0,
    "article, 1,000 replies": 9.0,
    "front page": 6.0,
    "section": 6.0,
    "feed": 6.0,
}
SECONDS_TO_BE_DATED = 10.0
LARGEST_304 = 1000  # bytes, with its headers
STORED_CPU = Bar("cpu", at_most=0.05)
QUESTIONS = [
    "/search/?q=" + words
    for words in (
        "ferry", "government", "storm+harbour", "hospital+budget", "%22the+city+council%22",
        "railway+strike", "minister", "water+school+plan", "election+report", "nothing-like-that",
    )
]  # fmt: skip


class Effort(NamedTuple):
    """How long each figure is looked at: `times` samples of so many seconds."""

    times: int
    seconds: int
    purges: int  # of a sample


def stored(newsroom: Running, what: str, effort: Effort) -> list[Row]:
    """From the store, compressed with gzip."""
    path = PAGES[what]
    warm(newsroom, path)
    samples = repeat(newsroom, path, effort, connections=STORED_CONNECTIONS)
    bars = [STORED_CPU] if what.startswith("article") else []
    return [row(what, "stored", samples, *bars)]


def unchanged(newsroom: Running, effort: Effort) -> list[Row]:
    """Who has the page already is told so, and at no higher price."""
    warm(newsroom, ARTICLE)
    told = dated(newsroom, ARTICLE).headers
    conditions = {
        "304 by ETag": {"If-None-Match": told["etag"]},
        "304 by date": {"If-Modified-Since": told["last-modified"]},
    }
    for what, headers in conditions.items():
        if (status := page(newsroom, ARTICLE, **headers).status) != 304:
            raise Unanswered(f"{what}: the answer is {status}")
    # One sample of each in turn, so that all have the same weather.
    samples: dict[str, list[Sample]] = {"": [], **{what: [] for what in conditions}}
    for _ in range(effort.times):
        for what, kept in samples.items():
            headers = conditions.get(what, {})
            kept.append(one(newsroom, ARTICLE, effort, headers, STORED_CONNECTIONS))
    if any(each.size > LARGEST_304 for what in conditions for each in samples[what]):
        raise Unanswered(f"{ARTICLE} changed while it was asked for")
    whole = row("", "", samples.pop("")).values["cpu"]
    no_dearer = Bar("cpu", at_most=round(whole, 4))
    return [row(what, "stored", found, no_dearer) for what, found in samples.items()]


def beside_nginx(newsroom: Running, folder: Path, workers: int, effort: Effort) -> list[Row]:
    """A stored article, and nginx with the same page as a file, in turn."""
    warm(newsroom, ARTICLE)
    finished = page(newsroom, ARTICLE)
    ours: list[Sample] = []
    theirs: dict[int, list[Sample]] = {1: [], 2: []}
    for _ in range(effort.times):
        ours.append(one(newsroom, ARTICLE, effort, {}, STORED_CONNECTIONS))
        for processes, kept in theirs.items():
            with nginx.serving(folder / "nginx", finished, processes=processes) as server:
                kept.append(
                    load(server.url, server.pid, seconds=effort.seconds,
                         connections=STORED_CONNECTIONS)
                )  # fmt: skip
    shares = [
        asdict(each) | {"share": 100 * each.per_second / best.per_second}
        for each, best in zip(ours, theirs[2], strict=True)
    ]
    share = Bar("share", at_least=60 if workers == 1 else 50, unit="%")
    name = f"article, 100 replies, {number(workers)}"
    group = "stored, beside nginx"
    found = [Row(name, group, shares, (share, STORED_CPU))]
    return found + [
        row(f"  nginx, {number(processes)}", group, samples)
        for processes, samples in theirs.items()
    ]


def number(processes: int) -> str:
    return "one process" if processes == 1 else f"{processes} processes"


def fresh(newsroom: Running, what: str, effort: Effort) -> list[Row]:
    """Drawn for each reader, as for one who is logged in."""
    samples = repeat(newsroom, PAGES[what], effort, headers=PAST_THE_STORE)
    found = row(what, "fresh", samples, *allowed(what))
    if found.missed:
        found.note = where_time_goes(newsroom, PAGES[what])
    return [found]


def after_purge(newsroom: Running, what: str, effort: Effort) -> list[Row]:
    """Drawn, compressed and stored: the first reader after a change gets this."""
    samples = [purged(newsroom, PAGES[what], effort.purges) for _ in range(effort.times)]
    return [row(what, "fresh after a purge", samples)]


def allowed(what: str) -> list[Bar]:
    return [Bar("cpu", at_most=FRESH[what])] if what in FRESH else []


def search(newsroom: Running, effort: Effort, size: str) -> list[Row]:
    """Ten questions in turn, drawn for each reader."""
    samples = [
        load(
            newsroom.url, newsroom.process.pid, paths=QUESTIONS, seconds=effort.seconds,
            headers=PAST_THE_STORE,
        )
        for _ in range(effort.times)
    ]  # fmt: skip
    return [row(f"search among {size} pieces", "search", samples, Bar("cpu", at_most=15))]


def dated(newsroom: Running, path: str) -> Answer:
    """A page has a date from the second after it was drawn."""
    deadline = time.monotonic() + SECONDS_TO_BE_DATED
    while "last-modified" not in (answer := page(newsroom, path)).headers:
        if time.monotonic() > deadline:
            raise Unanswered(f"{path} has no Last-Modified")
        time.sleep(0.1)
    return answer


def warm(newsroom: Running, path: str, headers: Mapping[str, str] | None = None) -> None:
    """Until each process has it in memory."""
    for _ in range(20):
        if (status := page(newsroom, path, **(headers or {})).status) != 200:
            raise Unanswered(f"{path}: the answer is {status}")


def repeat(
    newsroom: Running,
    path: str,
    effort: Effort,
    *,
    headers: Mapping[str, str] | None = None,
    connections: int = 8,
) -> list[Sample]:
    warm(newsroom, path, headers)
    return [one(newsroom, path, effort, headers or {}, connections) for _ in range(effort.times)]


def one(
    newsroom: Running, path: str, effort: Effort, headers: Mapping[str, str], connections: int
) -> Sample:
    return load(
        newsroom.url + path, newsroom.process.pid, headers=headers, seconds=effort.seconds,
        connections=connections,
    )  # fmt: skip


def purged(newsroom: Running, path: str, times: int) -> Sample:
    """One reader asks, `times` times, each after a purge."""
    parts = urlsplit(newsroom.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    forget_pages(newsroom)  # its shell has started then
    waited, worked, sizes = list[float](), list[float](), list[int]()

    def ask() -> None:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        sizes.append(len(answer.read()))
        if answer.status != 200:
            raise Unanswered(f"{path}: the answer is {answer.status}")

    ask()
    begun = processor_seconds(newsroom.process.pid)
    for _ in range(times):
        forget_pages(newsroom)
        waited.append(seconds(ask))
    worked.append(processor_seconds(newsroom.process.pid) - begun)
    connection.close()
    return Sample(
        per_second=times / sum(waited),
        p50=median(waited) * 1000,
        p99=quantiles(waited, n=100)[98] * 1000,
        cpu=sum(worked) * 1000 / times,
        size=median(sizes),
    )


def seconds(do: Callable[[], None]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun
