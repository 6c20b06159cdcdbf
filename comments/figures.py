"""What happened to replies on each day of the site's clock, counted by a job into DayFigure.

Pages that show figures add up its rows: they cost the same whether there are a thousand replies
or a million. Only what waits now is counted when it is asked for, along an index.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from comments import waits
from comments.models import Comment, DayFigure, Decision, Finding, Policy
from comments.models.decision import Kind as DecisionKind
from comments.models.decision import Status
from comments.models.record import REFUSED
from comments.moderation.findings import Severity
from comments.moderation.rule_names import MOVED_IN
from newsroom.models import SiteSettings

VERDICTS = (Status.APPROVED, Status.REJECTED, Status.SPAM)
# What a moderator decided of the reply as such, not of a pick, a note or a word in it.
JUDGING = (DecisionKind.STATE, DecisionKind.LOOKED_AGAIN, DecisionKind.REPORTS)
COUNTED_AGAIN = 2  # of the last days: what was decided may have been taken back since
USUAL_OF = timedelta(days=14)  # that the usual wait is of
ENOUGH_WAITS = 20  # within that time, to say something of it
OWN_WORDS, BY_RULE = "own_words", "rule:"

Kind = DayFigure.Kind
type Counts = Counter[tuple[str, str]]


def today() -> date:
    return timezone.now().astimezone(zone()).date()


def zone() -> ZoneInfo:
    return SiteSettings.objects.current().zone


def keep_up() -> None:
    """Count the days since it was last done, those last ones again, and the usual wait."""
    last, there = today(), zone()
    for day in _days(_first_day(last, there), last):
        DayFigure.objects.keep(day, count(day, there))
    keep_usual_wait()


def _first_day(last: date, there: ZoneInfo) -> date:
    known = DayFigure.objects.order_by("-day").values_list("day", flat=True).first()
    if known:
        return min(known, last) - timedelta(days=COUNTED_AGAIN - 1)
    oldest = Comment.objects.order_by("submitted_at").values_list("submitted_at", flat=True)
    first = oldest.first()
    return first.astimezone(there).date() if first else last


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def bounds(day: date, there: ZoneInfo) -> tuple[datetime, datetime]:
    """When the day begins, and the one after it."""
    begin = datetime.combine(day, time(), tzinfo=there)
    return begin, datetime.combine(day + timedelta(days=1), time(), tzinfo=there)


def count(day: date, there: ZoneInfo) -> Counts:
    """All figures of `day`, by kind and key. There is one of what came in even for none."""
    begin, end = bounds(day, there)
    came_in = Comment.objects.filter(submitted_at__gte=begin, submitted_at__lt=end)
    # Were the newsroom's own left out by a condition, SQLite would go through all readers' replies
    # by the index of that field.
    pieces = came_in.order_by().values_list("article")
    counts: Counts = Counter({(Kind.RECEIVED, ""): 0})
    for article, number in pieces.annotate(number=Count("pk", filter=Q(written_by=None))):
        counts[Kind.RECEIVED, ""] += number
        counts[Kind.PIECE, str(article)] = number
    decided = _verdicts().filter(at__gte=begin, at__lt=end)
    _count_verdicts(decided, counts)
    _count_hits(begin, end, counts)
    _count_reversed(decided, counts)
    return counts


def reason_key(*, canned: int | None, rule: str) -> str:
    """What a rejection counts under: a ready reason, a rule, or the moderator's own words."""
    if canned:
        return str(canned)
    return f"{BY_RULE}{rule}"[:40] if rule else OWN_WORDS


def _verdicts() -> QuerySet[Decision]:
    """Decisions that put a reader's reply somewhere else, and were not taken back. What moved in
    was decided on elsewhere."""
    decided = Decision.objects.filter(
        to_status__in=VERDICTS, undone_by=None, comment__written_by=None
    )
    return decided.exclude(rule=MOVED_IN)


def _count_verdicts(decided: QuerySet[Decision], counts: Counts) -> None:
    """Each reply counts once where it got to, and once for how long it waited."""
    earlier = Decision.objects.filter(
        comment=OuterRef("comment"), pk__lt=OuterRef("pk"), undone_by=None
    )
    rows = (
        decided.annotate(
            was_there=Exists(earlier.filter(to_status=OuterRef("to_status"))),
            was_decided=Exists(earlier.filter(to_status__in=VERDICTS)),
        )
        .order_by("pk")
        .values_list(
            *("from_status", "to_status", "rule", "canned", "at", "comment__submitted_at"),
            *("was_there", "was_decided"),
        )
    )
    for before, to, rule, canned, at, came_in, was_there, was_decided in rows.iterator():
        if before == to or was_there:
            continue
        counts[to, ""] += 1
        if to == Status.REJECTED:
            counts[Kind.REASON, reason_key(canned=canned, rule=rule)] += 1
        if before == Status.HELD and not was_decided:
            counts[Kind.WAITED, str(waits.step_of(at - came_in))] += 1


def _count_hits(begin: datetime, end: datetime, counts: Counts) -> None:
    """By rule, in how many replies that came in it found what holds or rejects them; and what
    rules decided by themselves that find nothing in a reply."""
    found = Finding.objects.filter(
        comment__submitted_at__gte=begin,
        comment__submitted_at__lt=end,
        severity__gte=Severity.HOLD,
    )
    rules = found.order_by().values_list("rule")
    for rule, number in rules.annotate(number=Count("comment", distinct=True)):
        counts[Kind.RULE_HIT, rule] = number
    acted = Decision.objects.filter(
        at__gte=begin, at__lt=end, by=None, to_status__in=[*VERDICTS, Status.HELD]
    ).exclude(rule__in=["", MOVED_IN])
    without = acted.exclude(
        Exists(Finding.objects.filter(comment=OuterRef("comment"), rule=OuterRef("rule")))
    )
    for rule, before, to, number in (
        without.order_by()
        .values_list("rule", "from_status", "to_status")
        .annotate(number=Count("comment", distinct=True))
    ):
        if before != to:
            counts[Kind.RULE_HIT, rule] += number


def _count_reversed(decided: QuerySet[Decision], counts: Counts) -> None:
    """By rule, on how many replies a moderator decided first, and how many the other way."""
    earlier = Decision.objects.filter(
        comment=OuterRef("comment"), pk__lt=OuterRef("pk"), undone_by=None
    )
    judged = earlier.filter(by__isnull=False, kind__in=JUDGING, to_status__in=VERDICTS)
    by_rule = earlier.filter(by=None).exclude(rule="").order_by("-pk")
    rows = (
        decided.filter(by__isnull=False, kind__in=JUDGING)
        .exclude(Exists(judged))
        .order_by("pk")
        .values_list(
            "comment",
            "to_status",
            Subquery(by_rule.values("rule")[:1]),
            Subquery(by_rule.values("to_status")[:1]),
        )
    )
    for chunk in _chunks(rows.iterator(), 500):
        found = _rules_that_found([comment for comment, *_ in chunk])
        for comment, to, rule, rule_to in chunk:
            if rule_to == Status.APPROVED:
                rules, is_reversed = {rule}, to in REFUSED
            else:
                rules = found.get(comment) or ({rule} if rule else set())
                is_reversed = to == Status.APPROVED
            for each in rules:
                counts[Kind.RULE_DECIDED, each] += 1
                counts[Kind.RULE_REVERSED, each] += is_reversed


def _rules_that_found(comments: list[int]) -> dict[int, set[str]]:
    found = defaultdict(set)
    rows = Finding.objects.filter(comment__in=comments, severity__gte=Severity.HOLD)
    for comment, rule in rows.values_list("comment", "rule"):
        found[comment].add(rule)
    return found


def _chunks(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def keep_usual_wait() -> None:
    """Write down how long held replies waited lately, where there is enough to say of it and other
    words say it: it stands on every page with a form."""
    wait, told = usual_wait(), Policy.objects.current().usual_wait
    if _in_words(wait) != _in_words(told):
        Policy.objects.get_or_create(pk=1)
        Policy.objects.filter(pk=1).update(usual_wait=wait)


def _in_words(wait: timedelta | None) -> str:
    return waits.in_words(wait) if wait else ""


def usual_wait() -> timedelta | None:
    """The median of the last USUAL_OF, with what waits now; None with fewer than ENOUGH_WAITS."""
    days = DayFigure.objects.between(today() - USUAL_OF, today())
    decided = {int(step): number for step, number in days.totals(Kind.WAITED).items()}
    if sum(decided.values()) < ENOUGH_WAITS:
        return None
    now = timezone.now()
    held = Comment.objects.held().filter(submitted_at__gt=now - USUAL_OF)
    since = held.order_by().values_list("submitted_at", flat=True)
    waiting = Counter(waits.step_of(now - each) for each in since.iterator())
    return waits.usual(decided, waiting)
