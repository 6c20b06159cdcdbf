from django.db import models
from django.utils.translation import gettext_lazy as _


class CannedReason(models.Model):
    """A ready reason for turning a reply down. Its author reads it in the language of the piece."""

    # Of those that come with the program, whose words are in its catalogues; empty for one's own.
    code = models.CharField(max_length=20, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(_("key"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("ready reason")
        verbose_name_plural = _("ready reasons")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"Reason {self.pk}"
