"""How far what was learned was right about decisions that it hadn't seen: its record.

It is kept as JSON in LearnedModel.record, and read through Record.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models import LearnedModel, Likely, Policy

LEAST, SUREST = 50, 99  # per cent
FEWEST = 100  # decisions to learn from
FEWEST_OF_A_KIND = 10
FEWEST_ON_RECORD = 50  # as sure as a threshold, for that to count
MISTAKES = 10  # of the surest, that are named


class Side(models.TextChoices):
    """What becomes of a reply for its readers, whichever way it is turned down."""

    APPROVE = "approve", _("let out")
    REFUSE = "refuse", _("turn down")

    @classmethod
    def of(cls, likely: str) -> "Side":
        return cls.APPROVE if likely == Likely.APPROVE else cls.REFUSE


class Guess(NamedTuple):
    """What was likely of a decided reply, and what was decided."""

    comment: int
    likely: str
    sure: int
    decided: str


@dataclass(frozen=True)
class Point:
    """Of the decisions that it would have made from a threshold on."""

    threshold: int
    count: int
    right: int  # readers would have seen, or not, what moderators let them see
    of: int  # all decisions on record

    @property
    def wrong(self) -> int:
        return self.count - self.right

    @property
    def precision(self) -> float | None:
        """Per cent; None where it would have decided nothing."""
        return 100 * self.right / self.count if self.count else None

    @property
    def coverage(self) -> float:
        return 100 * self.count / self.of if self.of else 0.0

    @property
    def supports(self) -> bool:
        """Whether it may decide by itself from there on: it was right as often as it is sure to
        be, about enough decisions to say so."""
        enough = self.count >= FEWEST_ON_RECORD
        return enough and 100 * self.right >= self.threshold * self.count


@dataclass(frozen=True)
class Record:
    """Of one model."""

    count: int  # decisions held back
    since: datetime | None
    until: datetime | None
    decided: dict[str, int]  # by what moderators decided
    points: dict[str, list[list[int]]]
    mistakes: list[Guess]

    @classmethod
    def read(cls, model: LearnedModel | None) -> Self:
        kept: dict[str, Any] = model.record if model else nothing()
        moments = [
            datetime.fromtimestamp(kept[name], UTC) if kept[name] else None
            for name in ("since", "until")
        ]
        return cls(
            count=kept["count"],
            since=moments[0],
            until=moments[1],
            decided=kept["decided"],
            points=kept["points"],
            mistakes=[Guess(*each) for each in kept["mistakes"]],
        )

    def at(self, side: Side, threshold: int) -> Point:
        count, right = 0, 0
        if LEAST <= threshold <= SUREST:
            count, right = self.points[side][threshold - LEAST]
        return Point(threshold, count, right, self.count)

    def curve(self, side: Side) -> list[Point]:
        return [self.at(side, threshold) for threshold in range(LEAST, SUREST + 1)]

    def supports(self, side: Side, threshold: int) -> bool:
        return self.at(side, threshold).supports


def of(guesses: Iterable[Guess], *, since: float, until: float) -> dict[str, Any]:
    """What is kept."""
    guesses = list(guesses)
    wrong = [each for each in guesses if Side.of(each.likely) != Side.of(each.decided)]
    wrong.sort(key=lambda each: (-each.sure, -each.comment))
    return {
        "count": len(guesses),
        "since": since,
        "until": until,
        "decided": dict(Counter(each.decided for each in guesses)),
        "points": {side.value: _points(guesses, side) for side in Side},
        "mistakes": [list(each) for each in wrong[:MISTAKES]],
    }


def nothing() -> dict[str, Any]:
    """The record of what could not be measured."""
    return of([], since=0.0, until=0.0)


def threshold_of(policy: Policy, side: Side) -> int:
    """From which what was learned decides by itself; 0: never."""
    return policy.learned_approves_from if side == Side.APPROVE else policy.learned_rejects_from


def decides_from(policy: Policy, record: Record, side: Side) -> int | None:
    """The same, where the record supports it; else None."""
    threshold = threshold_of(policy, side)
    return threshold if threshold and record.supports(side, threshold) else None


def _points(guesses: list[Guess], side: Side) -> list[list[int]]:
    """For each threshold: how many it would have decided that way, and how many of them rightly."""
    ours = [each for each in guesses if Side.of(each.likely) == side]
    right = [each for each in ours if Side.of(each.decided) == side]
    return [
        [sum(each.sure >= threshold for each in those) for those in (ours, right)]
        for threshold in range(LEAST, SUREST + 1)
    ]
