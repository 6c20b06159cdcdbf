from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.author import Author


class BylineQuerySet(models.QuerySet["Byline"]):
    def with_authors(self) -> Self:
        return self.select_related("author")


class Byline(models.Model):
    """An author of a piece; the smallest position is named first."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="bylines"
    )
    author = models.ForeignKey(Author, on_delete=models.PROTECT, verbose_name=_("author"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = BylineQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("byline")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="an_author_is_named_once",
                violation_error_message=_("This author is named already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.author)
