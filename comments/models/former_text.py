from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerText(models.Model):
    """What a reply said before it was changed. Moderators see it, readers don't."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="former_texts"
    )
    body = models.TextField(_("text"))
    until = models.DateTimeField(_("until"), auto_now_add=True)

    class Meta:
        verbose_name = _("former text")
        verbose_name_plural = _("former texts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Former text {self.pk}"
