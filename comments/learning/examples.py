"""Past decisions to learn from: those of people, the newest on each reply.

What a rule decided is no example, nor what was put back into the queue since, what was erased, and
what the newsroom wrote itself.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import batched
from typing import NamedTuple

from comments.body_html import readable
from comments.learning.facts import Reading, reading_of
from comments.models import Comment, Decision, Finding, Likely, Record
from comments.models.decision import Kind, Status

MOST = 100_000  # the newest: so is the time bounded that learning takes, and the memory
AT_ONCE = 1000

VERDICTS = {
    Status.APPROVED: Likely.APPROVE,
    Status.REJECTED: Likely.REJECT,
    Status.SPAM: Likely.SPAM,
}
# Decisions that tell what somebody thinks of the reply as such.
KINDS = (Kind.STATE, Kind.LOOKED_AGAIN, Kind.REPORTS, Kind.UNDONE)


class Past(NamedTuple):
    """One decision of a person."""

    comment: int
    verdict: Likely
    at: datetime
    submitted_at: datetime
    sender: int


class Example(NamedTuple):
    """One decision to learn from: what was decided, and of what."""

    past: Past
    reading: Reading


def decided_by_people() -> "list[Past]":
    """The newest MOST, in the order in which the replies came in."""
    seen: set[int] = set()
    found: list[Past] = []
    last = None
    decisions = (
        Decision.objects.filter(by__isnull=False, kind__in=KINDS)
        .filter(comment__commenter__isnull=False)
        .exclude(comment__status=Status.ERASED)
        .order_by("-pk")
    )
    rows = decisions.values_list(
        *("pk", "comment", "to_status", "at", "comment__submitted_at", "comment__commenter")
    )
    while len(found) < MOST:
        some = list((rows if last is None else rows.filter(pk__lt=last))[: 5 * AT_ONCE])
        if not some:
            break
        last = some[-1][0]
        for _pk, comment, status, *rest in some:
            if comment in seen:
                continue
            seen.add(comment)
            if (verdict := VERDICTS.get(Status(status))) and len(found) < MOST:
                found.append(Past(comment, verdict, *rest))
    found.sort(key=lambda past: (past.submitted_at, past.comment))
    return found


def with_readings(decisions: list[Past]) -> Iterator[list[Example]]:
    """AT_ONCE at a time: as much as is held in memory. What was erased meanwhile is left out.

    Of a sender's record, what had been decided when the reply came in: it knew no more then.
    """
    records = _Records()
    for some in batched(decisions, AT_ONCE):
        texts = _texts_of([past.comment for past in some])
        examples = []
        for past in some:
            record = records.at(past)
            if text := texts.get(past.comment):
                examples.append(Example(past, text.reading(record)))
        yield examples


class Text(NamedTuple):
    """What is read of a reply in the database."""

    html: str
    website: str
    is_answer: bool
    language: str
    rules: list[str]

    def reading(self, record: Record) -> Reading:
        return reading_of(
            readable(self.html),
            record,
            rules=self.rules,
            website=self.website,
            is_answer=self.is_answer,
            language=self.language,
        )


def _texts_of(keys: list[int]) -> dict[int, Text]:
    rules: dict[int, list[str]] = defaultdict(list)
    found = Finding.objects.filter(comment__in=keys).order_by().values_list("comment", "rule")
    for comment, rule in found:
        rules[comment].append(rule)
    rows = Comment.objects.filter(pk__in=keys).exclude(status=Status.ERASED)
    values = rows.values_list("pk", "body_html", "website", "parent", "article__language")
    return {
        pk: Text(html, website, parent is not None, language, rules.get(pk, []))
        for pk, html, website, parent, language in values
    }


class _Records:
    """How many replies of each sender had been let out and turned down at a moment. It is asked
    in the order in which the replies came in."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[int, int]] = {}
        self._to_come: list[tuple[datetime, int, bool]] = []

    def at(self, past: Past) -> Record:
        while self._to_come and self._to_come[0][0] <= past.submitted_at:
            _at, sender, is_approved = heappop(self._to_come)
            approved, refused = self._counts.get(sender, (0, 0))
            self._counts[sender] = (approved + is_approved, refused + (not is_approved))
        is_approved = past.verdict == Likely.APPROVE
        heappush(self._to_come, (past.at, past.sender, is_approved))
        return Record(*self._counts.get(past.sender, (0, 0)))
