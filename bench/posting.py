"""Has many readers post at once to a newsroom that runs as it does for its users.

    python -m bench.posting --readers 200 --rounds 5

starts one without its demo (`manage.py serve`: SQLite, two processes that answer), lets all
readers open the same page, and send their replies at the same moment. It fails where an answer
is a server's error, or a reply that was answered with 303 is not in the database.
"""

import argparse
import http.client
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

import lxml.html

from tests.running import Running, running

PATIENCE = 60.0  # seconds for one answer
SLUG = "posted-to"
WORDS = ["ferry", "will", "sail", "again", "on", "Monday", "said", "who", "runs", "port", "wind"]
FROM_THIS_SITE = {"Sec-Fetch-Site": "same-origin"}

# Run in the newsroom itself: a piece to reply to. The readers share one network, so that the
# limit of posts from one is lifted.
SET_UP = f"""
from django.contrib.auth.models import User
from django.utils import timezone
from articles.models import Article, Section
from comments.models import Policy
Policy.objects.update_or_create(pk=1, defaults={{"most_posts_a_minute": 0}})
by, _ = User.objects.get_or_create(username="bench")
world, _ = Section.objects.get_or_create(name="World", slug="world")
if not Article.objects.filter(slug="{SLUG}").exists():
    Article.objects.create(
        headline="Posted to", slug="{SLUG}", section=world, body="<p>Text.</p>",
        status="published", published_at=timezone.now(), begun_by=by,
    )
"""
STORED = f"""
import json
from comments.models import Comment
there = Comment.objects.filter(article__slug="{SLUG}").order_by("pk")
print(json.dumps(list(there.values_list("body", flat=True))))
"""


@dataclass(frozen=True)
class Posted:
    """What one reader sent and was answered; `status` is 0 where no answer came."""

    text: str
    status: int
    seconds: float
    page: str


@dataclass(frozen=True)
class Figures:
    posts: int
    seconds: float  # from the first post to the last answer
    median: float
    p95: float
    longest: float
    answers: dict[int, int]  # by status

    def __str__(self) -> str:
        pace = self.posts / self.seconds
        took = (
            f"{self.median:.2f} s (median), {self.p95:.2f} s (p95), {self.longest:.2f} s (longest)"
        )
        sent = f"{self.posts} posts in {self.seconds:.1f} s ({pace:.0f} a second)"
        return f"{sent}; an answer took {took}; answers: {self.answers}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    chance = random.Random(given.seed)
    failed = False
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), NEWSROOM_DEMO="0", WORKERS="2") as newsroom,
    ):
        newsroom.run(SET_UP)
        for number in range(1, given.rounds + 1):
            posted = post_at_once(newsroom, given.readers, chance, first=number * given.readers)
            print(f"round {number}: {figures(posted)}", flush=True)
            lost = lost_replies(newsroom, posted)
            broken = [each for each in posted if each.status == 0 or each.status >= 500]
            failed |= bool(lost or broken)
            if lost:
                print(f"LOST: {len(lost)} replies", flush=True)
    return int(failed)


def post_at_once(
    newsroom: Running, readers: int, chance: random.Random, *, first: int = 0
) -> list[Posted]:
    """Each of the `readers` opens the page of the piece; then all send a reply of their own.

    They are numbered from `first` on, and have an address of mail each.
    """
    together = threading.Barrier(readers)
    texts = [f"No. {first + number}: {words(chance)}" for number in range(readers)]
    posted: list[Posted] = []

    def read_and_post(number: int) -> None:
        fields = form_of(newsroom) | {
            "comment": texts[number],
            "author": f"Reader {first + number}",
            "email": f"reader-{first + number}@example.org",
        }
        together.wait()
        posted.append(post(newsroom, fields))

    threads = [threading.Thread(target=read_and_post, args=[number]) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return posted


def form_of(newsroom: Running) -> dict[str, str]:
    """The reply form of the piece, as it was drawn for this reader."""
    _, page = _ask(newsroom, "GET", f"/articles/{SLUG}/")
    form = next(each for each in lxml.html.fromstring(page).forms if "comment" in each.fields)
    return {name: value or "" for name, value in form.fields.items()}


def post(newsroom: Running, fields: dict[str, str]) -> Posted:
    begun = time.perf_counter()
    try:
        status, page = _ask(newsroom, "POST", f"/articles/{SLUG}/comments/", fields)
    except OSError as error:
        status, page = 0, repr(error)
    return Posted(fields["comment"], status, time.perf_counter() - begun, page)


def _ask(
    newsroom: Running, method: str, path: str, fields: dict[str, str] | None = None
) -> tuple[int, str]:
    parts = urlsplit(newsroom.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        headers = dict(FROM_THIS_SITE)
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def words(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(8, 120)))


def lost_replies(newsroom: Running, posted: Iterable[Posted]) -> list[Posted]:
    """Those that were answered as taken, and are not in the database exactly once."""
    stored = Counter(json.loads(newsroom.run(STORED)))
    return [each for each in posted if each.status == 303 and stored[each.text] != 1]


def figures(posted: list[Posted]) -> Figures:
    times = sorted(each.seconds for each in posted)
    marks = quantiles(times, n=20)
    return Figures(
        posts=len(posted),
        seconds=times[-1],
        median=marks[9],
        p95=marks[18],
        longest=times[-1],
        answers=dict(Counter(each.status for each in posted)),
    )


if __name__ == "__main__":
    sys.exit(main())
