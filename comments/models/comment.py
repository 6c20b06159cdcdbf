import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Activity, Article
from articles.models.activity import Hour
from comments import body_html, email_privacy, identity
from comments.models import decision
from comments.models.commenter import Commenter
from comments.models.decision import Decision
from comments.models.finding import Finding
from comments.moderation.findings import Submission
from comments.moderation.pipeline import judge
from comments.posting import PAUSE, RETRY_WINDOW, Draft, Receipt, SameTextAgain, TooSoon


@dataclass(frozen=True)
class Record:
    """How many replies of one sender moderators have let out and turned down."""

    approved: int
    rejected: int

    def without(self, comment: "Comment") -> "Record":
        """The record of its other replies."""
        return Record(
            self.approved - (comment.status == Comment.Status.APPROVED),
            self.rejected - (comment.status in Comment.REFUSED),
        )


NO_RECORD = Record(0, 0)


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> Self:
        """What readers may see, while its piece is public."""
        return self.filter(status=Comment.Status.APPROVED)

    def held(self) -> Self:
        return self.filter(status=Comment.Status.HELD)

    def public(self) -> Self:
        """Approved, under a piece that is public."""
        return self.approved().filter(Article.objects.is_public_of("article"))

    def under(self, article: Article) -> Self:
        """What readers see under `article`, in the order it came in, whatever the clock said."""
        return self.approved().filter(article=article).order_by("pk")

    def never_shown(self) -> Self:
        """What no reader but its author has ever seen."""
        approvals = Decision.objects.filter(
            comment=models.OuterRef("pk"), to_status=Comment.Status.APPROVED
        )
        return self.exclude(status=Comment.Status.APPROVED).exclude(models.Exists(approvals))

    def records(self, senders: Iterable[int]) -> dict[int, Record]:
        """How many replies of each sender (by primary key) were approved and rejected so far."""
        rows = (
            self.filter(commenter__in=set(senders))
            .order_by()
            .values_list("commenter")
            .annotate(
                approved=models.Count("pk", filter=models.Q(status=Comment.Status.APPROVED)),
                rejected=models.Count("pk", filter=models.Q(status__in=Comment.REFUSED)),
            )
        )
        return {sender: Record(approved, rejected) for sender, approved, rejected in rows}

    def submit(self, draft: Draft) -> Receipt:
        """Take a reply, once. When this returns, it is committed.

        The same draft again gives the same reply: for good under the same key of the form's
        script, for RETRY_WINDOW without one. Raises SameTextAgain or TooSoon.

        What takes time (cleaning, sealing, the rules) is done before the transaction. Within it
        the sender's row is locked, so that what one sender posts at once is taken in turn.
        """
        fingerprint = email_privacy.fingerprint(draft.email)
        sealed_address = email_privacy.seal(draft.email)
        html = body_html.clean(draft.text)
        verdict = judge(self._submission(draft, fingerprint))
        with transaction.atomic():
            sender = Commenter.objects.locked(
                fingerprint=fingerprint, sealed_address=sealed_address
            )
            post_key = draft.post_key(fingerprint)
            if receipt := self._retried(draft, sender, post_key):
                # The address of a post that adds nothing is not kept.
                transaction.set_rollback(True)
                return receipt
            self._refuse_same_text(draft, sender)
            self._refuse_haste(sender)
            comment = self.create(
                article=draft.article,
                commenter=sender,
                parent=draft.parent,
                thread=draft.parent and (draft.parent.thread or draft.parent),
                name=draft.name,
                website=draft.website,
                body=draft.text,
                body_html=html,
                submitted_at=timezone.now(),
                post_key=post_key,
                text_digest=draft.text_digest,
            )
            Finding.objects.keep(comment, verdict.findings)
            Decision.objects.create(
                comment=comment, rule=verdict.rule, to_status=comment.status, reason=verdict.reason
            )
            if comment.is_approved:
                self.recount([comment])
        return Receipt(comment, proves_author=True)

    def recount(self, replies: Iterable["Comment"]) -> None:
        """Count anew what readers see under the pieces of `replies`, in the transaction that has
        changed these.

        The piece is locked first, and counted by a statement that follows: so it sees what others
        have committed until then, and whoever comes after sees this.
        """
        hours = {Hour.of(each.article_id, each.submitted_at) for each in replies}
        for article in sorted({hour.article for hour in hours}):
            # The lock lets those pass who only refer to the piece, with a reply of their own.
            Article.objects.select_for_update(no_key=True).only("pk").get(pk=article)
            approved = Comment.objects.approved().filter(article=article)
            Article.objects.filter(pk=article).update(reply_count=approved.count())
            for hour in sorted(hours):
                if hour.article == article:
                    came_in = approved.filter(
                        submitted_at__gte=hour.start, submitted_at__lt=hour.end
                    )
                    Activity.objects.set_replies(hour, came_in.count())

    def bulk_create(self, objs: Iterable["Comment"], *args: Any, **kwargs: Any) -> list["Comment"]:
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **kwargs)
            self.recount(made)
        return made

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            gone = list(self.only("article", "submitted_at"))
            deleted = super().delete()
            self.recount(gone)
        return deleted

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django's own is
    delete.alters_data = True  # type: ignore[attr-defined]

    def _submission(self, draft: Draft, fingerprint: str) -> Submission:
        sender = Commenter.objects.filter(fingerprint=fingerprint).values_list("pk", flat=True)
        record = self.records(sender).get(sender[0], NO_RECORD) if sender else NO_RECORD
        return Submission(
            name=draft.name,
            website=draft.website,
            text=draft.text,
            trap=draft.trap,
            seconds_taken=draft.seconds_taken,
            approved_before=record.approved,
            rejected_before=record.rejected,
        )

    def _same_text(self, draft: Draft) -> Self:
        return self.filter(
            article=draft.article, parent=draft.parent, text_digest=draft.text_digest
        )

    def _retried(self, draft: Draft, sender: Commenter, post_key: str | None) -> Receipt | None:
        """The reply that `draft` repeats.

        Without a key, what readers can see counts whoever wrote it, and counts first: else the
        answer would tell who copies a reply from the page whether the address is its author's.
        """
        if post_key:
            first = self.filter(post_key=post_key).first()
        else:
            since = timezone.now() - RETRY_WINDOW
            recent = self._same_text(draft).filter(submitted_at__gt=since)
            first = (
                recent.approved().first() or recent.never_shown().filter(commenter=sender).first()
            )
        return Receipt(first, proves_author=bool(post_key)) if first else None

    def _refuse_same_text(self, draft: Draft, sender: Commenter) -> None:
        """What readers can see, or could see once, is refused whoever repeats it.

        Were it refused to its own sender alone, anybody could copy a reply from the page and try
        addresses until one is refused, and so learn who wrote it.
        """
        same_text = self._same_text(draft)
        unseen = same_text.never_shown()
        if unseen.filter(commenter=sender).exists() or same_text.difference(unseen).exists():
            raise SameTextAgain

    def _refuse_haste(self, sender: Commenter) -> None:
        last = self.filter(commenter=sender).aggregate(last=models.Max("submitted_at"))["last"]
        wait = (last + PAUSE - timezone.now()).total_seconds() if last else 0
        # More than PAUSE is left only where the clock was set back.
        if 0 < wait <= PAUSE.total_seconds():
            raise TooSoon(math.ceil(wait))


class Comment(models.Model):
    """A reply of a reader to a piece, or to another reply under the same piece.

    It comes in through `Comment.objects.submit()`. Its state changes through the verbs below
    alone. Each is safe to repeat, runs in one transaction, and leaves a Decision.
    """

    Status = decision.Status

    REFUSED = (Status.REJECTED, Status.SPAM)

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, verbose_name=_("piece"), related_name="comments"
    )
    commenter = models.ForeignKey(
        Commenter, on_delete=models.PROTECT, related_name="comments", verbose_name=_("sender")
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replies", verbose_name=_("to")
    )
    # The first reply of the thread; null for that reply itself.
    thread = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="thread_replies"
    )
    name = models.CharField(_("name"), max_length=identity.MAX_NAME)
    website = models.CharField(_("website"), max_length=identity.MAX_WEBSITE, blank=True)
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.HELD)
    submitted_at = models.DateTimeField(_("came in"))
    # What makes a retried post the same reply; see comments/posting.py.
    post_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    text_digest = models.CharField(max_length=64, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        permissions = [("moderate_comment", "Can decide on replies")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, thread__isnull=True)
                | models.Q(parent__isnull=False, thread__isnull=False),
                name="an_answer_belongs_to_a_thread",
            )
        ]
        indexes = [
            # under(): the replies of a page.
            models.Index(fields=["article", "status", "id"], name="comment_page"),
            # held(): the queue and the number waiting.
            models.Index(fields=["status", "submitted_at"], name="comment_queue"),
            # records(), and the last reply of a sender.
            models.Index(fields=["commenter", "status", "submitted_at"], name="comment_record"),
            # The same text again under a piece.
            models.Index(fields=["article", "text_digest"], name="comment_same_text"),
        ]

    def __str__(self) -> str:
        return _("Reply %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return f"{self.article.get_absolute_url()}#comment-{self.pk}"

    @property
    def is_held(self) -> bool:
        return self.status == self.Status.HELD

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            gone = Comment(article_id=self.article_id, submitted_at=self.submitted_at)
            deleted = super().delete(*args, **kwargs)
            Comment.objects.recount([gone])
        return deleted

    def approve(self, *, by: User, reason: str = "") -> bool:
        """Let readers see it."""
        return self._decide(self.Status.APPROVED, by, reason)

    def reject(self, *, by: User, reason: str = "") -> bool:
        """Not to be shown, for what it says."""
        return self._decide(self.Status.REJECTED, by, reason)

    def mark_spam(self, *, by: User, reason: str = "") -> bool:
        """Not to be shown, for what it is."""
        return self._decide(self.Status.SPAM, by, reason)

    def restore(self, *, by: User, reason: str = "") -> bool:
        """Undo whatever was decided: back to the queue."""
        return self._decide(self.Status.HELD, by, reason)

    def _decide(self, to: decision.Status, by: User, reason: str) -> bool:
        """Change the state and record it; False where it was so already."""
        with transaction.atomic():
            before = (
                Comment.objects.select_for_update().values_list("status", flat=True).get(pk=self.pk)
            )
            self.status = to
            if before == to:
                return False
            self.save(update_fields=["status"])
            Decision.objects.create(
                comment=self, by=by, from_status=before, to_status=to, reason=reason
            )
            if self.Status.APPROVED in (before, to):
                Comment.objects.recount([self])
        return True
