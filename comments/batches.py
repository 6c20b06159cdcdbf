"""Deciding on many replies at once, and taking that back: what the worker does for a Batch, or for
a small one the process that answers whoever confirmed it.

It goes over them CHUNK by CHUNK, each in one transaction that also notes how far it has got: so a
worker that is killed leaves nothing half done, whoever takes the batch up again decides nothing
twice, and whoever stops it stops it there. What comes of it is what the verbs of Comment would
have made of each reply, with statements that are about all of a chunk.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from time import sleep

from django.contrib.auth.models import User
from django.db import OperationalError, transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.utils import timezone

from articles.models import Article
from comments import deciding, undoing
from comments.deciding import settles_reports
from comments.meanwhile import DecidedMeanwhile
from comments.models import (
    Batch,
    BatchItem,
    Comment,
    Decision,
    DecisionReason,
    Report,
    SecondLook,
)
from comments.models.decision import Kind, Status
from comments.models.second_look import ForAnotherModerator
from comments.notices.decisions import all_decided
from comments.seen import changes_under, unseen

logger = logging.getLogger(__name__)
Outcome = BatchItem.Outcome

CHUNK = 500
# Between two chunks, in seconds: long enough for whoever waits to write to a SQLite database.
BREATH = 0.1


def work(number: int) -> None:
    """Go over a batch until all is decided, or taken back, or it is stopped.

    Two at once share the work.
    """
    while _do_next(number):
        sleep(BREATH)


def work_at_once(batch: Batch) -> None:
    """Do the same for a small batch that was begun just now, so that whoever confirmed it sees what
    became of it. What can't be done now is taken up by the worker, as after any interruption."""
    if not batch.is_small:
        return
    try:
        while _do_next(batch.pk):
            pass
    except OperationalError as error:
        logger.warning("Batch %s is left to the worker: %s.", batch.pk, type(error).__name__)


def take_up_again() -> int:
    """Call a worker for what was left alone; how many batches."""
    left = list(Batch.objects.left_alone().order_by("pk"))
    for batch in left:
        batch.call_worker()
    return len(left)


def _do_next(number: int) -> bool:
    """Whether more is to be done."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().filter(pk=number).first()
        if batch is None or not batch.is_at_work:
            return False
        by = (batch.undone_by if batch.is_undoing else None) or batch.by
        if not by.has_perm("comments.moderate_comment"):
            batch.end(Batch.State.STOPPED)
            return False
        return _undo_chunk(batch, by) if batch.is_undoing else _decide_chunk(batch, by)


# --- Deciding ---------------------------------------------------------------------------------


def _decide_chunk(batch: Batch, by: User) -> bool:
    items = list(batch.items.filter(outcome="").order_by("comment")[:CHUNK])
    replies = _locked(item.comment_id for item in items)
    looks = _with_waiting_look(replies)
    together: list[Comment] = []
    left = defaultdict[str, list[int]](list)
    for item in items:
        reply = replies.get(item.comment_id)
        if reply is None or (why := _why_left(batch, item, reply, looks)):
            left[why if reply else Outcome.DECIDED_MEANWHILE].append(item.pk)
        elif reply.pk not in looks:
            together.append(reply)
        elif why := _decide_one(batch, by, reply):
            left[why].append(item.pk)
    _decide_all(batch, by, together)
    for why, numbers in left.items():
        BatchItem.objects.filter(pk__in=numbers).update(outcome=why)
    done = BatchItem.objects.filter(pk__in=[item.pk for item in items], outcome="")
    decided, _by_model = done.delete()
    ends = len(items) < CHUNK
    skipped = len(items) - decided
    batch.move(ends=ends, decided=batch.decided + decided, skipped=batch.skipped + skipped)
    return not ends


def _locked(numbers: Iterable[int]) -> dict[int, Comment]:
    """Answers before what they answer: see CommentQuerySet.lock_threads()."""
    replies = Comment.objects.select_for_update().filter(pk__in=list(numbers))
    return {each.pk: each for each in replies.defer("body", "body_html").order_by("-pk")}


def _with_waiting_look(replies: Mapping[int, Comment]) -> set[int]:
    """Of which of the refused ones the author has asked for a second look: the next decision
    settles that, too, and not everybody may take it."""
    refused = [number for number, reply in replies.items() if reply.is_refused]
    waiting = SecondLook.objects.filter(comment__in=refused, decided_at__isnull=True)
    return set(waiting.values_list("comment", flat=True))


def _why_left(batch: Batch, item: BatchItem, reply: Comment, looks: Collection[int]) -> str:
    """Why it is left as it is; empty where it isn't."""
    if reply.status != item.status or reply.is_erased:
        return Outcome.DECIDED_MEANWHILE
    if reply.version != item.version:
        return Outcome.CHANGED_MEANWHILE
    is_open = reply.pk in looks or _settles(batch, reply)
    return Outcome.SO_ALREADY if reply.status == batch.to_status and not is_open else ""


def _settles(batch: Batch, reply: Comment) -> bool:
    by = batch.by
    return reply.reported_at is not None and settles_reports(Status(batch.to_status), by=by)


def _decide_one(batch: Batch, by: User, reply: Comment) -> str:
    """Why nothing was decided; empty where something was."""
    reason = _reasons(batch, [reply])[reply.article_id]
    said = deciding.Said(reason=reason, note=batch.note, canned=batch.canned, batch=batch)
    try:
        is_decided = deciding.decide(reply, Status(batch.to_status), by=by, **said)
    except ForAnotherModerator:
        return Outcome.ANOTHER_DECIDES
    return "" if is_decided else Outcome.SO_ALREADY


def _reasons(batch: Batch, replies: Iterable[Comment]) -> dict[int, str]:
    """What the authors of these replies are told, by the primary key of the piece: the words of
    a ready reason are in its language."""
    pieces = {each.article_id for each in replies}
    if batch.reason or not batch.canned:
        return dict.fromkeys(pieces, batch.reason)
    languages = Article.objects.filter(pk__in=pieces).values_list("pk", "language")
    words = {language: batch.canned.words(language) for _pk, language in languages}
    return {piece: words[language] for piece, language in languages}


def _decide_all(batch: Batch, by: User, replies: Collection[Comment]) -> None:
    made = Decision.objects.bulk_create(
        Decision(
            comment=each,
            by=by,
            from_status=each.status,
            to_status=batch.to_status,
            canned_id=batch.canned_id,
            kind=Kind.REPORTS if each.status == batch.to_status else Kind.STATE,
            batch=batch,
        )
        for each in replies
    )
    reasons = _reasons(batch, replies)
    DecisionReason.objects.bulk_create(
        DecisionReason(decision=each, text=reasons[reply.article_id], note=batch.note)
        for each, reply in zip(made, replies, strict=True)
        if reasons[reply.article_id] or batch.note
    )
    if reported := [each.pk for each in replies if _settles(batch, each)]:
        with unseen():
            Comment.objects.filter(pk__in=reported).update(reported_at=None)
        Report.objects.settle(reported)
    let_out = {"approved_at": _approved_at(reported)} if batch.to_status == Status.APPROVED else {}
    _set_states(replies, {each.pk: batch.to_status for each in replies}, **let_out)


def _approved_at(reported: Collection[int]) -> Case:
    """Now; but what readers saw before they reported it is no new reply."""
    shown = When(pk__in=reported, approved_at__isnull=False, then=F("approved_at"))
    return Case(shown, default=Value(timezone.now()), output_field=DateTimeField())


def _set_states(replies: Iterable[Comment], states: Mapping[int, str], **fields: object) -> None:
    """With all that hangs on a reply's state. `replies` are locked, and as they are now."""
    changed = [each for each in replies if each.status != states[each.pk]]
    counted = [each for each in changed if Status.APPROVED in (each.status, states[each.pk])]
    numbers = defaultdict[str, list[int]](list)
    for reply in changed:
        reply.status = states[reply.pk]
        numbers[reply.status].append(reply.pk)
    with changes_under(each.article_id for each in counted):
        for status, of_state in numbers.items():
            Comment.objects.filter(pk__in=of_state).update(status=status, **fields)
        if counted:
            Comment.objects.recount(counted)
    all_decided(changed)


# --- Taking back ------------------------------------------------------------------------------


def _undo_chunk(batch: Batch, by: User) -> bool:
    made = batch.decisions.filter(pk__gt=batch.undone_up_to).order_by("pk")
    decisions = list(made[:CHUNK])
    replies = _locked(each.comment_id for each in decisions)
    decided_since = _decided_since(decisions)
    looks = SecondLook.objects.filter(comment__in=replies).values_list("comment", flat=True)
    with_look = set(looks)
    together: list[Decision] = []
    undone = 0
    for each in decisions:
        if each.pk in decided_since:
            continue
        if each.comment_id in with_look:
            undone += _undo_one(replies[each.comment_id], each, by)
        else:
            together.append(each)
    _undo_all(replies, together, by)
    undone += len(together)
    ends = len(decisions) < CHUNK
    batch.move(
        ends=ends,
        undone=batch.undone + undone,
        kept=batch.kept + len(decisions) - undone,
        undone_up_to=decisions[-1].pk if decisions else batch.undone_up_to,
    )
    return not ends


def _decided_since(decisions: Iterable[Decision]) -> set[int]:
    """Which of these (primary keys) another decision on the same reply has followed that stands, or
    its author's change of a text that would be public again."""
    own = {each.comment_id: each for each in decisions}
    if not own:
        return set()
    later = Decision.objects.filter(
        comment__in=own, pk__gt=min(each.pk for each in own.values()), undone_by__isnull=True
    ).exclude(kind=Kind.UNDONE)
    rows = later.filter(~Q(from_status=F("to_status")) | Q(kind=Kind.EDITED))
    return {
        own[comment].pk
        for comment, number, before, to in rows.order_by().values_list(
            "comment", "pk", "from_status", "to_status"
        )
        if number > own[comment].pk
        and (before != to or own[comment].from_status == Status.APPROVED)
    }


def _undo_one(reply: Comment, decision: Decision, by: User) -> bool:
    """Where a second look was asked for, which may be somebody else's to take."""
    try:
        with transaction.atomic():
            undoing.take_back_state(reply, decision, by)
    except (ForAnotherModerator, DecidedMeanwhile, undoing.NotUndone):
        return False
    return True


def _undo_all(replies: Mapping[int, Comment], decisions: Collection[Decision], by: User) -> None:
    of_these = [replies[each.comment_id] for each in decisions]
    Decision.objects.bulk_create(
        Decision(
            comment_id=each.comment_id,
            by=by,
            from_status=replies[each.comment_id].status,
            to_status=each.from_status,
            kind=Kind.UNDONE,
            undoes=each,
        )
        for each in decisions
    )
    for number, since in Report.objects.reopen(decisions).items():
        earlier = replies[number].reported_at or since
        with unseen():
            Comment.objects.filter(pk=number).update(reported_at=min(since, earlier))
    _set_states(of_these, {each.comment_id: each.from_status for each in decisions})
