from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.prepared import Given

# What is asked about is the last seven days.
KEPT = timedelta(days=8)
HOUR = timedelta(hours=1)


class Hour(NamedTuple):
    """An hour of a piece, by its primary key. It begins at `start`, on the full hour in UTC."""

    article: int
    start: datetime

    @classmethod
    def of(cls, article: int, moment: datetime) -> Self:
        return cls(article, moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0))

    @property
    def end(self) -> datetime:
        return self.start + HOUR

    @property
    def is_kept(self) -> bool:
        """Whether it is not too long ago."""
        return self.start >= timezone.now() - KEPT


class ActivityQuerySet(models.QuerySet["Activity"]):
    def within(self, period: timedelta) -> Self:
        """Of that many hours, with the one that has begun."""
        return self.since(timezone.now() - period)

    def since(self, moment: datetime | Given) -> Self:
        return self.filter(hour__gt=moment)

    def outdated(self) -> Self:
        return self.filter(hour__lt=timezone.now() - KEPT)

    def add_reads(self, reads: Mapping[Hour, int]) -> None:
        """Add what was read, in one transaction; of pieces that are gone meanwhile nothing."""
        from articles.models.article import Article  # noqa: PLC0415 - it refers to this

        pieces = {hour.article for hour in reads}
        with transaction.atomic():
            there = set(Article.objects.filter(pk__in=pieces).values_list("pk", flat=True))
            # In one order, so that two processes don't wait for each other.
            hours = sorted(hour for hour in reads if hour.article in there)
            self._make(*hours)
            rows = self.filter(article__in=there, hour__in={hour.start for hour in hours})
            counted = []
            for row in rows.select_for_update().order_by("pk"):
                if number := reads.get(Hour.of(row.article_id, row.hour)):
                    row.reads += number
                    counted.append(row)
            self.bulk_update(counted, ["reads"])
            self.outdated().delete()

    def set_replies(self, replies: Mapping[Hour, int]) -> None:
        """So many replies that came in within each hour are public now. Nothing is kept of an
        hour that is too long ago."""
        pieces = defaultdict[tuple[datetime, int], list[int]](list)
        for hour, number in replies.items():
            if hour.is_kept:
                pieces[hour.start, number].append(hour.article)
        with transaction.atomic():
            if made := sorted(hour for hour, number in replies.items() if number and hour.is_kept):
                self._make(*made)
            for (start, number), articles in sorted(pieces.items()):
                self.filter(hour=start, article__in=articles).update(replies=number)
            self.outdated().delete()

    def _make(self, *hours: Hour) -> None:
        self.bulk_create(
            (Activity(article_id=each.article, hour=each.start) for each in hours),
            ignore_conflicts=True,
        )


class Activity(models.Model):
    """What readers did with a piece within an hour, for the lists of the most read and the most
    replied. Nothing tells who they were. `replies` are those that came in then and are public.
    """

    # No index of its own: were there one, SQLite would sum up all that there is by it.
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="activity", db_index=False
    )
    hour = models.DateTimeField(_("hour"))
    reads = models.PositiveIntegerField(_("reads"), default=0)
    replies = models.PositiveIntegerField(_("replies"), default=0)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activity")
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "article"], name="an_hour_of_a_piece_is_counted_once"
            )
        ]
        indexes = [
            # within(): the figures of a period, read from the index alone; and outdated().
            models.Index(fields=["hour", "article", "reads", "replies"], name="activity_of_period")
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:00}: {self.reads}, {self.replies}"
