from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FormerTextQuerySet(models.QuerySet["FormerText"]):
    KEPT = timedelta(days=60)

    def due_for_erasure(self) -> Self:
        return self.filter(until__lte=timezone.now() - self.KEPT)


class FormerText(models.Model):
    """What a reply said before it was changed. Moderators see it, readers don't."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="former_texts"
    )
    body = models.TextField(_("text"))
    # What the rules had seen in it, a line each: their findings are those of the text as it is now.
    found = models.TextField(_("findings"), blank=True)
    until = models.DateTimeField(_("until"), auto_now_add=True)
    # The moderator who changed it; null for its author.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
    )
    # That a moderator changed it with; null for its author.
    decision = models.OneToOneField(
        "comments.Decision",
        null=True,
        on_delete=models.PROTECT,
        related_name="former_text",
        editable=False,
    )

    objects = FormerTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("former text")
        verbose_name_plural = _("former texts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Former text {self.pk}"
