from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkingCopy(models.Model):
    """A form in which somebody writes a piece: one row for each open window.

    It tells others who is at work, and keeps what was typed and not saved yet. `article` is
    empty for a piece that was never saved, `based_on` the version of the piece that the form
    showed. `fields` are those of the form, by name, and empty until something was typed.
    """

    window = models.CharField(max_length=32, unique=True)
    article = models.ForeignKey(
        "articles.Article", null=True, on_delete=models.CASCADE, related_name="working_copies"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("by")
    )
    based_on = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last seen"), auto_now_add=True)
    typed_at = models.DateTimeField(_("last typed"), null=True)

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.by} since {self.opened_at:%H:%M}"
