from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.line_field import LineField
from newsroom.paths import SlugPath

WEB_ADDRESS = URLValidator(schemes=["http", "https"])

path_of = SlugPath("articles:source")


class Indexing(models.TextChoices):
    """What search engines are told about a piece."""

    INDEX = "index", _("index it")
    NOINDEX = "noindex", _("keep it out of search engines")
    CANONICAL = "canonical", _("name the source's own page as the original")


_IS_CANONICAL = models.Q(indexing=Indexing.CANONICAL) | models.Q(
    indexing="", source__indexing=Indexing.CANONICAL
)
# Of pieces, for their QuerySet: those that Article.indexed says to index.
IS_INDEXED = (
    models.Q(indexing=Indexing.INDEX)
    | models.Q(models.Q(source=None) | models.Q(source__indexing=Indexing.INDEX), indexing="")
    | (_IS_CANONICAL & models.Q(source_url=""))
)


class Source(models.Model):
    """An agency or another paper whose text a piece is, or rests on.

    Its credit line and indexing hold for each of its pieces that names no other.
    """

    name = LineField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    url = models.CharField(_("address"), max_length=300, blank=True, validators=[WEB_ADDRESS])
    description = LineField(_("description"), max_length=300, blank=True)
    credit_line = LineField(
        _("credit line"),
        max_length=160,
        blank=True,
        help_text=_("Stands below its pieces, such as “© AFP. All rights reserved.”"),
    )
    indexing = models.CharField(
        _("search engines"), max_length=10, choices=Indexing, default=Indexing.INDEX
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of(self.slug)
