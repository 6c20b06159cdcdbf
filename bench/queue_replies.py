"""A newsroom with as many replies as one likes, of which many wait for a moderator."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from articles.models import Article
from bench import archive
from comments.models import Comment, Commenter, Decision, Finding, SecondLook
from comments.models.decision import Status

PIECES, REPLIES_A_SENDER = 2000, 15
DAYS, WAITING_DAYS = 700, 30
CHUNK = 20_000
RULES = ("newcomer", "contact_details", "many_links", "shouting", "watched_words")
# Of what is decided, in a thousand.
STATES = [Status.REJECTED] * 40 + [Status.SPAM] * 30 + [Status.APPROVED] * 930


def fill(replies: int, waiting: int, say: Callable[[str], None]) -> None:
    """Make what is missing: what has come in last waits, the rest is decided.

    Written as plain rows, and indexed afterwards: a million come in within minutes. Of what was
    approved without a moderator the log has nothing here.
    """
    moderator()
    begin = Comment.objects.count()
    if begin >= replies:
        return
    archive.fill(PIECES, say)
    senders = make_senders(replies // REPLIES_A_SENDER)
    rows = Rows(replies, replies - waiting, senders)
    with without_indexes(Comment, Finding):
        for first in range(begin, replies, CHUNK):
            numbers = range(first, min(first + CHUNK, replies))
            with transaction.atomic():
                insert(Comment, [rows.comment(number) for number in numbers])
                write_beside(numbers, rows)
            say(f"{numbers[-1] + 1:,} replies")
    refused = Comment.objects.filter(status=Status.REJECTED).order_by("-pk")[:300]
    SecondLook.objects.bulk_create([SecondLook(comment=each) for each in refused])
    approved = Comment.objects.approved().order_by("-pk").values_list("pk", flat=True)[:500]
    Comment.objects.filter(pk__in=list(approved)).update(reported_at=timezone.now())


def moderator() -> User:
    user, _ = User.objects.get_or_create(username="moderator-0", is_staff=True)
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


def make_senders(number: int) -> list[int]:
    prints = (sha256(f"{each}".encode()).hexdigest() for each in range(number))
    Commenter.objects.bulk_create(
        (Commenter(fingerprint=each, sealed_address=b"sealed") for each in prints),
        batch_size=5000,
        ignore_conflicts=True,
    )
    return list(Commenter.objects.order_by("pk").values_list("pk", flat=True))


class Rows:
    """What stands in the rows, always the same for the same number."""

    def __init__(self, total: int, decided: int, senders: list[int]) -> None:
        self.total, self.decided, self.senders = total, decided, senders
        self.chance, self.now = random.Random(11), timezone.now()
        pieces = Article.objects.published().order_by("pk")
        self.pieces = list(pieces.values_list("pk", flat=True))
        length = self.chance.randint
        self.texts = [archive.words(self.chance, length(8, 90)) for _ in range(3000)]
        self.states: dict[int, str] = {}

    def comment(self, number: int) -> dict[str, Any]:
        chance, is_held = self.chance, number >= self.decided
        status = Status.HELD if is_held else chance.choice(STATES)
        self.states[number + 1] = status
        sender, text = int(chance.triangular(0, len(self.senders), 0)), chance.choice(self.texts)
        at = self.now - timedelta(days=self.days_ago(number))
        last = len(self.pieces) - 1
        return {
            "id": number + 1,
            "article_id": self.pieces[int(chance.triangular(0, last, last))],
            "commenter_id": self.senders[min(sender, len(self.senders) - 1)],
            "name": f"Reader {sender}" if chance.random() < 0.9 else f"R. {sender}",
            "body": text,
            "body_html": f"<p>{text}</p>",
            "status": status.value,
            "submitted_at": at,
            "approved_at": at if status == Status.APPROVED else None,
            "text_digest": f"{number:064x}",
            "likely": chance.choice(["approve", "reject", "spam"]) if is_held else "",
            "sure": chance.randint(40, 100) if is_held else 0,
        }

    def days_ago(self, number: int) -> float:
        if number >= self.decided:
            return WAITING_DAYS * (self.total - number) / (self.total - self.decided)
        return WAITING_DAYS + (DAYS - WAITING_DAYS) * (1 - number / self.decided)


def write_beside(numbers: range, rows: Rows) -> None:
    """The findings of what waits, and what was decided of that and of what was refused."""
    by, chance = moderator(), rows.chance
    findings, decisions = [], []
    for key in (number + 1 for number in numbers):
        status = rows.states.pop(key)
        if status == Status.APPROVED:
            continue
        decisions.append(Decision(comment_id=key, rule="newcomer", to_status=Status.HELD))
        if status != Status.HELD:
            held = Status.HELD
            decisions.append(Decision(comment_id=key, by=by, from_status=held, to_status=status))
            continue
        findings += [
            Finding(comment_id=key, rule=rule, severity=2, reason=f"By {rule}.", start=3, end=12)
            for rule in chance.sample(RULES, chance.choice([1, 1, 2]))
        ]
    Decision.objects.bulk_create(decisions, batch_size=2000)
    Finding.objects.bulk_create(findings, batch_size=2000)


@contextmanager
def without_indexes(*models: type[Model]) -> Iterator[None]:
    """To make them again at the end takes a fraction of the time."""
    indexes = [(model, index) for model in models for index in model._meta.indexes]
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.remove_index(model, index)
    yield
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.add_index(model, index)


def insert(model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Plain rows; what they don't name has its default."""
    usual = model()
    fields = model._meta.concrete_fields
    prepared = {
        str(field.column): field.get_db_prep_save(getattr(usual, field.attname), connection)
        for field in fields
    }
    for row in rows:
        for name in ("submitted_at", "approved_at"):
            row[name] = connection.ops.adapt_datetimefield_value(row[name]) if row[name] else None
    columns = ", ".join(connection.ops.quote_name(each) for each in prepared)
    places = ", ".join(["%s"] * len(prepared))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
            [tuple((prepared | row).values()) for row in rows],
        )
