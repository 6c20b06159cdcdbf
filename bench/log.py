"""Measures the log of decisions with very many of them.

    python -m bench.log --decisions 1000000

makes them in a state directory of its own (SQLite, unless DATABASE_URL names another database) and
prints how long each view of the log takes, the web server apart, how many queries it asks, and how
long the whole table takes to be sent. The next run finds them there. It fails where a page
takes longer than ALLOWED_MS at the least.
"""

import argparse
import random
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from bench.set_up import begin, say

ALLOWED_MS = 250
REPLIES, MODERATORS, DAYS = 20_000, 12, 700
CHUNK = 10_000
COLUMNS = ("comment_id", "by_id", "rule", "kind", "from_status", "to_status", "at")
RULES = ("newcomer", "banned_words", "many_links", "retention", "taken_back")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=9, help="how often each page is asked for")
    given = begin(parser, state="newsroom-bench-log")
    fill(given.decisions, say)
    print(f"{'':34}{'median':>10}{'least':>10}{'queries':>9}{'kB':>6}")
    took = [measure(what, query, given.times) for what, query in views().items()]
    whole_table()
    return int(max(took) * 1000 > ALLOWED_MS)


def fill(count: int, say: Callable[[str], None]) -> None:
    """Make what is missing, oldest first."""
    from django.contrib.auth.models import Group, User  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    from bench import queue_replies  # noqa: PLC0415
    from comments.models import Comment, Decision  # noqa: PLC0415

    queue_replies.fill(REPLIES, REPLIES // 10, say)
    people = [queue_replies.moderator()]
    for number in range(1, MODERATORS):
        user, _ = User.objects.get_or_create(username=f"moderator-{number}", is_staff=True)
        user.groups.add(Group.objects.get(name="Moderators"))
        people.append(user)
    replies = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
    # The time of a decision is when it is made, except here.
    places = ", ".join(["%s"] * len(COLUMNS))
    insert = f"INSERT INTO comments_decision ({', '.join(COLUMNS)}) VALUES ({places})"
    chance, there = random.Random(23), Decision.objects.count()
    for first in range(there, count, CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            numbers = range(first, min(first + CHUNK, count))
            cursor.executemany(insert, list(rows(numbers, count, chance, replies, people)))
        say(f"{numbers[-1] + 1:,} decisions")


def rows(
    numbers: range, count: int, chance: random.Random, replies: list[int], people: list[Any]
) -> Iterator[tuple[Any, ...]]:
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    for number in numbers:
        at = timezone.now() - timedelta(days=DAYS) * (1 - number / count)
        is_rule = chance.random() < 0.5
        before, after = ("", "held") if is_rule else ("held", chance.choice(AFTER))
        yield (
            chance.choice(replies),
            None if is_rule else chance.choice(people).pk,
            chance.choice(RULES) if is_rule else "",
            "undone" if number % 997 == 0 else "state",
            before,
            after,
            connection.ops.adapt_datetimefield_value(at),
        )


AFTER = ["approved"] * 90 + ["rejected"] * 6 + ["spam"] * 4


def views() -> dict[str, str]:
    """What is measured, by its name."""
    from articles.keyset import Key  # noqa: PLC0415
    from comments.models import Comment, Decision  # noqa: PLC0415

    middle = Decision.objects.order_by("-at", "-pk")[Decision.objects.count() // 2]
    oldest = Decision.objects.order_by("at", "pk")[60]
    reply = Comment.objects.order_by("pk")[REPLIES // 2]
    person = Decision.objects.filter(by__isnull=False).latest("pk").by_id
    return {
        "first page": "",
        "in the middle": f"before={Key(middle.at, middle.pk)}",
        "back from the middle": f"after={Key(middle.at, middle.pk)}",
        "last page": f"before={Key(oldest.at, oldest.pk)}",
        "of one person": f"by={person}",
        "of one rule": "rule=retention",
        "taken back": "kind=undone",
        "to spam": "to_status=spam",
        "from approved, none": "from_status=approved",
        "of one person, rejected": f"by={person}&to_status=rejected",
        "of one rule, one day": f"rule=newcomer&since={middle.at.date()}&until={middle.at.date()}",
        "of one piece": f"article={reply.article_id}",
        "of one reply": f"reply={reply.pk}",
    }


def measure(what: str, query: str, times: int) -> float:
    """The least time in seconds, printed with the median; the first time doesn't count."""
    from django.db import connection  # noqa: PLC0415

    from bench.measure import QueryLog, seconds  # noqa: PLC0415

    browser, queries = client(), list[str]()
    address = f"/admin/comments/log/?{query}"
    with connection.execute_wrapper(QueryLog(queries)):
        response = browser.get(address)
    assert response.status_code == 200, (address, response.status_code)
    took = sorted(seconds(browser, address) for _ in range(times))
    print(
        f"{what:34}{median(took) * 1000:>7.0f} ms{took[0] * 1000:>7.0f} ms"
        f"{len(queries):>9}{len(response.content) // 1000:>6}",
        flush=True,
    )
    return took[0]


def whole_table() -> None:
    began, size = perf_counter(), 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    response = client().get("/admin/comments/log/decisions.csv")
    size = sum(len(part) for part in response)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"the whole table: {size / 1e6:.0f} MB in {perf_counter() - began:.0f} s, "
        f"{more / 1000:.0f} MB of memory more"
    )


def client() -> Any:
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(username="moderator-0"))
    return browser


if __name__ == "__main__":
    sys.exit(main())
