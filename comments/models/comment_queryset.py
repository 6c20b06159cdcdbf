from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import Activity, Article
from articles.models.activity import HOUR, Hour
from comments import answering, taking_in
from comments.models.decision import Decision, Status
from comments.models.record import REFUSED, Record
from comments.posting import Draft, Receipt

if TYPE_CHECKING:
    from comments.models.comment import Comment


def _number_of(replies: "CommentQuerySet", field: str) -> Coalesce:
    """How many of `replies` refer by `field` to the row that the question is about."""
    own = replies.filter(**{field: models.OuterRef("pk")}).order_by()
    number = own.values(field).annotate(number=models.Count("pk")).values("number")
    return Coalesce(models.Subquery(number), 0)


class CommentQuerySet(models.QuerySet["Comment"]):
    REFUSED_KEPT = timedelta(days=60)  # after the last decision on it, or question about it
    TRACES_KEPT = timedelta(days=30)  # after the reply came in

    def approved(self) -> Self:
        """What readers may see, while its piece is public."""
        return self.filter(status=Status.APPROVED)

    def held(self) -> Self:
        return self.filter(status=Status.HELD)

    def public(self) -> Self:
        """Approved, under a piece that is public."""
        return self.approved().filter(Article.objects.is_public_of("article"))

    def under(self, article: Article) -> Self:
        """What readers see under `article`, in the order it came in, whatever the clock said."""
        return self.approved().filter(article=article).order_by("pk")

    def threads(self, article: Article) -> Self:
        """The first replies of the threads under `article` in which readers see anything. Each may
        itself have been taken away."""
        return self.filter(article=article, thread=None, shown_in_thread__gt=0)

    def in_thread(self, first: int) -> Self:
        """The replies of a thread, by the primary key of the first."""
        return self.filter(models.Q(pk=first) | models.Q(thread=first))

    def picks(self) -> Self:
        """What editors picked, the newest first, while readers may see it."""
        picked = self.approved().filter(featured_at__isnull=False)
        return picked.order_by("-featured_at", "-pk")

    def never_shown(self) -> Self:
        """What no reader but its author has ever seen."""
        approvals = Decision.objects.filter(
            comment=models.OuterRef("pk"), to_status=Status.APPROVED
        )
        return self.exclude(status=Status.APPROVED).exclude(models.Exists(approvals))

    def due_for_erasure(self) -> Self:
        """Refused as spam or for what it says, and REFUSED_KEPT since."""
        before = timezone.now() - self.REFUSED_KEPT
        later = Decision.objects.filter(comment=models.OuterRef("pk"), at__gt=before)
        refused = self.filter(status__in=REFUSED, submitted_at__lte=before)
        return refused.exclude(models.Exists(later))

    def with_old_traces(self) -> Self:
        """With what told, for TRACES_KEPT, from which network a reply came, and a retried post."""
        traces = ~models.Q(network="") | models.Q(post_key__isnull=False)
        return self.filter(traces, submitted_at__lte=timezone.now() - self.TRACES_KEPT)

    def records(self, senders: Iterable[int | None]) -> dict[int, Record]:
        """How many replies of each sender (by primary key) were approved and rejected so far.

        Replies of the newsroom, and erased ones, have none.
        """
        rows = (
            self.filter(commenter__in={sender for sender in senders if sender})
            .order_by()
            .values_list("commenter")
            .annotate(
                approved=models.Count("pk", filter=models.Q(status=Status.APPROVED)),
                rejected=models.Count("pk", filter=models.Q(status__in=REFUSED)),
            )
        )
        return {sender: Record(approved, rejected) for sender, approved, rejected in rows}

    def names_of(self, senders: Iterable[int | None]) -> dict[int, list[str]]:
        """The names that each sender (by primary key) has written under, in alphabetical order."""
        rows = (
            self.filter(commenter__in={sender for sender in senders if sender})
            .order_by("commenter", "name")
            .values_list("commenter", "name")
            .distinct()
        )
        names: dict[int, list[str]] = {}
        for sender, name in rows:
            names.setdefault(sender, []).append(name)
        return names

    def submit(self, draft: Draft) -> Receipt:
        """Take a reply, once. When this returns, it is committed. See taking_in.take()."""
        return taking_in.take(self, draft)

    def answer(
        self, article: Article, *, parent: "Comment | None" = None, text: str, by: User
    ) -> "Comment":
        """Reply as the newsroom. See answering.answer()."""
        return answering.answer(self, article, parent=parent, text=text, by=by)

    def recount(self, replies: Iterable["Comment"]) -> None:
        """Count anew what readers see under the pieces and in the threads of `replies`, in the
        transaction that has changed these.

        The pieces are locked first, and counted by statements that follow: so they see what others
        have committed until then, and whoever comes after sees this. The number of queries depends
        on nothing but in how many hours the replies came in.
        """
        replies = list(replies)
        everything = CommentQuerySet(self.model)
        everything.lock_threads(replies)
        pieces = Article.objects.filter(pk__in={each.article_id for each in replies})
        # The lock lets those pass who only refer to the piece, with a reply of their own.
        list(pieces.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        pieces.update(reply_count=_number_of(everything.approved(), "article"))
        self._recount_hours({Hour.of(each.article_id, each.submitted_at) for each in replies})
        threads = {each.thread_key for each in replies}
        itself = models.Case(models.When(status=Status.APPROVED, then=1), default=0)
        everything.filter(pk__in=threads - {None}).update(
            shown_in_thread=itself + _number_of(everything.approved(), "thread")
        )

    def lock_threads(self, replies: Iterable["Comment"]) -> None:
        """Keep others from the first replies of the threads of `replies`, which are locked.

        Whoever locks several locks a reply before the one that it answers, and pieces after both:
        else two who decide on a reply and on its answer would wait for each other.
        """
        replies = list(replies)
        above = {each.thread_key for each in replies} - {each.pk for each in replies}
        if above:
            rows = self.filter(pk__in=above).select_for_update(no_key=True)
            list(rows.order_by("-pk").values_list("pk"))

    def _recount_hours(self, hours: set[Hour]) -> None:
        starts = sorted({hour.start for hour in hours if hour.is_kept})
        if not starts:
            return
        counts = dict.fromkeys(hours, 0)
        for start in starts:
            # Of all pieces: so it is read from the index of the queue.
            came_in = (
                CommentQuerySet(self.model)
                .approved()
                .filter(submitted_at__gte=start, submitted_at__lt=start + HOUR)
            )
            rows = came_in.order_by().values_list("article").annotate(models.Count("pk"))
            counts |= {
                hour: number for piece, number in rows if (hour := Hour(piece, start)) in hours
            }
        Activity.objects.set_replies(counts)

    def bulk_create(self, objs: Iterable["Comment"], *args: Any, **kwargs: Any) -> list["Comment"]:
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **kwargs)
            self.recount(made)
        return made

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            gone = list(self.only("article", "submitted_at", "thread"))
            deleted = super().delete()
            self.recount(gone)
        return deleted

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django's own is
    delete.alters_data = True  # type: ignore[attr-defined]
