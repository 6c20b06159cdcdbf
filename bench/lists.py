"""Measures the readers' lists over a large archive: the first page, one far down, and others.

    python -m bench.lists --pieces 250000

makes the archive in a state directory of its own (SQLite, unless DATABASE_URL names another
database) and prints how long each page takes, the web server apart. The next run finds the
archive there and begins at once. All pieces stand in one section, one topic and under one author
besides their own, so that each has 10,000 pages; the topic "Far back" is of the oldest alone.
"""

import sys
from statistics import median
from typing import NamedTuple

from bench.set_up import say, set_up

FAR_BACK = 3000
READ_AN_HOUR, A_DAY = 2000, 288  # different pieces that are read, and that appear
ALLOWED = 1.5  # times what the first page takes; pinned without a clock in test_list_pages.py


class Row(NamedTuple):
    what: str
    address: str


def main() -> int:
    options = set_up(__doc__, state="newsroom-bench-lists", pieces=250_000, times=15)
    from bench import archive  # noqa: PLC0415  (the models need the settings)

    archive.fill(options.pieces, say)
    make_lists()
    took = {row.what: measure(row, options.times) for row in pages()}
    slowest = max(took[f"{kind}, page 10,000"] / took[kind] for kind in ("section", "topic"))
    print(f"page 10,000 takes {slowest:.2f} times what the first does, at most")
    return int(slowest > ALLOWED)


def make_lists() -> None:
    """What archive.fill() does not make."""
    from django.db.models import F  # noqa: PLC0415

    from articles.models import Article, Author, Byline, Section  # noqa: PLC0415
    from bench.newspaper.reads import make_reads  # noqa: PLC0415

    section, is_new = Section.objects.get_or_create(slug="all", defaults={"name": "All"})
    if not is_new:
        return
    Article.objects.update(section=section, updated_at=F("updated_at"))
    keys = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    author = Author.objects.create(name="All", slug="all")
    Byline.objects.bulk_create(
        (Byline(article_id=pk, author=author, position=9) for pk in keys), batch_size=5000
    )
    make_topic("All", "all", keys)
    make_topic("Far back", "far-back", keys[:FAR_BACK])
    make_reads(keys[::-1], an_hour=READ_AN_HOUR, a_day=A_DAY)


def make_topic(name: str, slug: str, keys: list[int]) -> None:
    from articles.models import Article, Topic  # noqa: PLC0415

    topic, has_topic = Topic.objects.create(name=name, slug=slug), Article.topics.through
    has_topic.objects.bulk_create(
        (has_topic(article_id=pk, topic=topic) for pk in keys), batch_size=5000
    )


def pages() -> list[Row]:
    from articles.keyset import Key  # noqa: PLC0415
    from articles.listings import LIST_PIECES  # noqa: PLC0415
    from articles.models import Article  # noqa: PLC0415

    public = Article.objects.published().defer("body", "body_html")
    number = min(10_000, public.count() // LIST_PIECES - 1)
    above = public[(number - 1) * LIST_PIECES - 1]
    assert above.published_at
    key = Key(above.published_at, above.pk)
    piece, oldest = public[200], public.reverse()[3]
    rows = []
    for kind, address in (
        ("section", "/sections/all/"),
        ("topic", "/topics/all/"),
        ("author", "/authors/all/"),
    ):
        rows += [
            Row(kind, address),
            Row(f"{kind}, page 10,000", f"{address}?before={key}"),
            Row(f"{kind}, back from page 10,000", f"{address}?after={key}"),
            Row(f"{kind}, ?page={number}", f"{address}?page={number}"),
        ]
    return [
        *rows,
        Row("topic of 1,250 pieces", "/topics/topic-7/"),
        Row("topic of old pieces alone", "/topics/far-back/"),
        Row("author of 1,250 pieces", "/authors/author-7/"),
        Row("source", "/sources/agency-3/"),
        Row("archive", "/archive/"),
        Row("month", f"/archive/{piece.published_at:%Y/%m}/"),
        Row("piece", piece.get_absolute_url()),
        Row("oldest piece", oldest.get_absolute_url()),
        Row("most read", "/popular/"),
        Row("front page", "/"),
    ]


def measure(row: Row, times: int) -> float:
    """The median in seconds, which is printed; the first time doesn't count."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench.measure import QueryLog, seconds  # noqa: PLC0415

    client, queries = Client(SERVER_NAME="localhost"), list[str]()
    with connection.execute_wrapper(QueryLog(queries)):
        response = client.get(row.address)
    assert response.status_code == 200, (row, response.status_code)
    took = sorted(seconds(client, row.address) for _ in range(times))
    print(
        f"{row.what:32}{median(took) * 1000:>7.1f} ms (least {took[0] * 1000:.1f})"
        f"{len(queries):>5} queries",
        flush=True,
    )
    return median(took)


if __name__ == "__main__":
    sys.exit(main())
