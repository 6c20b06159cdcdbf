from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from articles.body_html import BodyField
from articles.drawn_html import BodyQuerySet, DrawnBodyField
from articles.models.image_use import ImageUse
from articles.models.recording import RecordingUse
from newsroom.line_field import LineField
from newsroom.paths import SlugPath

path_of = SlugPath("articles:page")


class StandingPage(models.Model):
    """About, privacy, contact and the like: at /<slug>/, in the footer, in no list."""

    title = LineField(_("title"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    body = BodyField(_("body"))
    body_html = DrawnBodyField()
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The footer shows the smallest first.")
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = BodyQuerySet["StandingPage"].as_manager()

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The drawn body and the uses of pictures follow what is written."""
        if "body" in (kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], "body_html"}
        with transaction.atomic():
            super().save(*args, **kwargs)
            ImageUse.objects.follow(self, kwargs.get("update_fields"))
            RecordingUse.objects.follow(self, kwargs.get("update_fields"))

    def get_absolute_url(self) -> str:
        return path_of(self.slug)

    def clean(self) -> None:
        try:
            taken = resolve(f"/{self.slug}/").view_name != "articles:page"
        except Resolver404:
            taken = False  # an empty or malformed slug: its own field says so
        if taken:
            raise ValidationError({"slug": _("The site itself has a page at this address.")})
