from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Decision, Status

if TYPE_CHECKING:
    from comments.models.commenter import Commenter

MAX_WORDS = 500  # characters in which a reader says why


class ReportQuerySet(models.QuerySet["Report"]):
    KEPT = timedelta(days=60)  # after the decision that settled it
    TRACES_KEPT = timedelta(days=30)  # after it came in

    def open(self) -> Self:
        """What no decision has settled yet, those first that count, oldest first."""
        counted = models.Case(models.When(Report.COUNTED, then=0), default=1)
        return self.filter(decision__isnull=True).order_by(counted, "at", "pk")

    def of(self, sender: "Commenter | None", network: str) -> Self:
        """From one reader: by a sender whose proof was shown, else from one network."""
        if sender:
            return self.filter(sender=sender)
        return self.filter(sender__isnull=True, network=network)

    def settle(self, comments: Iterable[int]) -> int:
        """Let the last decision on each of these replies (primary keys) settle what is open.

        One statement, however many replies. Their own `reported_at` is the caller's to empty,
        in the transaction of the decisions.
        """
        last = Decision.objects.filter(comment=models.OuterRef("comment")).order_by("-pk")
        is_open = self.filter(decision__isnull=True, comment__in=list(comments))
        return is_open.update(decision=models.Subquery(last.values("pk")[:1]))

    def reopen(self, undone: Iterable[Decision]) -> dict[int, datetime]:
        """What these decisions had settled waits again, since when: by primary key of the reply.

        For the transaction that takes the decisions back; `reported_at` is the caller's to set.
        """
        settled = self.filter(decision__in=[each.pk for each in undone])
        waits = dict(settled.order_by().values_list("comment").annotate(since=models.Min("at")))
        settled.update(decision=None)
        return waits

    def due_for_erasure(self) -> Self:
        return self.filter(decision__at__lte=timezone.now() - self.KEPT)

    def with_old_traces(self) -> Self:
        """With what told, for TRACES_KEPT, from which network it came."""
        return self.exclude(network="").filter(at__lte=timezone.now() - self.TRACES_KEPT)


class Report(models.Model):
    """A reader's word that a reply should not stand where it does: one of each reader.

    A reader is a sender who shows the proof of an approved reply, else whoever comes from one
    network. It waits until a decision on the reply settles it.
    """

    class Reason(models.TextChoices):
        """What a reader finds wrong."""

        ABUSE = "abuse", _("It insults or threatens somebody")
        HATE = "hate", _("It is hateful towards a group of people")
        PRIVATE = "private", _("It tells somebody's private details")
        SPAM = "spam", _("It is advertising or spam")
        ILLEGAL = "illegal", _("It breaks the law")
        OFF_TOPIC = "off_topic", _("It has nothing to do with the piece")
        OTHER = "other", _("Something else")

    class Reader(models.TextChoices):
        """Who sent it, as far as that was known then."""

        ANYBODY = "anybody", _("reader")
        KNOWN = "known", _("known sender")
        TRUSTED = "trusted", _("trusted sender")

    # Of whom enough hide the reply.
    COUNTED = models.Q(reader__in=(Reader.KNOWN, Reader.TRUSTED))

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="reports"
    )
    reason = models.CharField(_("reason"), max_length=9, choices=Reason)
    # For moderators alone. Goes when the reply is erased, or the reader.
    words = models.TextField(_("the reader's words"), blank=True, max_length=MAX_WORDS)
    reader = models.CharField(_("sent by"), max_length=7, choices=Reader, default=Reader.ANYBODY)
    # Empty for who showed no proof, and when the sender is erased.
    sender = models.ForeignKey(
        "comments.Commenter",
        null=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        editable=False,
    )
    # The keyed hash of the network of who showed no proof, for a time.
    network = models.CharField(max_length=64, blank=True, editable=False)
    at = models.DateTimeField(_("at"), default=timezone.now)
    # The one that settled it.
    decision = models.ForeignKey(
        Decision, null=True, on_delete=models.PROTECT, related_name="reports", editable=False
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "sender"],
                condition=models.Q(sender__isnull=False),
                name="one_report_of_a_sender",
            ),
            models.UniqueConstraint(
                fields=["comment", "network"],
                condition=models.Q(sender__isnull=True) & ~models.Q(network=""),
                name="one_report_of_a_network",
            ),
        ]
        indexes = [
            # open(), of a reply
            models.Index(
                fields=["comment", "at"],
                condition=models.Q(decision__isnull=True),
                name="report_open",
            ),
            # How many came from a network shortly before; with_old_traces()
            models.Index(
                fields=["network", "at"], condition=~models.Q(network=""), name="report_network"
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.decision_id is None

    @property
    def is_counted(self) -> bool:
        """Whether it is one of those of which enough hide a reply."""
        return self.reader != self.Reader.ANYBODY

    @property
    def outcome(self) -> str:
        """What became of the reply by the decision that settled it: of Status, empty while open."""
        return Status(self.decision.to_status) if self.decision else ""
