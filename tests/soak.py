"""Tests that have a size: small in `make test`, full in `make soak`.

SOAK=1 asks for the full size. What such tests do at random follows from SEED, which is printed
when the tests begin; the same SEED does the same again.
"""

import os
import random

FULL = os.environ.get("SOAK") == "1"
# Through the environment, so that all processes of a run have the same.
SEED = int(os.environ.setdefault("SEED", str(random.randrange(1_000_000))))


def size(small: int, full: int) -> int:
    return full if FULL else small


def some_of(pages: list[str]) -> list[str]:
    """A third of them, others with each seed; all in full."""
    return pages if FULL else random.Random(SEED).sample(pages, -(-len(pages) // 3))
