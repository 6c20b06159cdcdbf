"""What moderators and editors ask for: decisions until readers see them, lists, the queue."""

import http.client
import secrets
import time
from collections.abc import Mapping
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from bench.newsrooms import page, wait_for_workers
from bench.processes import processor_seconds
from bench.readers import Effort, repeat
from bench.rows import Bar, Row, row
from bench.wrk import Sample, Unanswered
from tests.running import Running

AT_ONCE, PIECES, ONE_BY_ONE = 1000, 20, 10
PATIENCE = 60.0
QUEUE, BATCHES = "/admin/comments/queue/", "/admin/comments/queue/batches/"
LISTS = {
    "queue": QUEUE,
    "queue, likely ones first": f"{QUEUE}?order=likely",
    "list of pieces": "/admin/articles/article/",
    "list of pieces, page 10": "/admin/articles/article/?p=10",
    "list of pieces, waiting for review": "/admin/articles/article/?state=in_review",
    "list of pieces, of a section": "/admin/articles/article/?section=4&state=withdrawn",
    "list of pieces, of an author": "/admin/articles/article/?author=8",
    "list of pieces, searched": "/admin/articles/article/?q=ferry",
    "arranging the front page": "/admin/articles/frontplace/",
    "log of decisions": "/admin/comments/log/",
    "dashboard": "/admin/comments/dashboard/",
}
LOG_IN = """
from importlib import import_module
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import User
user = User.objects.get(username={username!r})
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[auth.SESSION_KEY] = str(user.pk)
session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""
# So many replies wait under so many new pieces, one after the other; prints the first and last key.
HOLD = """
import secrets
from django.db import models
from django.utils import timezone
from django.contrib.auth.models import User
from articles.models import Article, Section
from comments.models import Comment, Commenter, Decision
name, now = secrets.token_hex(4), timezone.now()
by, section = User.objects.order_by("pk").first(), Section.objects.order_by("pk").first()
pieces = [
    Article.objects.create(
        headline="Waited for", slug=f"waited-for-{{name}}-{{n}}", section=section,
        body="<p>Text.</p>", status="published", published_at=now, begun_by=by,
    )
    for n in range({pieces})
]
senders = [
    Commenter.objects.create(fingerprint=secrets.token_hex(32), sealed_address=b"sealed")
    for _ in range(20)
]
made = models.QuerySet.bulk_create(Comment.objects.all(), [
    Comment(
        article=pieces[n % {pieces}], commenter=senders[n % 20], name=f"Reader {{n}}",
        body=f"What I think of it: {{n}}.", body_html=f"<p>What I think of it: {{n}}.</p>",
        submitted_at=now, text_digest=secrets.token_hex(32),
    )
    for n in range({replies})
])
Decision.objects.bulk_create(
    Decision(comment=each, rule="newcomer", to_status="held") for each in made
)
print(made[0].pk, made[-1].pk, pieces[0].slug, pieces[(len(made) - 1) % {pieces}].slug)
"""
APPROVED = """
from comments.models import Comment
print(Comment.objects.filter(pk__gte={first}, pk__lte={last}, status="approved").count())
"""


class Held(NamedTuple):
    first: int
    last: int
    slug_of_first: str
    slug_of_last: str


def lists(newsroom: Running, effort: Effort) -> list[Row]:
    found = []
    for what, path in LISTS.items():
        who = "editor-0" if "/articles/" in path else "moderator-0"
        headers = {"Cookie": f"sessionid={log_in(newsroom, who)}"}
        samples = repeat(newsroom, path, effort, headers=headers, connections=2)
        found.append(row(what, "admin", samples))
    return found


def one_by_one(newsroom: Running, effort: Effort) -> list[Row]:
    """From the press of a button until a reader has the page with the reply."""
    cookie, samples = log_in(newsroom, "moderator-0"), []
    for _ in range(effort.times):
        held = hold(newsroom, ONE_BY_ONE, pieces=1)
        path = f"/articles/{held.slug_of_first}/"
        page(newsroom, path)
        begun, waited = processor_seconds(newsroom.process.pid), []
        for key in range(held.first, held.last + 1):
            start = time.perf_counter()
            sent = {"decision": "approve", "seen": "held.1"}
            if (status := send(newsroom, f"{QUEUE}{key}/", sent, cookie)) != 200:
                raise Unanswered(f"approving one: the answer is {status}")
            see(newsroom, path, key)
            waited.append((time.perf_counter() - start) * 1000)
        wait_for_workers(newsroom, PATIENCE)
        worked = processor_seconds(newsroom.process.pid) - begun
        samples.append(sample_of(waited, worked * 1000 / ONE_BY_ONE))
    bar = Bar("p50", at_most=50)
    return [row("approving one, until a reader sees it", "writing", samples, bar)]


def in_bulk(newsroom: Running, effort: Effort) -> list[Row]:
    """One request, until all are approved and readers see the last one."""
    cookie, samples = log_in(newsroom, "moderator-0"), []
    for _ in range(effort.times):
        held = hold(newsroom, AT_ONCE, pieces=PIECES)
        for slug in (held.slug_of_first, held.slug_of_last):
            page(newsroom, f"/articles/{slug}/")
        sent = {
            "decision": "approve", "chosen": "range", "choice": "", "first": held.first,
            "last": held.last, "until": held.last, "count": AT_ONCE, "key": secrets.token_hex(16),
        }  # fmt: skip
        begun, start = processor_seconds(newsroom.process.pid), time.perf_counter()
        if (status := send(newsroom, BATCHES, sent, cookie)) != 302:
            raise Unanswered(f"approving {AT_ONCE}: the answer is {status}")
        count = APPROVED.format(first=held.first, last=held.last)
        while (done := int(newsroom.run(count))) < AT_ONCE:
            if time.perf_counter() - start > PATIENCE:
                raise Unanswered(f"{done} of {AT_ONCE} are approved after a minute")
        see(newsroom, f"/articles/{held.slug_of_last}/", held.last)
        waited = [(time.perf_counter() - start) * 1000]
        wait_for_workers(newsroom, PATIENCE)
        worked = processor_seconds(newsroom.process.pid) - begun
        see(newsroom, f"/articles/{held.slug_of_first}/", held.first)
        samples.append(sample_of(waited, worked * 1000))
    bar = Bar("p50", at_most=1000)
    return [row("approving 1,000 at once, until all are seen", "writing", samples, bar)]


def log_in(newsroom: Running, username: str) -> str:
    if username not in newsroom.sessions:
        newsroom.sessions[username] = newsroom.run(LOG_IN.format(username=username)).strip()
    key: str = newsroom.sessions[username]
    return key


def hold(newsroom: Running, replies: int, *, pieces: int) -> Held:
    first, last, *slugs = newsroom.run(HOLD.format(replies=replies, pieces=pieces)).split()
    return Held(int(first), int(last), *slugs)


def send(newsroom: Running, path: str, fields: Mapping[str, object], session: str) -> int:
    """As the queue's own script does."""
    parts, token = urlsplit(newsroom.url), "b" * 32
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "Origin": newsroom.url,
            "Sec-Fetch-Site": "same-origin",
            "X-Requested-With": "fetch",
        }
        body = urlencode({**fields, "csrfmiddlewaretoken": token})
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def see(newsroom: Running, path: str, key: int) -> None:
    """The next reader must have it: no page is ever stale."""
    answer = page(newsroom, path, **{"Accept-Encoding": "identity"})
    if f'id="comment-{key}"'.encode() not in answer.body:
        raise Unanswered(f"{path} is stale: reply {key} is not on it")


def sample_of(waited: list[float], cpu: float) -> Sample:
    waits = sorted(waited)
    per_second = 1000 * len(waits) / sum(waits)
    return Sample(per_second, p50=median(waits), p99=waits[-1], cpu=cpu, size=0)
