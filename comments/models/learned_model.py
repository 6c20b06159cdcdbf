from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LearnedModelQuerySet(models.QuerySet["LearnedModel"]):
    KEPT = timedelta(days=90)  # what a newer one has taken the place of

    def current(self) -> "LearnedModel | None":
        """The newest, without its weights, which are large."""
        return self.defer("weights").order_by("-pk").first()

    def outdated(self) -> Self:
        """Older than KEPT, and no longer the newest."""
        newest = LearnedModel.objects.order_by("-pk").values("pk")[:1]
        return self.filter(made_at__lt=timezone.now() - self.KEPT).exclude(pk__in=newest)


class LearnedModel(models.Model):
    """What was learned from the moderators' decisions, and how far it was right.

    It holds weights of hashed words, no words: see comments/learning/stored.py. `record` is what
    comments/learning/record.py reads. Rows are written by the worker, and never changed.
    """

    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    # Who asked for it; null: it was time for a new one.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    decisions = models.PositiveIntegerField(_("decisions learned from"))
    record = models.JSONField(_("record"))
    # What the weights are: format, kinds, shapes, digest.
    description = models.JSONField(_("description"))
    weights = models.BinaryField(_("weights"))

    objects = LearnedModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("learned model")
        verbose_name_plural = _("learned models")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Learned model {self.pk}"
