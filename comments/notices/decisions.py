"""Who is to hear of a decision on a reply."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comments.models.decision import Status
from comments.models.mail import BETWEEN_BUNDLES, STANDS, Mail
from comments.models.subscription import Subscription, SubscriptionQuerySet

if TYPE_CHECKING:
    from comments.models.comment import Comment

TOGETHER = timedelta(minutes=10)  # bundles that follow others leave at such moments


def decided(comment: "Comment", *, before: str) -> None:
    """Put what is to be told of a decision into the outbox, for when it has stood for STANDS.

    Runs in the transaction of the decision, after the piece was locked by `recount()`, and takes
    the same number of queries whoever is concerned. `before` is empty for a reply that was taken
    in so: its author has just seen what became of it. Whether the decision still holds is looked
    at when the mails are sent, so that nothing needs to be undone when it is taken back.
    """
    if comment.status not in (Status.APPROVED, Status.REJECTED):
        return
    due = timezone.now() + STANDS
    of_this = Mail.objects.waiting().filter(
        comment=comment, kind__in=(Mail.Kind.DECISION, Mail.Kind.ANSWER)
    )
    put_off = of_this.update(due_at=due) if before else 0
    mails = [
        _mail_to(each, comment, due) for each in _concerned(comment, with_its_sender=bool(before))
    ]
    Mail.objects.queue(mails)
    if put_off and all(mail.due_at != due for mail in mails):
        Mail.objects.wake_worker(at=due)


def _concerned(comment: "Comment", *, with_its_sender: bool) -> SubscriptionQuerySet:
    """Its own sender, and where it is approved whom it answers and who wants all new replies.

    The first two may still confirm before the mail leaves. The last are left out while a mail to
    them waits that will tell of this one too.
    """
    own = Q(kind=Subscription.Kind.OWN)
    wanted = own & Q(sender=comment.commenter_id) if with_its_sender else Q(pk=None)
    if comment.status == Status.APPROVED:
        above = type(comment).objects.filter(pk=comment.parent_id or 0).values("commenter")
        waiting = Mail.objects.waiting().filter(
            kind=Mail.Kind.NEW_REPLIES, article=OuterRef("article"), sender=OuterRef("sender")
        )
        wants_all = Q(kind=Subscription.Kind.ALL, confirmed_at__isnull=False)
        others = own & Q(sender__in=above) | wants_all & Q(~Exists(waiting))
        wanted |= others & ~Q(sender=comment.commenter_id or 0)
    return Subscription.objects.not_ended().filter(wanted, article=comment.article_id)


def _mail_to(each: Subscription, comment: "Comment", due: datetime) -> Mail:
    if each.kind == Subscription.Kind.ALL:
        return of_new_replies(each)
    is_its_sender = each.sender_id == comment.commenter_id
    return Mail(
        sender_id=each.sender_id,
        kind=Mail.Kind.DECISION if is_its_sender else Mail.Kind.ANSWER,
        comment=comment,
        article_id=comment.article_id,
        due_at=due,
    )


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
