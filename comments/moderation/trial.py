"""Tries rules for replies, before they are the site's, on the replies that came in last.

It writes nothing. What a rule needs and is kept of no reply can't be tried: LEFT_OUT.
"""

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from articles.models import Article, Replies, Section
from comments import body_html
from comments.closing import place_of
from comments.models import Comment, Policy
from comments.models.decision import Status
from comments.models.record import REFUSED
from comments.moderation import repeats, rules
from comments.moderation.findings import Finding, Pace, Place, Severity
from comments.moderation.gather import SHORTLY, staff_names, submission_of_stored
from comments.moderation.pipeline import apply
from comments.moderation.rule_names import name_of
from newsroom.language import speaking_as_the_site

REPLIES = 1000  # the newest
EXAMPLES = 20
AROUND = 150  # characters of a text that are shown before and after a match
LONGEST = 8.0  # seconds; what was not reached until then is left out, and that is said

# What each rule would need, and is not kept.
LEFT_OUT = {
    rules.blocked_sender.__name__: _("who is blocked: it is not part of these rules"),
    rules.newcomer.__name__: _("first replies: the proof who sent a reply is not kept"),
    rules.rejected_before.__name__: _("rejections: when each was decided is not looked up"),
    repeats.same_words.__name__: _("the same words again: what came before is not looked up"),
    repeats.nearly_same_words.__name__: _("nearly the same words: comparing all takes too long"),
    rules.honeypot.__name__: _("the hidden field: what stood in it is not kept"),
    rules.answered_too_fast.__name__: _("the time taken: it is not kept"),
    rules.no_proof_of_work.__name__: _("the proof of work: it is not kept"),
}
TRIED = tuple(rule for rule in rules.RULES if rule.__name__ not in LEFT_OUT)


@dataclass(frozen=True)
class Part:
    """A piece of a text; `is_matched` where a rule is about it."""

    text: str
    is_matched: bool


@dataclass(frozen=True)
class Example:
    """A reply that the rules would hold or reject."""

    comment: Comment
    findings: tuple[Finding, ...]
    before: tuple[Finding, ...]  # what the present rules find

    @property
    def is_rejected(self) -> bool:
        return self.findings[0].severity == Severity.REJECT

    @property
    def parts(self) -> list[Part]:
        """The text around what was matched."""
        spans = sorted(finding.span for finding in self.findings if finding.span)
        return list(_cut(_parts(body_html.readable(self.comment.body_html), spans)))


@dataclass
class Outcome:
    """Of the replies that one set of rules would treat alike."""

    count: int = 0
    approved: int = 0  # of them, by moderators
    turned_down: int = 0


@dataclass
class Trial:
    """What rules would have done with the last replies, beside what the present ones would."""

    tried: int = 0
    is_cut: bool = False
    held: Outcome = field(default_factory=Outcome)
    rejected: Outcome = field(default_factory=Outcome)
    closed: Outcome = field(default_factory=Outcome)
    held_now: int = 0
    rejected_now: int = 0
    closed_now: int = 0
    by_rule: dict[str, int] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    held_all: bool = False  # they hold every reply, whatever is found

    @property
    def named(self) -> list[tuple[str, int]]:
        """How much each rule would have found, by the rule's name in words."""
        return [(name_of(rule), count) for rule, count in self.by_rule.items()]

    @property
    def left_out(self) -> list[str]:
        return [str(why) for why in LEFT_OUT.values()]


def trial_of(policy: Policy, present: Policy) -> Trial:
    """`policy` need not be saved. Examples are first those that `present` would let pass."""
    start = time.monotonic()
    trial = Trial(held_all=policy.replies != Replies.OPEN)
    comments = list(last_replies())
    paces, names = paces_of(comments), staff_names()
    known_examples: list[Example] = []
    with speaking_as_the_site():
        for comment in comments:
            if time.monotonic() - start > LONGEST:
                trial.is_cut = True
                break
            trial.tried += 1
            now, then = found_by_each(comment, present, policy, paces[comment.pk], names)
            _count_now(trial, now)
            if not then or then[0].severity < Severity.HOLD:
                continue
            _count(trial, comment, then)
            is_new = _grade(then) > _grade(now)
            examples = trial.examples if is_new else known_examples
            if len(examples) < EXAMPLES:
                examples.append(Example(comment, then, now))
    trial.examples = [*trial.examples, *known_examples][:EXAMPLES]
    trial.by_rule = dict(sorted(trial.by_rule.items(), key=lambda each: (-each[1], each[0])))
    return trial


def last_replies() -> Iterable[Comment]:
    """Of readers, newest first."""
    written = Comment.objects.exclude(status=Status.ERASED).filter(written_by__isnull=True)
    with_place = written.select_related("article__section").defer(
        "article__body", "article__body_html", "article__desk_notes"
    )
    return with_place.order_by("-submitted_at", "-pk")[:REPLIES]


def paces_of(comments: list[Comment]) -> dict[int, Pace]:
    """How many came in shortly before each, of those that are tried."""
    times: dict[tuple[str, object], list[datetime]] = defaultdict(list)
    keys: dict[int, dict[str, tuple[str, object]]] = {}
    for comment in reversed(comments):
        keys[comment.pk] = {
            "of_sender": ("sender", comment.commenter_id),
            "of_network": ("network", comment.network),
            "under_article": ("article", comment.article_id),
        }
        for key in keys[comment.pk].values():
            times[key].append(comment.submitted_at)
    paces = {}
    for comment in comments:
        at, counts = comment.submitted_at, {}
        for name, key in keys[comment.pk].items():
            is_known = key[1] not in ("", None)
            counts[name] = _between(times[key], at - SHORTLY, at) if is_known else 0
        own = times[keys[comment.pk]["of_sender"]]
        place = bisect_left(own, at)
        last = own[place - 1] if place and comment.commenter_id else None
        seconds = (at - last).total_seconds() if last else None
        paces[comment.pk] = Pace(**counts, seconds_since_last=seconds)
    return paces


class Watched:
    """Rules that remember which of their fields were read."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self.policy, name)


def found_by_each(
    comment: Comment, present: Policy, policy: Policy, pace: Pace, names: tuple[str, ...]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What the present rules find, and what `policy` would. A rule that reads nothing in which
    they differ is asked once."""
    differing = {
        field.attname
        for field in Policy._meta.concrete_fields
        if getattr(present, field.attname) != getattr(policy, field.attname)
    }
    watched = Watched(present)
    moment, article = comment.submitted_at, comment.article
    as_now = replace(
        submission_of_stored(comment, present),
        policy=cast(Policy, watched),
        pace=pace,
        place=place_at(article, present, moment),
        staff_names=names,
    )
    as_then = replace(as_now, policy=policy, place=place_at(article, policy, moment))
    now, then = [], []
    for rule in TRIED:
        watched.read.clear()
        found = apply(rule, as_now)
        now.append(found)
        is_asked = watched.read & differing or as_now.place != as_then.place
        then.append(apply(rule, as_then) if is_asked else found)
    return _gravest_first(now), _gravest_first(then)


def _gravest_first(findings: list[Finding | None]) -> tuple[Finding, ...]:
    return tuple(sorted(filter(None, findings), key=lambda finding: -finding.severity))


def place_at(article: Article, policy: Policy, moment: datetime) -> Place:
    """Whether the clock would have closed replies by then. What is closed by hand says nothing of
    the time before."""
    by_clock = Policy(close_after_days=policy.close_after_days, replies=Replies.OPEN)
    bare = Article(published_at=article.published_at, section=Section())
    place = place_of(bare, by_clock, moment)
    return place if place.is_closed else Place()


def _count(trial: Trial, comment: Comment, found: tuple[Finding, ...]) -> None:
    outcome = {rules.closed.__name__: trial.closed}.get(found[0].rule) or (
        trial.rejected if found[0].severity == Severity.REJECT else trial.held
    )
    outcome.count += 1
    outcome.approved += comment.is_approved
    outcome.turned_down += comment.status in REFUSED
    for finding in found:
        if finding.severity >= Severity.HOLD:
            trial.by_rule[finding.rule] = trial.by_rule.get(finding.rule, 0) + 1


def _count_now(trial: Trial, found: tuple[Finding, ...]) -> None:
    grade = _grade(found)
    if found and found[0].rule == rules.closed.__name__:
        trial.closed_now += 1
    elif grade == Severity.REJECT:
        trial.rejected_now += 1
    elif grade == Severity.HOLD:
        trial.held_now += 1


def _grade(found: tuple[Finding, ...]) -> int:
    return max((finding.severity for finding in found), default=0)


def _between(times: list[datetime], after: datetime, before: datetime) -> int:
    return bisect_left(times, before) - bisect_left(times, after)


def _cut(parts: Iterable[Part]) -> Iterator[Part]:
    """With the beginning and the end of what stands between matches."""
    for part in parts:
        if part.is_matched or len(part.text) <= 2 * AROUND:
            yield part
        else:
            yield Part(f"{part.text[:AROUND]} … {part.text[-AROUND:]}", False)


def _parts(text: str, spans: list[tuple[int, int]]) -> Iterator[Part]:
    end = 0
    for start, stop in spans:
        start = max(start, end)
        if start >= stop or start >= len(text):
            continue
        if start > end:
            yield Part(text[end:start], False)
        yield Part(text[start:stop], True)
        end = stop
    if end < len(text):
        yield Part(text[end:], False)
