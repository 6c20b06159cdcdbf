from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, TypedDict

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comments.models.commenter import Commenter
    from comments.models.decision import Decision


class SenderForgotten(Exception):
    """Nothing is left by which the sender could be recognised."""


class Given(TypedDict, total=False):
    """What is said with a standing: until when (None: for good), why, and the record of it where
    it was done from a reply."""

    until: datetime | None
    reason: str
    decision: "Decision | None"


class StandingQuerySet(models.QuerySet["Standing"]):
    ENDED_KEPT = timedelta(days=60)  # after it was lifted or ran out

    def due_for_erasure(self) -> Self:
        before = timezone.now() - self.ENDED_KEPT
        return self.filter(models.Q(lifted_at__lte=before) | models.Q(until__lte=before))

    def in_force(self, now: datetime | None = None) -> Self:
        """Neither lifted nor run out."""
        now = now or timezone.now()
        return self.filter(lifted_at__isnull=True).filter(
            models.Q(until__isnull=True) | models.Q(until__gt=now)
        )

    def ended(self) -> Self:
        """Lifted, or run out."""
        return self.exclude(pk__in=self.in_force())

    def give(
        self,
        sender: "Commenter",
        kind: str,
        *,
        by: User,
        until: datetime | None = None,
        reason: str = "",
        decision: "Decision | None" = None,
    ) -> "Standing":
        """In place of the one that the sender has. Raises SenderForgotten.

        `decision` is the record of it where it was done from a reply.
        """
        with transaction.atomic():
            # Of those who give one at once the second takes the place of the first.
            lock = type(sender)._default_manager.select_for_update(no_key=True)
            now = lock.filter(pk=sender.pk, fingerprint__isnull=False).first()
            if now is None:
                raise SenderForgotten
            before = self.in_force().filter(fingerprint=now.fingerprint).first()
            self.lift(now, by=by)
            return self.create(
                sender=now,
                fingerprint=now.fingerprint or "",
                kind=kind,
                by=by,
                until=until,
                reason=reason,
                decision=decision,
                instead_of=before,
            )

    def lift(self, sender: "Commenter", *, by: User) -> bool:
        """The sender is one like others again; False where it was so."""
        lifted = self.filter(fingerprint=sender.fingerprint, lifted_at__isnull=True).update(
            lifted_at=timezone.now(), lifted_by=by
        )
        return bool(lifted)

    def forget(self, fingerprint: str) -> None:
        """When a sender is erased: what is left is that somebody is blocked, and until when."""
        of_sender = self.filter(fingerprint=fingerprint)
        of_sender.exclude(pk__in=of_sender.in_force().filter(kind=Standing.Kind.BLOCKED)).delete()
        of_sender.update(sender=None, reason="")


class Standing(models.Model):
    """A sender who was blocked or trusted. Nothing here says who it is.

    It goes by the fingerprint, so that a block outlives the erasing of all else of the sender.
    """

    class Kind(models.TextChoices):
        """What a standing does."""

        BLOCKED = "blocked", _("blocked")
        TRUSTED = "trusted", _("trusted")

    fingerprint = models.CharField(max_length=64, db_index=True, editable=False)
    sender = models.ForeignKey(
        "comments.Commenter",
        null=True,
        on_delete=models.SET_NULL,
        related_name="standings",
        verbose_name=_("sender"),
    )
    kind = models.CharField(_("standing"), max_length=7, choices=Kind)
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: for good."))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("since"), auto_now_add=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lifted by"),
        editable=False,
    )
    # That it was given with, from a reply in the queue.
    decision = models.OneToOneField(
        "comments.Decision",
        null=True,
        on_delete=models.PROTECT,
        related_name="standing",
        editable=False,
    )
    # The one that it took the place of.
    instead_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of a sender")
        verbose_name_plural = _("standings of senders")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_standing_of_a_sender",
            )
        ]

    def __str__(self) -> str:
        return f"Standing {self.pk}"

    def lift(self, *, by: User) -> bool:
        """The sender is one like others again, also where nothing else is left of them; False
        where it was lifted before."""
        self.lifted_at, self.lifted_by = timezone.now(), by
        rows = Standing.objects.filter(pk=self.pk, lifted_at__isnull=True)
        return bool(rows.update(lifted_at=self.lifted_at, lifted_by=by))
