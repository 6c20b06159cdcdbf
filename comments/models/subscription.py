from collections.abc import Iterable
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models.commenter import Commenter


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    ENDED_KEPT = timedelta(days=30)  # so long it can be begun again from a mail
    UNCONFIRMED_KEPT = timedelta(days=14)

    def due_for_erasure(self) -> Self:
        """Ended ENDED_KEPT ago, or asked for and not confirmed within UNCONFIRMED_KEPT."""
        now = timezone.now()
        never_confirmed = models.Q(
            confirmed_at__isnull=True, asked_at__lte=now - self.UNCONFIRMED_KEPT
        )
        return self.filter(models.Q(ended_at__lte=now - self.ENDED_KEPT) | never_confirmed)

    def not_ended(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def pending(self) -> Self:
        """Asked for, by whom nobody knows: the holder of the address has not confirmed it."""
        return self.not_ended().filter(confirmed_at__isnull=True)

    def active(self) -> Self:
        """Confirmed by the holder of the address, and still wanted."""
        return self.not_ended().filter(confirmed_at__isnull=False)

    def ended(self) -> Self:
        return self.filter(ended_at__isnull=False)

    def ask(self, sender: Commenter, article: Article, kinds: Iterable[str]) -> bool:
        """Note what was asked for in the name of `sender`; whether any of it is new.

        It stays pending until the holder of the address confirms it, also where it was confirmed
        and ended before: anybody can type an address. The sender must be locked.
        """
        known = {each.kind: each for each in self.filter(sender=sender, article=article)}
        now, is_new = timezone.now(), False
        for kind in sorted(set(kinds) & set(Subscription.Kind.values)):
            asked = known.get(kind) or Subscription(sender=sender, article=article, kind=kind)
            if asked.pk and asked.ended_at is None:
                continue
            asked.asked_at, asked.confirmed_at, asked.ended_at = now, None, None
            asked.save()
            is_new = True
        return is_new

    def confirm(self) -> int:
        """By the holder of the address."""
        return self.pending().update(confirmed_at=timezone.now())

    def end(self) -> int:
        return self.not_ended().update(ended_at=timezone.now())

    def begin_again(self) -> int:
        """What was ended, by the holder of the address: it needs no other confirmation."""
        now = timezone.now()
        return self.ended().update(asked_at=now, confirmed_at=now, ended_at=None, told_until=None)


class Subscription(models.Model):
    """Mail about one piece that somebody asked for in the name of a sender."""

    class Kind(models.TextChoices):
        OWN = "answers", _("answers to your replies, and what becomes of these")
        ALL = "all", _("all new replies")

    sender = models.ForeignKey(Commenter, on_delete=models.CASCADE, related_name="subscriptions")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Of Kind.ALL: what was let out until then has been told.
    told_until = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "article", "kind"], name="one_subscription_of_a_kind"
            )
        ]
        indexes = [
            # Whom a decision on a reply under a piece concerns.
            models.Index(
                fields=["article", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="subscription_of_piece",
            )
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk}"

    @property
    def is_pending(self) -> bool:
        return self.ended_at is None and self.confirmed_at is None

    @property
    def is_active(self) -> bool:
        return self.ended_at is None and self.confirmed_at is not None
