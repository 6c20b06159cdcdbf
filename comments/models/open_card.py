from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comments.models.comment import Comment

SEEN_WITHIN = timedelta(seconds=30)  # a window tells more often that it is there
WRITTEN_AFTER = timedelta(seconds=10)  # so that a window that stays costs few writes


class OpenCardQuerySet(models.QuerySet["OpenCard"]):
    def open(self) -> Self:
        """Those that somebody is likely to look at now."""
        return self.filter(seen_at__gt=timezone.now() - SEEN_WITHIN)

    def see(self, comment: "Comment | None", *, by: User) -> None:
        """`by` looks at this reply now, and at no other; with None, at none any more."""
        if comment is None:
            self.filter(by=by).delete()
            return
        recently = timezone.now() - WRITTEN_AFTER
        if not self.filter(by=by, comment=comment, seen_at__gt=recently).exists():
            self.update_or_create(by=by, defaults={"comment": comment, "seen_at": timezone.now()})


class OpenCard(models.Model):
    """The reply in the queue that a moderator looks at now: one at most, whatever they do with it.

    It tells the others, and keeps nobody from anything.
    """

    by = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="open_card",
        verbose_name=_("by"),
    )
    comment = models.ForeignKey(
        "comments.Comment",
        on_delete=models.CASCADE,
        related_name="open_cards",
        verbose_name=_("reply"),
    )
    seen_at = models.DateTimeField(_("last seen"))

    objects = OpenCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("open card")
        verbose_name_plural = _("open cards")

    def __str__(self) -> str:
        return f"Open card {self.pk}"
