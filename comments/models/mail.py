import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models.commenter import STAYS_AFTER, Commenter
from newsroom.retrying import ATTEMPTS, later

if TYPE_CHECKING:
    from comments.models.letter import Letter

STANDS = timedelta(minutes=5)  # so long a decision must stand before anybody is told of it
CONFIRMATION_AFTER = STAYS_AFTER  # the last reply, or the last that was taken back
BETWEEN_CONFIRMATIONS = timedelta(days=1)  # at the least, for one address
BETWEEN_BUNDLES = timedelta(hours=1)  # of new replies to one piece, for one address
LEASE = timedelta(minutes=15)  # after which an attempt of which nothing is heard has failed


def make_key() -> str:
    return secrets.token_hex(16)


class MailQuerySet(models.QuerySet["Mail"]):
    KEPT = timedelta(days=30)  # after it was sent or given up

    def due_for_erasure(self) -> Self:
        before = timezone.now() - self.KEPT
        return self.filter(models.Q(sent_at__lte=before) | models.Q(dropped_at__lte=before))

    def waiting(self) -> Self:
        """Neither sent nor given up."""
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True)

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=timezone.now()).order_by("due_at", "pk")

    def queue(self, mails: Iterable["Mail"]) -> None:
        """Put these into the outbox, and wake the worker when they are due.

        Those of which there can be one at a time are left out where there is one.
        """
        mails = list(mails)
        self.bulk_create(mails, ignore_conflicts=True)
        for due in sorted({mail.due_at for mail in mails}):
            self.wake_worker(at=due)

    def wake_worker(self, *, at: datetime) -> None:
        """The task is an alarm clock and no more: whatever it finds due is sent."""
        from comments.tasks import send_due_mail  # noqa: PLC0415 - tasks use the models

        send_due_mail.using(run_after=at if at > timezone.now() else None).enqueue()

    def ask_to_confirm(self, sender: Commenter) -> None:
        """Ask the holder of the address, at most once a day. The sender must be locked."""
        if not sender.takes_mail:
            return
        earlier = self.filter(sender=sender, kind=Mail.Kind.CONFIRMATION, dropped_at__isnull=True)
        if earlier.waiting().exists():
            return
        due = timezone.now() + CONFIRMATION_AFTER
        if last := earlier.aggregate(last=models.Max("sent_at"))["last"]:
            due = max(due, last + BETWEEN_CONFIRMATIONS)
        self.queue([Mail(sender=sender, kind=Mail.Kind.CONFIRMATION, due_at=due)])

    def ask_later(self, sender: Commenter) -> None:
        """The question that waits for the sender, who has just taken a reply back: not before the
        others, too, can't be taken back any more."""
        due = timezone.now() + CONFIRMATION_AFTER
        if self.waiting().filter(sender=sender, kind=Mail.Kind.CONFIRMATION).update(due_at=due):
            self.wake_worker(at=due)

    def send_letter(self, letter: "Letter", *, to: Commenter) -> None:
        now = timezone.now()
        mail = Mail(
            sender=to, kind=Mail.Kind.LETTER, comment=letter.comment, letter=letter, due_at=now
        )
        self.queue([mail])


class Mail(models.Model):
    """A mail to a sender, in the outbox: what it is about, never what it says nor to which address.

    It is put together when it is sent, from what is true then. `key` stands in its Message-ID and
    in its envelope, so that a bounce leads here without anybody reading an address.
    """

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", _("asks to confirm")
        DECISION = "decision", _("what became of a reply")
        ANSWER = "answer", _("an answer to a reply")
        NEW_REPLIES = "new_replies", _("new replies to a piece")
        LETTER = "letter", _("a letter of the newsroom")

    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)
    sender = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(_("about"), max_length=12, choices=Kind)
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(
        "comments.Comment", null=True, on_delete=models.CASCADE, related_name="mails"
    )
    letter = models.ForeignKey(
        "comments.Letter", null=True, on_delete=models.CASCADE, related_name="mails"
    )
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last attempt"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    dropped_at = models.DateTimeField(_("given up"), null=True)
    # Of a mail that was not sent: the class of the error, or why it was not needed any more.
    reason = models.CharField(_("why"), max_length=60, blank=True)
    # Of Kind.DECISION: what the mail told, so that the same is not told again.
    told = models.CharField(max_length=30, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail to a reader")
        verbose_name_plural = _("mails to readers")
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "comment"],
                condition=models.Q(kind="answer", dropped_at__isnull=True),
                name="an_answer_is_told_once",
            ),
            models.UniqueConstraint(
                fields=["sender", "comment"],
                condition=models.Q(kind="decision", sent_at__isnull=True, dropped_at__isnull=True),
                name="one_waiting_mail_about_a_decision",
            ),
            models.UniqueConstraint(
                fields=["sender", "article"],
                condition=models.Q(
                    kind="new_replies", sent_at__isnull=True, dropped_at__isnull=True
                ),
                name="one_waiting_mail_of_new_replies",
            ),
            models.UniqueConstraint(
                fields=["sender"],
                condition=models.Q(
                    kind="confirmation", sent_at__isnull=True, dropped_at__isnull=True
                ),
                name="one_waiting_mail_to_confirm",
            ),
        ]
        indexes = [
            # due(): the outbox.
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="mail_due",
            ),
        ]

    def __str__(self) -> str:
        return f"Mail {self.pk}"

    def begin(self) -> None:
        """An attempt begins. If nothing more is heard of it, another follows after LEASE."""
        now = timezone.now()
        self._set(attempts=self.attempts + 1, tried_at=now, due_at=now + LEASE)

    def mark_sent(self, *, told: str = "") -> None:
        self._set(sent_at=timezone.now(), reason="", told=told)

    def try_later(self, reason: str) -> None:
        """After 1, 2, 4 … 64 minutes; given up after ATTEMPTS."""
        if self.attempts >= ATTEMPTS:
            self.drop(reason)
        else:
            self._set(due_at=later(self.attempts), reason=reason)
            Mail.objects.wake_worker(at=self.due_at)

    def drop(self, reason: str) -> None:
        """It is not sent any more."""
        self._set(dropped_at=timezone.now(), reason=reason)

    def _set(self, **fields: Any) -> None:
        """It may have been erased meanwhile, with its sender or its reply."""
        for name, value in fields.items():
            setattr(self, name, value)
        Mail.objects.filter(pk=self.pk).update(**fields)
