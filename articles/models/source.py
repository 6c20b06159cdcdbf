from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsroom.line_field import LineField

WEB_ADDRESS = URLValidator(schemes=["http", "https"])


class Source(models.Model):
    """An agency or another paper whose text a piece is, or rests on."""

    name = LineField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    url = models.CharField(_("address"), max_length=300, blank=True, validators=[WEB_ADDRESS])
    description = LineField(_("description"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:source", args=[self.slug])
