from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.append_only import AppendOnly


class StateChange(AppendOnly):
    """Who changed the state of a piece, from what to what, why and when."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, related_name="state_changes"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+"
    )
    from_status = models.CharField(_("from"), max_length=12)
    to_status = models.CharField(_("to"), max_length=12)
    published_at = models.DateTimeField(_("publication time"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        base_manager_name = "objects"  # see AppendOnly
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
