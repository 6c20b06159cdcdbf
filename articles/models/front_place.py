from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.section import Section


class ArrangementChanged(Exception):
    """Somebody has arranged the front page since the arrangement to be replaced was read."""


class Given(NamedTuple):
    """A piece for a place, by primary keys."""

    section: int | None
    position: int
    article: int
    until: datetime | None


class Changes(NamedTuple):
    """What an arrangement changed: places as they were and as they are, sections switched."""

    taken: list["FrontPlace"]
    given: list["FrontPlace"]
    sections: list[Section]


class FrontPlaceQuerySet(models.QuerySet["FrontPlace"]):
    def fingerprint(self) -> str:
        """Tells whether the arrangement is still the one that somebody has read."""
        places = self.order_by("section", "position").values_list(
            "section", "position", "article", "until"
        )
        blocks = Section.objects.filter(is_on_front=True).order_by("pk").values_list("pk")
        return sha256(repr([*places, *blocks]).encode()).hexdigest()[:32]

    def arrange(self, wanted: Iterable[Given], *, blocks: set[int], by: User, read: str) -> Changes:
        """Give these places and no others, and a block to the sections with these primary keys.

        `read` is the fingerprint of what is to be replaced. Raises ArrangementChanged where that
        is no more what stands there, and then changes nothing.
        """
        with transaction.atomic():
            sections = list(Section.objects.select_for_update().order_by("pk"))
            if self.fingerprint() != read:
                raise ArrangementChanged
            switched = [each for each in sections if each.is_on_front != (each.pk in blocks)]
            for section in switched:
                section.is_on_front = not section.is_on_front
                section.save(update_fields=["is_on_front"])
            standing = {place.given: place for place in self.select_related("section", "article")}
            new = [each for each in wanted if each not in standing]
            kept = set(wanted)
            taken = [place for given, place in standing.items() if given not in kept]
            self.filter(pk__in=[place.pk for place in taken]).delete()
            made = [
                self.create(
                    section_id=each.section,
                    position=each.position,
                    article_id=each.article,
                    until=each.until,
                    by=by,
                )
                for each in new
            ]
        return Changes(taken, made, switched)


class FrontPlace(models.Model):
    """A place of the front page that an editor has given to a piece.

    Without a section it is one of the first six: position 0 is the lead, 1 to 5 stand below it.
    With one it stands in the block of that section, smallest first. A place is free again once
    `until` has passed, or its piece is not public any more or has left the section.
    """

    FURTHER = 5
    IN_A_BLOCK = 4

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

    objects = FrontPlaceQuerySet.as_manager()

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
        return f"{self.name}: {self.article}"

    @property
    def name(self) -> str:
        return place_name(self.section, self.position)

    @property
    def given(self) -> Given:
        return Given(self.section_id, self.position, self.article_id, self.until)


def place_name(section: Section | None, position: int) -> str:
    number = {"number": position + 1}
    if section:
        return f"{section}, {gettext('place %(number)d') % number}"
    return gettext("Place %(number)d") % number if position else gettext("Lead")
