from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.search_entry import SearchEntry
from newsroom.line_field import LineField
from newsroom.paths import SlugPath

path_of = SlugPath("articles:author")


class Author(models.Model):
    """A person whose name stands over pieces. Needs no login."""

    name = LineField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    description = LineField(_("description"), max_length=300, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("login"),
        help_text=_("Replies from this login are marked as the author's under their own pieces."),
    )

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with SearchEntry.objects.following_name(self):
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return path_of(self.slug)
