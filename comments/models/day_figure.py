from collections.abc import Mapping
from datetime import date
from typing import Self

from django.db import models, transaction


class DayFigureQuerySet(models.QuerySet["DayFigure"]):
    def between(self, first: date, last: date) -> Self:
        """Of these days and those between them."""
        return self.filter(day__gte=first, day__lte=last)

    def totals(self, kind: str) -> dict[str, int]:
        """The sum over the days for each key of this kind."""
        rows = self.filter(kind=kind).order_by().values_list("key")
        return dict(rows.annotate(sum=models.Sum("number")))

    def keep(self, day: date, counted: "Mapping[tuple[str, str], int]") -> None:
        """Let `counted`, by kind and key, be all figures of `day`. That nothing came in is one of
        them: it tells that the day was counted."""
        with transaction.atomic():
            rows = [
                DayFigure(day=day, kind=kind, key=key, number=number)
                for (kind, key), number in sorted(counted.items())
                if number or kind == DayFigure.Kind.RECEIVED
            ]
            # Two jobs at once write the same rows, and neither fails.
            self.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["day", "kind", "key"],
                update_fields=["number"],
                batch_size=500,
            )
            known = {(each.kind, each.key) for each in rows}
            outdated = [
                pk
                for pk, kind, key in self.filter(day=day).values_list("pk", "kind", "key")
                if (kind, key) not in known
            ]
            for begin in range(0, len(outdated), 500):
                self.filter(pk__in=outdated[begin : begin + 500]).delete()


class DayFigure(models.Model):
    """How often something happened on one day of the site's clock, counted by a job: so the pages
    that show figures cost the same however many replies there are. See comments/figures.py.

    Nothing in it is about one reader: there are numbers alone.
    """

    class Kind(models.TextChoices):
        """What was counted, and what the key is."""

        RECEIVED = "received"  # came in
        # Got there for the first time.
        APPROVED = "approved"
        REJECTED = "rejected"
        SPAM = "spam"
        WAITED = "waited"  # got out of the queue for the first time; the key: see comments/waits.py
        REASON = "reason"  # was rejected; the key: see figures.reason_key()
        RULE_HIT = "rule_hit"  # came in, and this rule held or decided it; the rule's name
        RULE_DECIDED = (
            "rule_decided"  # a moderator decided on what this rule had found something in
        )
        RULE_REVERSED = "rule_reversed"  # and saw it the other way
        PIECE = "piece"  # came in under this piece; its primary key

    day = models.DateField()
    kind = models.CharField(max_length=13, choices=Kind)
    key = models.CharField(max_length=40, blank=True)
    number = models.PositiveIntegerField()

    objects = DayFigureQuerySet.as_manager()

    class Meta:
        ordering = ["day", "kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["day", "kind", "key"], name="one_figure_of_a_day")
        ]
        indexes = [
            # totals() of one kind over a year
            models.Index(fields=["kind", "day", "key", "number"], name="figures_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}".strip()
