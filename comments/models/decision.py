from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.append_only import AppendOnly


class Status(models.TextChoices):
    """Of a reply: Comment.Status."""

    HELD = "held", _("held")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    SPAM = "spam", _("spam")


class Decision(AppendOnly):
    """What was decided of a reply: by whom (a person or a rule), from what to what, why, when."""

    comment = models.ForeignKey(
        "comments.Comment",
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("reply"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        verbose_name=_("by"),
        related_name="+",
    )
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    from_status = models.CharField(_("from"), max_length=10, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        base_manager_name = "objects"  # see AppendOnly
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=True) ^ models.Q(rule=""),
                name="a_person_or_a_rule_decided",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_from_status_display() or _('new')} → {self.get_to_status_display()}"
