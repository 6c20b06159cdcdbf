"""Who is to hear of a decision on a reply."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comments.models.decision import Status
from comments.models.mail import BETWEEN_BUNDLES, STANDS, Mail
from comments.models.subscription import Subscription

if TYPE_CHECKING:
    from comments.models.comment import Comment

TOGETHER = timedelta(minutes=10)  # bundles that follow others leave at such moments


def decided(comment: "Comment", *, before: str) -> None:
    """The same of one reply. `before` is empty for a reply that was taken in so: its author has
    just seen what became of it."""
    all_decided([comment], tells_their_senders=bool(before))


def all_decided(comments: Iterable["Comment"], *, tells_their_senders: bool = True) -> None:
    """Put what is to be told of decisions into the outbox, for when they have stood for STANDS.

    Runs in the transaction of the decisions, after the pieces were locked by `recount()`, and takes
    the same number of queries whoever is concerned. Whether a decision still holds is looked at
    when the mails are sent, so that nothing needs to be undone when it is taken back.
    """
    told = [each for each in comments if each.status in (Status.APPROVED, Status.REJECTED)]
    if not told:
        return
    due = timezone.now() + STANDS
    of_these = Mail.objects.waiting().filter(
        comment__in=told, kind__in=(Mail.Kind.DECISION, Mail.Kind.ANSWER)
    )
    put_off = of_these.update(due_at=due) if tells_their_senders else 0
    mails = list(_mails(told, due, tells_their_senders))
    Mail.objects.queue(mails)
    if put_off and all(mail.due_at != due for mail in mails):
        Mail.objects.wake_worker(at=due)


def _mails(
    comments: Sequence["Comment"], due: datetime, tells_their_senders: bool
) -> Iterator[Mail]:
    """To the sender of each, and where it is approved to whom it answers, and once to those who
    want all new replies.

    The first two may still confirm before the mail leaves.
    """
    above = _senders_above(comments)
    own, wants_all = _wanted(comments, above)
    bundles: set[int] = set()
    for comment in comments:
        piece, sender = comment.article_id, comment.commenter_id
        answered = above.get(comment.parent_id or 0) if comment.is_approved else None
        kinds = {answered: Mail.Kind.ANSWER} if answered != sender else {}
        kinds |= {sender: Mail.Kind.DECISION} if tells_their_senders else {}
        for to, kind in kinds.items():
            if to is not None and (piece, to) in own:
                yield Mail(sender_id=to, kind=kind, comment=comment, article_id=piece, due_at=due)
        for subscription in wants_all[piece] if comment.is_approved else ():
            if subscription.sender_id != sender and subscription.pk not in bundles:
                bundles.add(subscription.pk)
                yield of_new_replies(subscription)


def _senders_above(comments: Sequence["Comment"]) -> dict[int, int | None]:
    """Who sent what the approved ones answer, by its primary key."""
    parents = {each.parent_id for each in comments if each.is_approved and each.parent_id}
    if not parents:
        return {}
    answered = type(comments[0]).objects.filter(pk__in=parents).order_by()
    return dict(answered.values_list("pk", "commenter"))


def _wanted(
    comments: Sequence["Comment"], above: Mapping[int, int | None]
) -> tuple[set[tuple[int, int]], Mapping[int, list[Subscription]]]:
    """Who wants to hear of their own replies, by piece and sender, and who of all, by piece.

    The last are left out while a mail to them waits that will tell of these, too.
    """
    pieces = {each.article_id for each in comments}
    shown_in = {each.article_id for each in comments if each.is_approved}
    senders = {each.commenter_id for each in comments} | set(above.values())
    waiting = Mail.objects.waiting().filter(
        kind=Mail.Kind.NEW_REPLIES, article=OuterRef("article"), sender=OuterRef("sender")
    )
    of_own = Q(kind=Subscription.Kind.OWN, article__in=pieces, sender__in=senders - {None})
    of_all = Q(kind=Subscription.Kind.ALL, article__in=shown_in, confirmed_at__isnull=False)
    found = Subscription.objects.not_ended().filter(of_own | of_all & Q(~Exists(waiting)))
    own: set[tuple[int, int]] = set()
    wants_all = defaultdict[int, list[Subscription]](list)
    for each in found.order_by("pk"):
        if each.kind == Subscription.Kind.OWN:
            own.add((each.article_id, each.sender_id))
        else:
            wants_all[each.article_id].append(each)
    return own, wants_all


def of_new_replies(subscription: Subscription) -> Mail:
    """The next mail of what is new, at least BETWEEN_BUNDLES after the last."""
    due = timezone.now() + STANDS
    if subscription.told_until:
        next_one = subscription.told_until + STANDS + BETWEEN_BUNDLES
        due = max(due, _rounded_up(next_one))
    return Mail(
        sender_id=subscription.sender_id,
        kind=Mail.Kind.NEW_REPLIES,
        article_id=subscription.article_id,
        due_at=due,
    )


def _rounded_up(moment: datetime) -> datetime:
    """To the next of the moments that many mails have in common: the worker wakes once for all."""
    over = moment.timestamp() % TOGETHER.total_seconds()
    return moment + timedelta(seconds=TOGETHER.total_seconds() - over) if over else moment
