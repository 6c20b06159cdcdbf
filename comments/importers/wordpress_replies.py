"""The replies of a WordPress site, with its posts: as they were, and their senders sealed.

Nobody hears of it by mail, and no rule reads them: the former site has decided. Each leaves a
Decision all the same. An address is sealed before anything else is done with it; neither it nor
where a reply was sent from stands in any line that is kept, logged or printed.

A reply keeps its number where it can, for its address and for the order of the page, which is that
of numbers. Where a number is taken, or they are in another order than the replies, all that come
with one post get new ones; `former_number` is then the anchor of links from before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import batched

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.importers.wordpress.records import PostRecord, ReplyRecord
from articles.importers.wordpress.reporting import Reporting
from articles.models import Article, Moved, MovedKind, OldSite
from comments.importers import numbers
from comments.importers.desk_notes import bring_notes
from comments.importers.reply_text import digest_of, html_of, name_of, text_of, website_of
from comments.importers.senders import Sent, senders_of
from comments.models import Comment, Commenter, Decision
from comments.models.decision import Status
from comments.moderation.rule_names import MOVED_IN
from comments.seen import changes_under
from newsroom.inserting import insert_all

AT_ONCE = 500
STATES = {
    **{"1": Status.APPROVED, "approve": Status.APPROVED, "approved": Status.APPROVED},
    **{"0": Status.HELD, "hold": Status.HELD, "spam": Status.SPAM},
    **{"trash": Status.REJECTED, "post-trashed": Status.REJECTED},
}
TRASH = frozenset({"trash", "post-trashed"})
PINGS = frozenset({"pingback", "trackback"})
REPLIES, NOTE = frozenset({"", "comment"}), "note"


@dataclass
class Coming:
    """A reply on its way in. `above` is the number of the one it answers, on the former site."""

    record: ReplyRecord
    at: datetime
    above: int = 0
    comment: Comment = field(default_factory=Comment)


def bring(
    post: PostRecord, article: Article, *, site: OldSite, report: Reporting, by: User
) -> None:
    """Bring the replies under `post` to `article`, in the transaction in which that is brought.

    What came before is left as it is: changed there since, it is reported. New replies of a later
    export are added. The notes of editors become notes for the desk, by `bring_notes()`.
    """
    mine = [each for each in post.replies if each.type in REPLIES]
    _leave_out_others(post, report)
    bring_notes(
        post,
        article,
        [each for each in post.replies if each.type == NOTE],
        site=site,
        report=report,
    )
    if not mine:
        return
    report.found(MovedKind.REPLY, len(mine))
    before = _here_already(site, mine)
    new = _new(mine, before, report)
    if not new:
        return
    coming = _in_order(new, post, article, before, report)
    senders = senders_of([Sent(e.record.number, e.record.email, e.at) for e in coming])
    for each in coming:
        _fill(each, article, senders[each.record.number], report)
    with changes_under([article.pk]):
        _save(coming, article, before)
    _keep_track(coming, site)
    report.brought(MovedKind.REPLY, len(coming))


def digest(record: ReplyRecord) -> str:
    """By which a change of it in a later export is seen. Of no address."""
    parts = (record.text, record.name, record.website, str(record.at), record.approved)
    return sha256("\0".join((*parts, str(record.parent))).encode(errors="replace")).hexdigest()


def called(record: ReplyRecord) -> str:
    """What a report calls it: nothing of who wrote it."""
    return _("Reply %(number)s") % {"number": record.number}


# --- What is new ----------------------------------------------------------------------------------


def _leave_out_others(post: PostRecord, report: Reporting) -> None:
    pings = sum(each.type in PINGS for each in post.replies)
    if pings:
        report.found(MovedKind.OTHER, pings)
        report.left_out(
            MovedKind.OTHER,
            ngettext("%(count)d pingback or trackback", "%(count)d pingbacks and trackbacks", pings)
            % {"count": pings},
            _("What other sites report of themselves is no reply."),
            post.place,
            count=pings,
        )
    known = REPLIES | PINGS | {NOTE}
    for each in post.replies:
        if each.type not in known:
            report.found(MovedKind.OTHER)
            why = _("Of a type that is not known here: %(type)s") % {"type": each.type}
            report.left_out(MovedKind.OTHER, called(each), why, each.place)


def _here_already(site: OldSite, records: Iterable[ReplyRecord]) -> dict[int, Moved]:
    """What came in a run before of these, and of what they answer, by their numbers there."""
    asked = {each.number for each in records} | {each.parent for each in records if each.parent}
    rows = Moved.objects.filter(site=site, kind=MovedKind.REPLY, old_key__in=map(str, asked))
    return {int(row.old_key): row for row in rows}


def _new(
    records: Iterable[ReplyRecord], before: Mapping[int, Moved], report: Reporting
) -> list[ReplyRecord]:
    new: dict[int, ReplyRecord] = {}
    for each in records:
        if row := before.get(each.number):
            report.unchanged(MovedKind.REPLY)
            if row.digest != digest(each):
                why = _("It was changed there since it moved in. What stands here was kept.")
                report.changed(MovedKind.REPLY, called(each), why, each.place)
        elif each.number in new:
            why = _("Its number is another's in the same post.")
            report.left_out(MovedKind.REPLY, called(each), why, each.place)
        else:
            new[each.number] = each
    return list(new.values())


# --- Their order ----------------------------------------------------------------------------------


def _in_order(
    records: Sequence[ReplyRecord],
    post: PostRecord,
    article: Article,
    before: Mapping[int, Moved],
    report: Reporting,
) -> list[Coming]:
    """As they stand on the page: each after the one it answers, else by their dates."""
    coming = {each.number: _dated(each, post, article, report) for each in records}
    here = _under(article, [row.target for row in before.values() if row.target])
    for each in coming.values():
        each.above = _answered(each.record, coming, before, here, report)
    _break_circles(coming, report)
    ordered: dict[int, Coming] = {}
    for each in sorted(coming.values(), key=lambda one: (one.at, one.record.number)):
        line = []
        number = each.record.number
        while number in coming and number not in ordered:
            line.append(number)
            number = coming[number].above
        ordered |= {one: coming[one] for one in reversed(line)}
    return list(ordered.values())


def _dated(record: ReplyRecord, post: PostRecord, article: Article, report: Reporting) -> Coming:
    now = timezone.now()
    at = record.at or post.at or article.published_at or now
    if record.at is None:
        why = _("It has no date: it was given that of its post.")
        report.changed(MovedKind.REPLY, called(record), why, record.place)
    if at > now:
        at = now
        why = _("Its date lies ahead: it was given that of today.")
        report.changed(MovedKind.REPLY, called(record), why, record.place)
    return Coming(record, at)


def _under(article: Article, pks: Sequence[int]) -> dict[int, Comment]:
    rows = Comment.objects.filter(article=article, pk__in=pks).only("pk", "thread")
    return {row.pk: row for row in rows} if pks else {}


def _answered(
    record: ReplyRecord,
    coming: Mapping[int, Coming],
    before: Mapping[int, Moved],
    here: Mapping[int, Comment],
    report: Reporting,
) -> int:
    """The number there of what it answers; 0 for the piece itself."""
    if not record.parent or record.parent in coming:
        return record.parent
    row = before.get(record.parent)
    if row and row.target in here:
        return record.parent
    if row:
        why = _("It answers a reply under another post: it stands under the piece itself.")
    else:
        why = _("What it answers was not brought: it stands under the piece itself.")
    report.changed(MovedKind.REPLY, called(record), why, record.place)
    return 0


def _break_circles(coming: Mapping[int, Coming], report: Reporting) -> None:
    """The lowest of replies that answer each other in a circle stands under the piece."""
    safe: set[int] = set()
    for start in sorted(coming):
        line: dict[int, None] = {}
        number = start
        while number in coming and number not in safe and number not in line:
            line[number] = None
            number = coming[number].above
        if number in line:
            circle = list(line)[list(line).index(number) :]
            first = coming[min(circle)]
            first.above = 0
            why = _("It answers itself, through others: it stands under the piece itself.")
            report.changed(MovedKind.REPLY, called(first.record), why, first.record.place)
        safe |= line.keys()


# --- Writing them ---------------------------------------------------------------------------------


def _fill(each: Coming, article: Article, sender: Commenter, report: Reporting) -> None:
    record = each.record
    changed = partial(_tell, report, record)
    text = text_of(record.text, email=record.email.strip(), changed=changed)
    status = STATES.get(record.approved)
    if status is None:
        status = Status.HELD
        changed(_("Its state is not known here: it waits for a moderator."))
    each.comment = Comment(
        article=article,
        commenter=sender,
        name=name_of(record.name, changed=changed),
        website=website_of(record.website, changed=changed),
        body=text,
        body_html=html_of(text, changed=changed),
        status=status,
        submitted_at=each.at,
        approved_at=each.at if status == Status.APPROVED else None,
        text_digest=digest_of(text),
    )


def _tell(report: Reporting, record: ReplyRecord, why: str) -> None:
    report.changed(MovedKind.REPLY, called(record), why, record.place)


def _save(coming: Sequence[Coming], article: Article, before: Mapping[int, Moved]) -> None:
    """With their old numbers if they can have them."""
    old = [each.record.number for each in coming]
    last = Comment.objects.filter(article=article).aggregate(last=Max("pk"))["last"] or 0
    if old[0] > last and numbers.may_keep(old):
        numbers.set_aside(old[-1])
        try:
            # A reply that has such a number may be on its way in from elsewhere.
            with transaction.atomic():
                _insert(coming, old, article, before)
        except IntegrityError:
            pass
        else:
            return
    # Above the old ones, so that none of these is the anchor of another.
    able = {number for number in old if 0 < number <= numbers.HIGHEST}
    new = numbers.new_numbers(len(coming), above=max(able, default=0))
    taken = set(Comment.objects.filter(article=article, pk__in=old).values_list("pk", flat=True))
    for each in coming:
        number = each.record.number
        is_anchor = number in able and number not in taken
        each.comment.former_number = number if is_anchor else None
    _insert(coming, new, article, before)


def _insert(
    coming: Sequence[Coming], keys: Sequence[int], article: Article, before: Mapping[int, Moved]
) -> None:
    """In the order in which they stand: each after the one it answers."""
    above = [row.target for row in before.values() if row.target]
    here = _under(article, above)
    by_number = {number: here[row.target] for number, row in before.items() if row.target in here}
    for each, key in zip(coming, keys, strict=True):
        comment = each.comment
        comment.pk = key
        answered = by_number.get(each.above)
        comment.parent_id = answered.pk if answered else None
        comment.thread_id = answered.thread_key if answered else None
        by_number[each.record.number] = comment
    Comment.objects.bulk_create([each.comment for each in coming], batch_size=AT_ONCE)
    _record(coming)


def _record(coming: Sequence[Coming]) -> None:
    """What was decided of each, before it moved in."""
    note = _("It was in the trash of the former site.")
    decisions = []
    for each in coming:
        if each.record.approved in TRASH:
            Decision.objects.record(each.comment, rule=MOVED_IN, to=each.comment.status, note=note)
        else:
            decisions.append(
                Decision(comment=each.comment, rule=MOVED_IN, to_status=each.comment.status)
            )
    for some in batched(decisions, AT_ONCE):
        insert_all(some)


def _keep_track(coming: Iterable[Coming], site: OldSite) -> None:
    rows = [
        Moved(
            site=site,
            kind=MovedKind.REPLY,
            old_key=str(each.record.number),
            target=each.comment.pk,
            digest=digest(each.record),
        )
        for each in coming
    ]
    for some in batched(rows, AT_ONCE):
        insert_all(some)
