"""What was learned, applied to what waits."""

import time
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any, NamedTuple

import numpy as np
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

AT_ONCE = 250
LONGEST = 20.0  # seconds: the worker has other tasks; what is left is read the next time
MOST_SHOWN = 6  # words and facts of one reply
FEWEST_SHOWN = 0.05  # of the weight of all that speak for the decision


class Weighed(NamedTuple):
    """What speaks for the likely decision, or against it where its weight is negative."""

    is_fact: bool
    code: str
    weight: float


class Guessed(NamedTuple):
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
    weigh = {kind: weights.towards(kind) for kind in weights.kinds}
    for row, comment in enumerate(comments):
        best = int(likely[row].argmax())
        kind, sure = weights.kinds[best], min(int(likely[row, best] * 100), SUREST)
        yield Guessed(comment, kind, sure, weighed(readings[row], weigh[kind]))


def weighed(reading: Reading, towards: Any) -> list[Weighed]:
    """The words and facts that weighed most, the heaviest first."""
    words, facts = with_pairs(reading.words), reading.facts
    found = []
    if words:
        places, signs = places_of_words(words)
        length = float(np.linalg.norm(np.unique(words, return_counts=True)[1]))
        weights: dict[str, float] = {}
        for word, weight in zip(words, towards[places] * signs / length, strict=True):
            weights[word] = weights.get(word, 0.0) + float(weight)
        found = [Weighed(False, word, weight) for word, weight in weights.items()]
    if facts:
        places, _signs = places_of_facts(facts)
        of_facts = (float(weight) for weight in towards[places] * FACT)
        found += [Weighed(True, *each) for each in zip(facts, of_facts, strict=True)]
    return _heaviest(found)


def _heaviest(found: list[Weighed]) -> list[Weighed]:
    """No word twice: not where a pair with it weighs more."""
    total = sum(each.weight for each in found if each.weight > 0)
    chosen: list[Weighed] = []
    for each in sorted(found, key=lambda each: (-abs(each.weight), each.code)):
        if len(chosen) == MOST_SHOWN or abs(each.weight) < FEWEST_SHOWN * total:
            break
        shown = {word for other in chosen if not other.is_fact for word in other.code.split()}
        if each.is_fact or not shown & set(each.code.split()):
            chosen.append(each)
    return chosen


def _write(model: LearnedModel, guessed: list[Guessed]) -> int:
    """Of those that still wait with the text that was read."""
    with transaction.atomic():
        now = Comment.objects.held().select_for_update().order_by("pk")
        still = dict(
            now.filter(pk__in=[each.comment.pk for each in guessed]).values_list("pk", "version")
        )
        kept = [each for each in guessed if still.get(each.comment.pk) == each.comment.version]
        for each in kept:
            each.comment.likely, each.comment.sure = each.likely, each.sure
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
