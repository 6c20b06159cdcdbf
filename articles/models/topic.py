from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from articles.models.search_entry import SearchEntry
from newsroom.line_field import LineField
from newsroom.paths import SlugPath

path_of = SlugPath("articles:topic")


class TopicQuerySet(models.QuerySet["Topic"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """The pieces are found by it no longer."""
        with transaction.atomic():
            has_topic = Topic.articles.through.objects.filter(topic__in=self.values("pk"))
            pieces = list(has_topic.order_by().values_list("article", flat=True).distinct())
            deleted = super().delete()
            SearchEntry.objects.follow_later(pieces)
        return deleted

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django's own is
    delete.alters_data = True  # type: ignore[attr-defined]


class Topic(models.Model):
    """What a piece is about. It can have several."""

    name = LineField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    description = LineField(_("description"), max_length=200, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with SearchEntry.objects.following_name(self):
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return path_of(self.slug)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """The pieces are found by it no longer."""
        with transaction.atomic():
            pieces = list(self.articles.values_list("pk", flat=True))
            deleted = super().delete(*args, **kwargs)
            SearchEntry.objects.follow_later(pieces)
        return deleted
