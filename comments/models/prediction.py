from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Status
from comments.models.learned_model import LearnedModel


class Likely(models.TextChoices):
    """What a moderator will likely decide of a held reply: Comment.likely."""

    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")
    SPAM = "spam", _("mark as spam")


class PredictionQuerySet(models.QuerySet["Prediction"]):
    def due_for_erasure(self) -> Self:
        """Of replies that no longer wait."""
        return self.exclude(comment__status=Status.HELD)


class Prediction(models.Model):
    """Why a decision is likely: what weighed in a held reply, by what was learned.

    The likely decision itself, and how sure it is, stand in the reply (`likely`, `sure`), where
    the queue's order is indexed.
    """

    comment = models.OneToOneField(
        "comments.Comment", on_delete=models.CASCADE, related_name="prediction"
    )
    model = models.ForeignKey(LearnedModel, on_delete=models.CASCADE, related_name="predictions")
    # Of the text that was read.
    version = models.PositiveIntegerField()
    # The words and facts that weighed most, the heaviest first: see learning.weighing.
    weighed = models.JSONField(default=list)
    at = models.DateTimeField(_("at"), auto_now=True)

    objects = PredictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely decision")
        verbose_name_plural = _("likely decisions")

    def __str__(self) -> str:
        return f"Prediction {self.pk}"
