"""What there is to tell a moderator."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from comments.desk_mail.links import about_state
from comments.editing import EDIT_WINDOW
from comments.models import Comment, Decision, MailChoice, Report, SecondLook
from comments.models.comment_queryset import CommentQuerySet
from comments.models.decision import Status
from comments.models.mail_choice import SETTLES

MOST_SHOWN = 10  # replies in one mail


@dataclass(frozen=True)
class Queue:
    """How much waits, and since when the oldest of it does."""

    waiting: int
    oldest: datetime | None
    looks: int
    reported: int

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.looks or self.reported)


@dataclass(frozen=True)
class News:
    """What one mail tells: `replies` of all `count`, what waits longest first."""

    replies: list[Comment]
    count: int
    queue: Queue
    until: datetime


def has_news(choice: MailChoice) -> bool:
    """Whether there is anything to tell now."""
    until = timezone.now() - SETTLES
    if choice.is_digest:
        return not queue_now().is_empty
    return any(replies.exists() for replies in _new(choice, until))


def news(choice: MailChoice) -> News | None:
    """What a mail tells now: what waits for a digest, else what is new. None for nothing."""
    until = timezone.now() - SETTLES
    parts = _open(until) if choice.is_digest else _new(choice, until)
    count = sum(part.count() for part in parts)
    if not count:
        return None
    shown: list[Comment] = []
    for part in parts:
        shown += _for_mail(part)[: MOST_SHOWN - len(shown)]
    return News(shown, count, queue_now(), until)


def queue_now() -> Queue:
    held = Comment.objects.held().aggregate(oldest=Min("submitted_at"))
    return Queue(
        waiting=Comment.objects.held().count(),
        oldest=held["oldest"],
        looks=SecondLook.objects.waiting().count(),
        reported=_reported().count(),
    )


def _open(until: datetime) -> tuple[CommentQuerySet, ...]:
    """Everything, in the order in which somebody should look at it; each reply once."""
    held = Comment.objects.held().filter(submitted_at__lte=until, reported_at=None)
    looks = Comment.objects.filter(pk__in=SecondLook.objects.waiting().values("comment"))
    return (
        looks.order_by("second_look__asked_at", "pk"),
        _reported().order_by("reported_at", "pk"),
        held.order_by("submitted_at", "pk"),
    )


def _new(choice: MailChoice, until: datetime) -> tuple[CommentQuerySet, ...]:
    """What has come since the last mail, or was changed by its author."""
    since = choice.told_until
    looks, reported, held = _open(until)
    came = Q(submitted_at__gt=since) | Q(edited_at__gt=since)
    return (
        looks.filter(second_look__asked_at__gt=since, second_look__asked_at__lte=until),
        reported.filter(reported_at__gt=since, reported_at__lte=until),
        # By itself the first of these is a range of an index.
        held.filter(submitted_at__gt=since - EDIT_WINDOW).filter(came),
    )


def _reported() -> CommentQuerySet:
    reported = Comment.objects.filter(reported_at__isnull=False)
    return reported.filter(status__in=(Status.HELD, Status.APPROVED))


def _for_mail(replies: CommentQuerySet) -> "QuerySet[Comment]":
    """With `basis`, the primary key of the decision that its state rests on."""
    last = Decision.objects.filter(about_state(), comment=OuterRef("pk")).order_by("-pk")
    with_all = replies.annotate(basis=Subquery(last.values("pk")[:1]))
    with_all = with_all.select_related("article", "parent", "second_look__refused_by")
    reports = Prefetch("reports", Report.objects.open(), to_attr="open_reports")
    return with_all.prefetch_related("findings", reports)


def bar(comment: Comment, user: User, active: set[int]) -> str:
    """Why `user` can't decide on it now, in words; empty where they can."""
    look: SecondLook | None = getattr(comment, "second_look", None)
    if look is None or not look.is_waiting or not comment.is_refused:
        return ""
    return look.bar(user, active)
