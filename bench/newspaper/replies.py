"""Replies in threads, with their senders, and what was found in and decided of the last ones."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

from django.contrib.auth.models import User
from django.db import connection, transaction

from bench.newspaper.bulk import Row, Table
from bench.newspaper.pieces import Piece
from bench.newspaper.words import Words
from bench.progress import Progress
from comments.models import Comment, Commenter, Decision, Finding
from comments.models.decision import Status

A_SENDER = 15  # replies
SENDERS_AT_ONCE = 4000  # who come and go: a sender is there for about two months
THREADS = (1, 1, 1, 1, 2, 2, 3, 4, 6, 9)  # replies in a thread
TALK = timedelta(days=3)  # about a piece
RULES = ("newcomer", "contact_details", "many_links", "shouting", "watched_words")
# What waits, of the replies of so many days; what was refused, and erased later.
WAITING, WAITING_DAYS = 0.10, timedelta(days=90)
REFUSED, SPAM = 0.04, 0.03
REFUSED_KEPT = Comment.objects.all().REFUSED_KEPT - timedelta(days=2)
LOGGED, TRACED = timedelta(days=30), timedelta(days=28)
FORGOTTEN = Commenter.objects.all().ADDRESS_KEPT + timedelta(days=30)


@dataclass(slots=True)
class Reply:
    """What its row is made of. `shown` counts what readers see of the thread that it begins."""

    pk: int
    piece: int
    status: Status
    at: datetime
    sender: int
    text: str
    parent: int | None = None
    thread: int | None = None
    shown: int = 0


@dataclass
class Senders:
    """Numbered in the order in which they first replied; their keys are one higher."""

    replies: int
    a_day: float

    @property
    def total(self) -> int:
        return max(self.replies // A_SENDER, 50)

    @property
    def remembered_from(self) -> int:
        """Those before have not replied for long enough for their address to be erased."""
        since = FORGOTTEN.days * self.a_day / A_SENDER
        return max(0, int(self.total - since - 2 * SENDERS_AT_ONCE))

    def of(self, reply: int, chance: random.Random) -> int:
        around = reply * self.total // max(self.replies, 1)
        return min(max(0, around - int(chance.random() * SENDERS_AT_ONCE)), self.total - 1)

    def make(self, now: datetime) -> None:
        table = Table(Commenter, "id", "fingerprint", "sealed_address", first_seen=now)
        progress, size = Progress("senders", self.total), 50_000
        for first in range(0, self.total, size):
            numbers = range(first, min(first + size, self.total))
            with transaction.atomic():
                table.insert(map(self._row, numbers))
            progress.at(numbers[-1] + 1)

    def _row(self, number: int) -> Row:
        if number < self.remembered_from:
            return number + 1, None, b""
        return number + 1, sha256(f"{number}".encode()).hexdigest(), b"sealed"


class Tables:
    """Those that replies are written to."""

    MODELS = (Comment, Decision, Finding)

    def __init__(self, now: datetime, senders: Senders, words: Words, by: User) -> None:
        self.now, self.senders, self.words, self.by = now, senders, words, by
        self.keys = count(1)
        self.stamp = connection.ops.adapt_datetimefield_value
        self.comments = Table(
            Comment,
            *("id", "article_id", "status", "submitted_at", "approved_at", "commenter_id"),
            *("parent_id", "thread_id", "shown_in_thread", "name", "body", "body_html"),
            *("text_digest", "network", "featured_at"),
        )
        self.decisions = Table(
            Decision, "comment_id", "by_id", "rule", "from_status", "to_status", "at"
        )
        self.findings = Table(
            Finding, "comment_id", "rule", severity=2, reason="It looks so.", start=3, end=12
        )

    def under(self, pieces: list[Piece]) -> list[Reply]:
        """Those of a chunk of pieces, which are told how many of them readers see."""
        chance, replies = random.Random(f"replies {pieces[0].pk}"), list[Reply]()
        for piece in pieces:
            under = list(self._under(piece, chance))
            piece.reply_count = sum(each.status == Status.APPROVED for each in under)
            replies += under
        return replies

    def _under(self, piece: Piece, chance: random.Random) -> Iterator[Reply]:
        if not piece.replies:
            return
        step = min(TALK, self.now - piece.at) / (piece.replies + 1)
        left, at = piece.replies, piece.at
        while left:
            first: Reply | None = None
            answerable: list[int] = []
            thread = list[Reply]()
            for _ in range(min(left, chance.choice(THREADS))):
                at += step
                reply = self._reply(piece.pk, at, chance)
                if first and answerable:
                    reply.thread, reply.parent = first.pk, chance.choice(answerable[-3:])
                elif first:  # nobody answers what nobody sees
                    at -= step
                    break
                first = first or reply
                thread.append(reply)
                if reply.status == Status.APPROVED:
                    answerable.append(reply.pk)
            assert first
            first.shown = len(answerable)
            left -= len(thread)
            yield from thread

    def _reply(self, piece: int, at: datetime, chance: random.Random) -> Reply:
        key, text = next(self.keys), chance.choice(self.words.replies)
        return Reply(
            key, piece, self._status(self.now - at, chance), at, self.senders.of(key, chance), text
        )

    def _status(self, age: timedelta, chance: random.Random) -> Status:
        part = chance.random()
        if part < REFUSED + SPAM:
            if age > REFUSED_KEPT:
                return Status.ERASED
            return Status.REJECTED if part < REFUSED else Status.SPAM
        is_waiting = age < WAITING_DAYS and part > 1 - WAITING
        return Status.HELD if is_waiting else Status.APPROVED

    def write(self, replies: list[Reply]) -> None:
        with transaction.atomic():
            self.comments.insert(map(self._comment, replies))
            self.decisions.insert(row for each in replies for row in self._decisions(each))
            self.findings.insert(
                (each.pk, RULES[each.pk % len(RULES)])
                for each in replies
                if each.status == Status.HELD
            )

    def _comment(self, each: Reply) -> Row:
        at = self.stamp(each.at)
        above = each.parent, each.thread, each.shown
        if each.status == Status.ERASED:
            return (
                *(each.pk, each.piece, "erased", at, None, None, *above),
                *("", "", "", "", "", None),
            )
        is_approved = each.status == Status.APPROVED
        return (
            *(each.pk, each.piece, each.status.value, at, at if is_approved else None),
            *(each.sender + 1, *above, f"Reader {each.sender}", each.text, f"<p>{each.text}</p>"),
            f"{each.pk:064x}",
            f"{each.sender % 5000:064x}" if self.now - each.at < TRACED else "",
            at if is_approved and not each.pk % 500 else None,
        )

    def _decisions(self, each: Reply) -> Iterator[Row]:
        """Of the last weeks all there would be; of what is older, that something was erased."""
        at, rule, held = self.stamp(each.at), RULES[each.pk % len(RULES)], Status.HELD.value
        if each.status == Status.ERASED:
            yield each.pk, None, "retention", Status.REJECTED.value, each.status.value, at
        elif each.status == Status.APPROVED:
            if self.now - each.at < LOGGED:
                yield each.pk, None, "nothing_found", "", each.status.value, at
        else:
            yield each.pk, None, rule, "", held, at
            if each.status != Status.HELD:
                later = self.stamp(min(each.at + timedelta(hours=2), self.now))
                yield each.pk, self.by.pk, "", held, each.status.value, later
