"""Measures the moderators' queue with very many replies.

    python -m bench.queue --replies 1000000 --waiting 100000

makes them in a state directory of its own (SQLite, unless DATABASE_URL names another database)
and prints how long each view of the queue takes, the web server apart, how long of that the
processor worked for it, and how many queries it asks. The next run finds the replies there. It
fails where the first page takes longer than ALLOWED_MS.
"""

import argparse
import sys
from statistics import median
from time import process_time

from bench.set_up import begin, say

ALLOWED_MS = 150


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replies", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=15, help="how often each page is asked for")
    given = begin(parser, state="newsroom-bench-queue")
    from bench import queue_replies  # noqa: PLC0415  (the models need the settings)

    queue_replies.fill(given.replies, given.waiting, say)
    print(f"{'':34}{'median':>10}{'least':>10}{'at work':>10}{'queries':>9}{'kB':>6}")
    took = [measure(what, query, given.times) for what, query in views().items()]
    return int(took[0] * 1000 > ALLOWED_MS)


def views() -> dict[str, str]:
    """What is measured, by its name: the first page comes first."""
    from comments.models import Comment  # noqa: PLC0415
    from comments.queue import Choice, Order, Tab  # noqa: PLC0415

    def behind(choice: Choice, place: int) -> str:
        """The page behind the reply at this place of the list."""
        return choice.as_query(after=choice.place_of(choice.from_here()[place]))

    waiting = Comment.objects.held()
    middle = waiting.count() // 2
    reply = waiting.select_related("article__section").order_by("pk")[middle]
    return {
        "first page": "",
        "in the middle of what waits": behind(Choice(), middle),
        "most likely first": Choice(order=Order.LIKELY).as_query(),
        "most likely first, in the middle": behind(Choice(order=Order.LIKELY), middle),
        "surely spam": "order=likely&likely=spam&sure=95",
        **{tab.value: Choice(tab=tab).as_query() for tab in Tab if tab != Tab.WAITING},
        "of one piece": Choice(article=reply.article_id).as_query(),
        "of one section": Choice(section=reply.article.section_id).as_query(),
        "of one sender": Choice(tab=Tab.ALL, sender=reply.commenter_id).as_query(),
        "found by one rule": "rule=shouting",
        "of the last hour": "age=hour",
        "older than a week": "age=older",
        "search, waiting": f"q={reply.body.split()[0]}",
        "search for a name, waiting": f"q={reply.name.split()[-1]}",
        "search, nothing found": "q=nothing-says-that",
        "search in all": f"tab=all&q={reply.name.split()[-1]}",
    }


def measure(what: str, query: str, times: int) -> float:
    """The median in seconds, which is printed; the first time doesn't count."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench.measure import QueryLog, seconds  # noqa: PLC0415

    client, queries = Client(SERVER_NAME="localhost"), list[str]()
    client.force_login(User.objects.get(username="moderator-0"))
    address = f"/admin/comments/queue/?{query}"
    with connection.execute_wrapper(QueryLog(queries)):
        response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    took, worked = [], []
    for _ in range(times):
        start = process_time()
        took.append(seconds(client, address))
        worked.append(process_time() - start)
    print(
        f"{what:34}{median(took) * 1000:>7.0f} ms{min(took) * 1000:>7.0f} ms"
        f"{median(worked) * 1000:>7.0f} ms{len(queries):>9}{len(response.content) // 1000:>6}",
        flush=True,
    )
    return median(took)


if __name__ == "__main__":
    sys.exit(main())
