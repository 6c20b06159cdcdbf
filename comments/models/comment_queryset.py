from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction

from articles.models import Activity, Article
from articles.models.activity import Hour
from comments import taking_in
from comments.models.decision import Decision, Status
from comments.models.record import REFUSED, Record
from comments.posting import Draft, Receipt

if TYPE_CHECKING:
    from comments.models.comment import Comment


class CommentQuerySet(models.QuerySet["Comment"]):
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

    def never_shown(self) -> Self:
        """What no reader but its author has ever seen."""
        approvals = Decision.objects.filter(
            comment=models.OuterRef("pk"), to_status=Status.APPROVED
        )
        return self.exclude(status=Status.APPROVED).exclude(models.Exists(approvals))

    def records(self, senders: Iterable[int]) -> dict[int, Record]:
        """How many replies of each sender (by primary key) were approved and rejected so far."""
        rows = (
            self.filter(commenter__in=set(senders))
            .order_by()
            .values_list("commenter")
            .annotate(
                approved=models.Count("pk", filter=models.Q(status=Status.APPROVED)),
                rejected=models.Count("pk", filter=models.Q(status__in=REFUSED)),
            )
        )
        return {sender: Record(approved, rejected) for sender, approved, rejected in rows}

    def submit(self, draft: Draft) -> Receipt:
        """Take a reply, once. When this returns, it is committed. See taking_in.take()."""
        return taking_in.take(self, draft)

    def recount(self, replies: Iterable["Comment"]) -> None:
        """Count anew what readers see under the pieces and in the threads of `replies`, in the
        transaction that has changed these.

        The piece is locked first, and counted by statements that follow: so they see what others
        have committed until then, and whoever comes after sees this.
        """
        replies = list(replies)
        everything = CommentQuerySet(self.model)
        hours = {Hour.of(each.article_id, each.submitted_at) for each in replies}
        for article in sorted({hour.article for hour in hours}):
            # The lock lets those pass who only refer to the piece, with a reply of their own.
            Article.objects.select_for_update(no_key=True).only("pk").get(pk=article)
            approved = everything.approved().filter(article=article)
            Article.objects.filter(pk=article).update(reply_count=approved.count())
            for hour in sorted(hours):
                if hour.article == article:
                    came_in = approved.filter(
                        submitted_at__gte=hour.start, submitted_at__lt=hour.end
                    )
                    Activity.objects.set_replies(hour, came_in.count())
        threads = {each.thread_id or each.pk for each in replies}
        for thread in sorted(number for number in threads if number):
            in_thread = models.Q(pk=thread) | models.Q(thread=thread)
            shown = everything.approved().filter(in_thread).count()
            everything.filter(pk=thread).update(shown_in_thread=shown)

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
