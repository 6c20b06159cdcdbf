from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.section import Section


class FrontPlace(models.Model):
    """A place of the front page that an editor has given to a piece.

    Without a section it is one of the first six: position 0 is the lead, 1 to 5 stand below it.
    With one it stands in the block of that section, smallest first. A place is free again once
    `until` has passed or its piece is not public any more.
    """

    FURTHER = 5

    section = models.ForeignKey(
        Section,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="front_places",
        verbose_name=_("block"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    article = models.ForeignKey(
        "articles.Article",
        on_delete=models.CASCADE,
        related_name="front_places",
        verbose_name=_("piece"),
    )
    until = models.DateTimeField(_("until"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("since"), auto_now=True)

    class Meta:
        verbose_name = _("place on the front page")
        verbose_name_plural = _("front page")
        ordering = ["section__position", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "position"],
                name="a_place_of_a_block_is_given_once",
            ),
            models.UniqueConstraint(
                fields=["position"],
                condition=Q(section__isnull=True),
                name="a_place_of_the_front_is_given_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section or ''} {self.position}: {self.article}"
