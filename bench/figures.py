"""Measures the figures of replies: the job that counts, the dashboard, and the public page.

    python -m bench.figures --replies 1000000

makes so many replies of a year, with what was decided of them, in a state directory of its own
(SQLite, unless DATABASE_URL names another database). The next run finds them there. It fails where
a page takes longer than ALLOWED.
"""

import argparse
import math
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

from bench.set_up import begin, say

ALLOWED = 0.250  # seconds of a processor
DAYS, PIECES, SENDERS, CHUNK = 400, 300, 2000, 5000
RULES = ("newcomer", "many_links", "contact_details", "watched_words", "shouting", "same_words")
MODERATORS = ("mira", "jonas", "aiko")


class Made(NamedTuple):
    """Who and what replies are made of, by primary key."""

    pieces: list[int]
    senders: list[int]
    staff: list[int]
    reasons: list[int]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replies", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=9, help="how often each page is asked for")
    parser.add_argument("--waiting", type=float, default=0.1, help="how many of them, at the end")
    given = begin(parser, state="newsroom-bench-figures")
    fill(given.replies, given.waiting)
    from comments import figures  # noqa: PLC0415

    for what in ("all days", "the days since"):
        start = perf_counter()
        figures.keep_up()
        print(f"counting {what:30}{perf_counter() - start:>9.2f} s", flush=True)
    quick = [is_quick(what, address, given.times) for what, address in pages()]
    return int(not all(quick))


def fill(number: int, waiting: float) -> None:
    from comments.models import Comment, Decision  # noqa: PLC0415

    there = Comment.objects.count()
    if there >= number:
        return
    # When each was decided is told here, and is not now.
    Decision._meta.get_field("at").auto_now_add = False
    chance, made = random.Random(there), ground()
    for first in range(there, number, CHUNK):
        last = min(first + CHUNK, number)
        rows = [
            reply(chance, made, place, number, waits=place > number * (1 - waiting))
            for place in range(first, last)
        ]
        write(chance, made, rows)
        say(f"{last:,} replies")


def ground() -> Made:
    from django.contrib.auth.models import Group, User  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from articles.models import Article  # noqa: PLC0415
    from bench import archive  # noqa: PLC0415
    from comments.models import CannedReason, Commenter, Policy  # noqa: PLC0415

    chance, now = random.Random(3), timezone.now()
    editor, section = archive.make_staff()[0], archive.make_sections()[0]
    for place in range(PIECES):
        Article.objects.get_or_create(
            slug=f"piece-{place}",
            defaults={
                "headline": archive.words(chance, 7).capitalize(),
                "section": section,
                "body": "<p>Text.</p>",
                "status": "published",
                "published_at": now - timedelta(days=place),
                "begun_by": editor,
            },
        )
    Commenter.objects.bulk_create(
        (
            Commenter(fingerprint=f"{place:064x}", sealed_address=b"sealed")
            for place in range(SENDERS)
        ),
        ignore_conflicts=True,
    )
    for name in MODERATORS:
        user, _ = User.objects.get_or_create(username=name, is_staff=True)
        user.groups.add(Group.objects.get(name="Moderators"))
    Policy.objects.get_or_create(pk=1)
    return Made(
        list(Article.objects.order_by("-pk").values_list("pk", flat=True)),
        list(Commenter.objects.order_by("pk").values_list("pk", flat=True)),
        list(User.objects.filter(username__in=MODERATORS).values_list("pk", flat=True)),
        list(CannedReason.objects.values_list("pk", flat=True)),
    )


def moment(chance: random.Random, place: int, of: int) -> datetime:
    """When the reply at this place of all came in: more by day than by night, few at weekends."""
    from django.utils import timezone  # noqa: PLC0415

    now = timezone.now()
    days = DAYS * (1 - place / of)
    at = now - timedelta(days=days)
    hour = min(max(chance.gauss(14, 4), 0), 23.9)
    moved = at.replace(hour=int(hour), minute=chance.randrange(60))
    if moved.weekday() >= 5 and chance.random() < 0.5:
        moved -= timedelta(days=2)
    return min(moved, now - timedelta(minutes=chance.randrange(1, 600)))


def write(chance: random.Random, made: Made, replies: list[Any]) -> None:
    from django.db import models, transaction  # noqa: PLC0415

    from comments.models import Comment, Decision, Finding  # noqa: PLC0415

    with transaction.atomic():
        # What readers see under each piece is of no interest here, and is not counted.
        models.QuerySet.bulk_create(Comment.objects.all(), replies, batch_size=500)
        held = [each for each in replies if each.rules]
        Finding.objects.bulk_create(
            (
                Finding(comment=each, rule=rule, severity=2, reason="Found")
                for each in held
                for rule in each.rules
            ),
            batch_size=2000,
        )
        decisions = [decision for each in replies for decision in decided(chance, made, each)]
        Decision.objects.bulk_create(decisions, batch_size=1000)


def reply(chance: random.Random, made: Made, place: int, of: int, *, waits: bool) -> Any:
    from comments.models import Comment  # noqa: PLC0415

    piece = made.pieces[min(int(chance.expovariate(12 / len(made.pieces))), len(made.pieces) - 1)]
    at = moment(chance, place, of)
    found = Comment(
        article_id=piece,
        commenter_id=chance.choice(made.senders),
        name=f"Reader {place}",
        body="What I think of it.",
        body_html="<p>What I think of it.</p>",
        submitted_at=at,
        text_digest=str(place),
    )
    found.rules = chance.sample(RULES, k=chance.choice((0, 1, 1, 1, 2)))  # type: ignore[attr-defined]
    found.status = outcome(chance, found.rules)  # type: ignore[attr-defined]
    if found.rules and waits and chance.random() < 0.9:  # type: ignore[attr-defined]
        found.status = "held"
    return found


def outcome(chance: random.Random, rules: list[str]) -> str:
    good = 0.95 - 0.18 * len(rules) - 0.25 * ("many_links" in rules)
    if chance.random() < good:
        return "approved"
    return "spam" if "many_links" in rules or chance.random() < 0.25 else "rejected"


def decided(chance: random.Random, made: Made, reply: Any) -> Iterator[Any]:
    from comments.models import Decision  # noqa: PLC0415

    at = reply.submitted_at
    if not reply.rules:
        yield Decision(comment=reply, rule="nothing_found", to_status="approved", at=at)
        if reply.status != "approved":
            yield judged(chance, made, reply, "approved", at)
        return
    yield Decision(comment=reply, rule=reply.rules[0], to_status="held", at=at)
    if reply.status != "held":
        yield judged(chance, made, reply, "held", at)


def judged(chance: random.Random, made: Made, reply: Any, before: str, at: datetime) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    from comments.models import Decision  # noqa: PLC0415

    slow = 2.5 if at.weekday() >= 5 else 1
    wait = timedelta(minutes=slow * math.exp(chance.gauss(3.6, 1.2)))
    is_rejected = reply.status == "rejected" and chance.random() < 0.8
    return Decision(
        comment=reply,
        by_id=chance.choice(made.staff),
        from_status=before,
        to_status=reply.status,
        canned_id=chance.choice(made.reasons) if is_rejected and made.reasons else None,
        at=min(at + wait, timezone.now()),
    )


def pages() -> Iterator[tuple[str, str]]:
    from django.urls import reverse  # noqa: PLC0415

    desk = reverse("admin:comments_dashboard")
    yield "dashboard", desk
    yield "dashboard, a year", f"{desk}?days=364"
    yield "public page", reverse("comments:moderation")


def is_quick(what: str, address: str, times: int) -> bool:
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench.measure import QueryLog  # noqa: PLC0415

    client, queries = Client(SERVER_NAME="localhost"), list[str]()
    client.force_login(User.objects.get(username=MODERATORS[0]))
    with connection.execute_wrapper(QueryLog(queries)):
        response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    took = []
    for _ in range(times):
        start = process_time()
        client.get(address)
        took.append(process_time() - start)
    print(
        f"{what:39}{median(took) * 1000:>9.1f} ms{len(queries):>5} queries"
        f"{len(response.content) // 1000:>6} kB",
        flush=True,
    )
    return median(took) <= ALLOWED


if __name__ == "__main__":
    sys.exit(main())
