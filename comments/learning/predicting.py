"""What was learned, applied to what waits."""

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comments.body_html import readable
from comments.learning.facts import Reading, reading_of
from comments.learning.record import SUREST
from comments.learning.stored import Weights, unpack
from comments.learning.vectors import FACT, places_of_facts, places_of_words, vectors_of
from comments.learning.words import with_pairs
from comments.models import NO_RECORD, Comment, LearnedModel, Prediction
from comments.models.comment_queryset import CommentQuerySet
from comments.seen import unseen

AT_ONCE = 250
LONGEST = 20.0  # seconds: the worker has other tasks; what is left is read the next time
MOST_SHOWN = 6  # words and facts of one reply
LEAST_SHOWN = 0.2  # of the weight of the heaviest


class Weighed(NamedTuple):
    """What speaks for the likely decision, or against it where its weight is negative."""

    is_fact: bool
    code: str
    weight: float


class Guessed(NamedTuple):
    """What is likely of a reply, not stored yet."""

    comment: Comment
    likely: str
    sure: int
    weighed: list[Weighed]


def due(model: LearnedModel) -> CommentQuerySet:
    """What waits and wasn't read by `model`, or was changed since. The newest first: somebody may
    be about to look at it."""
    read = Prediction.objects.filter(
        comment=OuterRef("pk"), model=model.pk, version=OuterRef("version")
    )
    return Comment.objects.held().filter(commenter__isnull=False).exclude(Exists(read))


def predict_waiting() -> int:
    """Say of what waits what is likely; of how many. Raises stored.CannotRead."""
    model = LearnedModel.objects.current()
    if model is None:
        return 0
    start, count, weights = time.monotonic(), 0, None
    keys = due(model).order_by("-pk").values_list("pk", flat=True)
    for some in batched(keys.iterator(chunk_size=AT_ONCE * 20), AT_ONCE):
        weights = weights or unpack(model)
        count += _write(model, list(_guess(weights, some)))
        if time.monotonic() - start > LONGEST:
            break
    return count


def _guess(weights: Weights, keys: Sequence[int]) -> Iterator[Guessed]:
    comments = list(
        Comment.objects.held()
        .filter(pk__in=keys)
        .select_related("article")
        .prefetch_related("findings")
        .order_by("pk")
    )
    if not comments:
        return
    records = Comment.objects.records(comment.commenter_id for comment in comments)
    readings = [
        reading_of(
            readable(comment.body_html),
            records.get(comment.commenter_id or 0, NO_RECORD),
            rules=[finding.rule for finding in comment.findings.all()],
            website=comment.website,
            is_answer=comment.parent_id is not None,
            language=comment.article.language,
        )
        for comment in comments
    ]
    likely = weights.probabilities(vectors_of(readings))
    weighing = Weighing(weights, readings)
    for row, comment in enumerate(comments):
        best = int(likely[row].argmax())
        sure = min(int(likely[row, best] * 100), SUREST)
        yield Guessed(comment, weights.kinds[best], sure, weighing.of(readings[row], best))


class Weighing:
    """How much each word and fact of some readings weighs."""

    def __init__(self, weights: Weights, readings: Sequence[Reading]) -> None:
        words = (word for reading in readings for word in with_pairs(reading.words))
        self._words = places_of_words(words)
        self._facts = places_of_facts(fact for reading in readings for fact in reading.facts)
        self._towards = [weights.towards(kind) for kind in weights.kinds]

    def of(self, reading: Reading, kind: int) -> list[Weighed]:
        """What weighed most towards a kind, by its number; the heaviest first."""
        towards, words = self._towards[kind], Counter(with_pairs(reading.words))
        length = math.sqrt(sum(count**2 for count in words.values()))
        found = []
        for word, count in words.items():
            place, sign = self._words[word]
            found.append(Weighed(False, word, float(towards[place]) * sign * count / length))
        for fact in reading.facts:
            found.append(Weighed(True, fact, float(towards[self._facts[fact].number]) * FACT))
        return _heaviest(found)


def _heaviest(found: list[Weighed]) -> list[Weighed]:
    """No word twice: not where a pair with it weighs more."""
    found = sorted(found, key=lambda each: (-abs(each.weight), each.code))
    chosen: list[Weighed] = []
    for each in found:
        if len(chosen) == MOST_SHOWN or abs(each.weight) < LEAST_SHOWN * abs(found[0].weight):
            break
        shown = {word for other in chosen if not other.is_fact for word in other.code.split()}
        if each.is_fact or not shown & set(each.code.split()):
            chosen.append(each)
    return chosen


def _write(model: LearnedModel, guessed: list[Guessed]) -> int:
    """Of those that still wait with the text that was read."""
    with transaction.atomic():
        now = Comment.objects.held().select_for_update().order_by("-pk")  # as lock_threads() says
        still = dict(
            now.filter(pk__in=[each.comment.pk for each in guessed]).values_list("pk", "version")
        )
        kept = [each for each in guessed if still.get(each.comment.pk) == each.comment.version]
        for each in kept:
            each.comment.likely, each.comment.sure = each.likely, each.sure
        with unseen():
            Comment.objects.bulk_update([each.comment for each in kept], ["likely", "sure"])
        Prediction.objects.bulk_create(
            [
                Prediction(
                    comment=each.comment,
                    model=model,
                    version=each.comment.version,
                    weighed=[[*some[:2], round(some.weight, 3)] for some in each.weighed],
                    at=timezone.now(),
                )
                for each in kept
            ],
            update_conflicts=True,
            unique_fields=["comment"],
            update_fields=["model", "version", "weighed", "at"],
        )
    return len(kept)
