"""Measures the pages of a piece with many replies, against one with 50 of them.

    python -m bench.replies --replies 5000

makes one piece for each shape in a state directory of its own (SQLite, unless DATABASE_URL names
another database) and prints how long its pages take, the web server apart, and how many queries
they ask. The next run finds them there. It fails where a page takes longer than ALLOWED, or asks
more than that of the piece with 50 replies.
"""

import argparse
import random
import sys
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from bench.set_up import begin, say

ALLOWED = 0.060  # seconds
FEW = 50


class Row(NamedTuple):
    what: str
    address: str


# Which earlier reply each answers, by the number of the reply; None for the first of a thread.
SHAPES: dict[str, Callable[[int], int | None]] = {
    "single replies": lambda number: None,
    "threads of 100": lambda number: number // 100 * 100 if number % 100 else None,
    "one thread": lambda number: 0 if number else None,
    "a chain": lambda number: number - 1 if number else None,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replies", type=int, default=5000)
    parser.add_argument("--times", type=int, default=15, help="how often each page is asked for")
    given = begin(parser, state="newsroom-bench-replies")
    make(FEW, "single replies")
    allowed = measure(Row(f"{FEW} replies", address(FEW, "single replies")), given.times).queries
    too_slow = False
    for shape in SHAPES:
        make(given.replies, shape)
        for row in pages(given.replies, shape):
            took = measure(row, given.times)
            too_slow |= took.seconds > ALLOWED or took.queries > allowed
    return int(too_slow)


def address(number: int, shape: str) -> str:
    return f"/articles/{shape.replace(' ', '-')}-{number}/"


def make(number: int, shape: str) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from articles.models import Article  # noqa: PLC0415
    from bench import archive  # noqa: PLC0415
    from comments.models import Comment, Commenter  # noqa: PLC0415

    slug = address(number, shape).split("/")[2]
    if Article.objects.filter(slug=slug).exists():
        return
    say(f"making {number:,} replies: {shape}")
    chance = random.Random(7)
    staff, now = archive.make_staff(), timezone.now()
    article = Article.objects.create(
        headline=f"{number:,} replies: {shape}",
        slug=slug,
        section=archive.make_sections()[0],
        body=archive.text(chance),
        status="published",
        published_at=now,
        begun_by=staff[0],
    )
    sender, _ = Commenter.objects.get_or_create(
        fingerprint="0" * 64, defaults={"sealed_address": b"sealed"}
    )
    last = Comment.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    made: list[Comment] = []
    for each in range(number):
        answers = SHAPES[shape](each)
        above = None if answers is None else made[answers]
        words = archive.words(chance, 45)
        made.append(
            Comment(
                pk=last + 1 + each,
                article=article,
                commenter=sender,
                parent_id=above.pk if above else None,
                thread_id=(above.thread_id or above.pk) if above else None,
                name=archive.words(chance, 2).title(),
                body=words,
                body_html=f"<p>{words}</p>",
                status=Comment.Status.APPROVED,
                submitted_at=now,
                text_digest=str(each),
            )
        )
    Comment.objects.bulk_create(made, batch_size=1000)


def pages(number: int, shape: str) -> list[Row]:
    from comments.models import Comment  # noqa: PLC0415
    from comments.reply_page import PAGE_REPLIES, PAGE_THREADS, path_of_thread  # noqa: PLC0415

    piece = address(number, shape)
    rows = [Row(f"{shape}, the piece", piece), Row(f"{shape}, newest", f"{piece}?replies=newest")]
    replies = Comment.objects.filter(article__slug=piece.split("/")[2]).order_by("pk")
    threads = replies.filter(thread=None)
    last = -(-threads.count() // PAGE_THREADS)
    if last > 1:
        rows.append(Row(f"{shape}, page {last}", f"{piece}comments/{last}/"))
    first = threads[0]
    last = -(-first.shown_in_thread // PAGE_REPLIES)
    rows += [
        Row(f"{shape}, whole thread, page {number}", path_of_thread(first.pk, number))
        for number in sorted({1, last})
    ]
    reply = replies.last()
    assert reply
    rows.append(Row(f"{shape}, answering the last", f"{piece}?reply_to={reply.pk}"))
    return [*rows, Row(f"{shape}, permanent link", reply.get_absolute_url())]


class Took(NamedTuple):
    seconds: float
    queries: int


def measure(row: Row, times: int) -> Took:
    """The median, which is printed; the first time doesn't count."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench.measure import QueryLog, seconds  # noqa: PLC0415

    client, queries = Client(SERVER_NAME="localhost"), list[str]()
    with connection.execute_wrapper(QueryLog(queries)):
        response = client.get(row.address)
    assert response.status_code in {200, 302}, (row, response.status_code)
    took = sorted(seconds(client, row.address) for _ in range(times))
    print(
        f"{row.what:40}{median(took) * 1000:>7.1f} ms (least {took[0] * 1000:.1f})"
        f"{len(queries):>5} queries{len(response.content) // 1000:>6} kB",
        flush=True,
    )
    return Took(median(took), len(queries))


if __name__ == "__main__":
    sys.exit(main())
