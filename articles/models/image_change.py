from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.append_only import AppendOnly
from newsroom.line_field import LineField

if TYPE_CHECKING:
    from articles.models.image import Image


class ImageChange(AppendOnly):
    """Who did what to a picture, why and when. Stays when the picture is deleted."""

    class Action(models.TextChoices):
        WITHDRAWN = "withdrawn", _("withdrawn from every use")
        BROUGHT_BACK = "brought_back", _("brought back")
        FOCUSED = "focused", _("focal point moved")
        DELETED = "deleted", _("deleted")

    token = models.CharField(max_length=32, db_index=True)
    name = LineField(_("name"), max_length=160)
    action = models.CharField(_("what"), max_length=12, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+"
    )
    reason = LineField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        base_manager_name = "objects"  # see AppendOnly
        verbose_name = _("change of a picture")
        verbose_name_plural = _("changes of pictures")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_action_display()}"

    @classmethod
    def record(cls, image: "Image", action: str, by: User, reason: str = "") -> None:
        cls.objects.create(token=image.token, name=image.name, action=action, by=by, reason=reason)
