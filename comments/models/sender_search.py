from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import email_privacy
from comments.models.commenter import Commenter

MOST = 20  # searches of one person
WITHIN = timedelta(hours=1)


class TooManySearches(Exception):
    """Somebody has looked for as many senders as anybody may WITHIN that time."""


class SenderSearchQuerySet(models.QuerySet["SenderSearch"]):
    KEPT = timedelta(days=365)

    def due_for_erasure(self) -> Self:
        return self.filter(at__lte=timezone.now() - self.KEPT)

    def find(self, address: str, *, by: User) -> Commenter | None:
        """Who wrote from this address, if anybody did; that it was asked is kept, without it.

        Raises TooManySearches: else somebody could try a list of addresses.
        """
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=by.pk)  # each is counted
            if self.filter(by=by, at__gt=timezone.now() - WITHIN).count() >= MOST:
                raise TooManySearches
            fingerprints = email_privacy.fingerprints(address)
            found = Commenter.objects.known_by(fingerprints).first()
            self.create(by=by, sender=found)
        return found


class SenderSearch(models.Model):
    """That somebody of the newsroom looked for a sender by an address, which is not kept."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    # Who was found; null for nobody, and when the sender is erased.
    sender = models.ForeignKey(
        Commenter,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("sender"),
    )

    objects = SenderSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search for a sender")
        verbose_name_plural = _("searches for senders")
        ordering = ["-at", "-pk"]
        indexes = [
            # find()
            models.Index(fields=["by", "at"], name="sender_searches_of"),
            # due_for_erasure(), and the last ones
            models.Index(fields=["at"], name="sender_searches"),
        ]

    def __str__(self) -> str:
        return f"Search {self.pk}"
