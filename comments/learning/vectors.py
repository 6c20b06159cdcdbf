"""Readings as vectors: words and facts are hashed, so that what was learned holds none of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer

from comments.learning.facts import Reading
from comments.learning.words import with_pairs

WORDS, FACTS = 2**18, 2**12
SIZE = WORDS + FACTS
FACT = 0.5  # what one weighs, where all words of a reply together weigh 1


def _alone(word: str) -> list[str]:
    return [word]


def _all(words: list[str]) -> list[str]:
    return words


# Signs alternate, so that words which share a place cancel each other out on the whole.
_words = HashingVectorizer(analyzer=with_pairs, n_features=WORDS, norm="l2", dtype=np.float32)
_word = HashingVectorizer(analyzer=_alone, n_features=WORDS, norm=None, dtype=np.float32)
_facts = HashingVectorizer(
    analyzer=_all, n_features=FACTS, norm=None, alternate_sign=False, dtype=np.float32
)
_fact = HashingVectorizer(
    analyzer=_alone, n_features=FACTS, norm=None, alternate_sign=False, dtype=np.float32
)


def vectors_of(readings: Sequence[Reading]) -> csr_matrix:
    """A row for each reading."""
    words = _words.transform([reading.words for reading in readings])
    facts = _facts.transform([reading.facts for reading in readings]) * np.float32(FACT)
    return csr_matrix(hstack([words, facts], format="csr", dtype=np.float32))


class Place(NamedTuple):
    """Where a word or fact weighs, and with which sign."""

    number: int
    sign: float


def places_of_words(words: Iterable[str]) -> dict[str, Place]:
    return _places(_word, words, 0)


def places_of_facts(facts: Iterable[str]) -> dict[str, Place]:
    return _places(_fact, facts, WORDS)


def _places(hashing: HashingVectorizer, words: Iterable[str], offset: int) -> dict[str, Place]:
    """Each word is a row of one place."""
    words = list(dict.fromkeys(words))
    if not words:
        return {}
    rows = hashing.transform(words)
    places = zip(rows.indices.tolist(), rows.data.tolist(), strict=True)
    return {
        word: Place(offset + number, sign)
        for word, (number, sign) in zip(words, places, strict=True)
    }
