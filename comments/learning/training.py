"""Learning from past decisions: a linear model over hashed words and facts, made probable.

It is trained twice in the same way: on the older decisions alone, to see how far it is right about
the newest, which it hasn't seen; then on all, for use.
"""

import logging
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, SGDClassifier

from comments.learning import examples, record
from comments.learning.record import FEWEST, FEWEST_OF_A_KIND, Guess
from comments.learning.stored import KIND, KINDS, Weights, pack
from comments.learning.vectors import vectors_of
from comments.models import LearnedModel

HELD_BACK = 0.2  # of the decisions, the newest
CALIBRATING = 8  # each eighth of a kind says how sure the others' scores are
ROWS = 100_000  # that are looked at, again and again where there are few decisions
MOST_ROUNDS = 10
REGULARISATION = 5e-5
SEED = 1

type Numbers = NDArray[np.int64]
type Choice = NDArray[np.bool_]

log = logging.getLogger(__name__)


class NotEnough(Exception):
    """There are too few decisions to learn from, or all are alike."""


@dataclass(frozen=True)
class Rows:
    """Some of the rows of one part. They are copied each time they are asked for, and so never all
    at once."""

    part: Any
    chosen: Choice
    kinds: Numbers

    @property
    def vectors(self) -> Any:
        return self.part[self.chosen]


@dataclass
class Material:
    """Examples as vectors, a part of the rows after the other, and what was decided of each."""

    parts: list[Any]
    kinds: Numbers  # numbers in KINDS
    at: NDArray[np.float64]
    comments: Numbers

    def within(self, chosen: Choice) -> list[Rows]:
        """The chosen rows of each part that has any, with their kinds."""
        found, start = [], 0
        for part in self.parts:
            end = start + part.shape[0]
            rows = chosen[start:end]
            if rows.any():
                found.append(Rows(part, rows, self.kinds[start:end][rows]))
            start = end
        return found


def learn(*, asked_by: User | None = None) -> LearnedModel:
    """Learn from what people have decided so far. Raises NotEnough, and changes nothing then."""
    material = gather()
    everything = np.ones(len(material.kinds), dtype=bool)
    if len(everything) < FEWEST:
        raise NotEnough
    newest = newest_of(material.at)
    older = everything & ~newest
    measured: dict[str, Any]
    try:
        measured = measure(material, train(material, older), newest)
    except NotEnough:
        # The older ones are all alike: nothing is known yet of how far it is right.
        measured = record.nothing()
    description, packed = pack(train(material, everything))
    made = LearnedModel.objects.create(
        asked_by=asked_by,
        decisions=len(material.kinds),
        record=measured,
        description=description,
        weights=packed,
    )
    log.info("Learned from %d decisions.", made.decisions)
    return made


def gather() -> Material:
    parts: list[Any] = []
    kinds, at, comments = array("q"), array("d"), array("q")
    for some in examples.with_readings(examples.decided_by_people()):
        if not some:
            continue
        parts.append(vectors_of([example.reading for example in some]))
        kinds.extend(KINDS.index(example.past.verdict) for example in some)
        at.extend(example.past.at.timestamp() for example in some)
        comments.extend(example.past.comment for example in some)
    return Material(
        parts,
        np.array(kinds, dtype=np.int64),
        np.array(at, dtype=np.float64),
        np.array(comments, dtype=np.int64),
    )


def newest_of(at: NDArray[np.float64]) -> Choice:
    """The newest HELD_BACK by the time of the decision."""
    newest = np.zeros(len(at), dtype=bool)
    count = int(len(at) * HELD_BACK)
    if count:
        newest[np.argsort(at, kind="stable")[-count:]] = True
    return newest


def train(material: Material, chosen: Choice) -> Weights:
    """From the chosen examples alone. Raises NotEnough."""
    known = _known(material, chosen)
    chosen = chosen & np.isin(material.kinds, known)
    calibrating = _every_eighth(material.kinds, chosen)
    model = _fitted(material.within(chosen & ~calibrating), known)
    scores, kinds = _scores(model, material.within(calibrating))
    probable = LogisticRegression(C=1.0, max_iter=1000).fit(scores, kinds)
    return Weights(
        kinds=tuple(KINDS[number] for number in known),
        slopes=model.coef_.astype(KIND),
        offsets=model.intercept_.astype(KIND),
        scale=probable.coef_.astype(KIND),
        shift=probable.intercept_.astype(KIND),
    )


def measure(material: Material, weights: Weights, chosen: Choice) -> dict[str, Any]:
    """What `weights` say of the chosen examples, beside what was decided."""
    guesses = []
    places = np.flatnonzero(chosen)
    start = 0
    for rows in material.within(chosen):
        likely = weights.probabilities(rows.vectors)
        for row, best in enumerate(likely.argmax(axis=1)):
            place = places[start + row]
            guesses.append(
                Guess(
                    comment=int(material.comments[place]),
                    likely=weights.kinds[best],
                    sure=percent(likely[row, best]),
                    decided=KINDS[rows.kinds[row]],
                )
            )
        start += len(rows.kinds)
    times = material.at[chosen]
    return record.of(guesses, since=float(times.min()), until=float(times.max()))


def percent(probability: float) -> int:
    """Rounded down: nothing is ever quite sure."""
    return min(int(probability * 100), record.SUREST)


def _known(material: Material, chosen: Choice) -> Numbers:
    """The kinds of which there are enough among the chosen."""
    counts = Counter(material.kinds[chosen].tolist())
    known = sorted(kind for kind, count in counts.items() if count >= FEWEST_OF_A_KIND)
    if len(known) < 2:
        raise NotEnough
    return np.array(known, dtype=np.int64)


def _every_eighth(kinds: Numbers, chosen: Choice) -> Choice:
    """Of each kind, so that none is without."""
    found = np.zeros(len(kinds), dtype=bool)
    for kind in np.unique(kinds[chosen]):
        found[np.flatnonzero(chosen & (kinds == kind))[::CALIBRATING]] = True
    return found


def _fitted(parts: list[Rows], known: Numbers) -> SGDClassifier:
    """Part after part, in another order each round."""
    model = SGDClassifier(
        loss="log_loss", alpha=REGULARISATION, average=True, random_state=SEED, shuffle=True
    )
    rows = sum(len(part.kinds) for part in parts)
    chance = np.random.default_rng(SEED)
    for _round in range(max(2, min(MOST_ROUNDS, ROWS // rows))):
        for number in chance.permutation(len(parts)):
            part = parts[number]
            model.partial_fit(part.vectors, part.kinds, classes=known)
    return model


def _scores(model: SGDClassifier, parts: list[Rows]) -> tuple[Any, Numbers]:
    scores = [model.decision_function(each.vectors).reshape(len(each.kinds), -1) for each in parts]
    return np.vstack(scores), np.concatenate([each.kinds for each in parts])
