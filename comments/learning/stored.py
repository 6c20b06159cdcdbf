"""What was learned as bytes: numbers and their shapes, nothing that could be run.

The weights are one compressed run of little-endian 32-bit floats, array after array in the order
of `description["arrays"]`. Whatever does not fit its description, digest or bounds is refused.
"""

import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comments.learning.vectors import SIZE
from comments.models import LearnedModel, Likely

FORMAT = 1
KIND = np.dtype("<f4")
KINDS = tuple(Likely.values)

type Floats = NDArray[np.float32]


class CannotRead(Exception):
    """What is stored is damaged, or of another version of the program: it has to learn anew."""


@dataclass(frozen=True)
class Weights:
    """A linear model, and what makes its scores probabilities.

    Of `kinds`, in their order, `slopes` (a row each; for two kinds one, of the second) times the
    vector plus `offsets` are the scores. These, through `scale` and `shift`, are the logits.
    """

    kinds: tuple[str, ...]
    slopes: Floats
    offsets: Floats
    scale: Floats
    shift: Floats

    def probabilities(self, vectors: Any) -> Any:
        """A row for each vector: how likely each of `kinds` is."""
        scores = vectors @ self.slopes.T + self.offsets
        logits = np.asarray(scores, dtype=np.float64) @ self.scale.T + self.shift
        if logits.shape[1] == 1:
            logits = np.hstack([np.zeros_like(logits), logits])
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def towards(self, kind: str) -> Floats:
        """How far each place of a vector speaks for `kind` rather than for the others."""
        number = self.kinds.index(kind)
        towards: Floats
        if len(self.kinds) == 2:
            towards = self.slopes[0] if number else -self.slopes[0]
        else:
            others = [row for row in range(len(self.kinds)) if row != number]
            towards = self.slopes[number] - self.slopes[others].mean(axis=0)
        return towards


NAMES = ("slopes", "offsets", "scale", "shift")


def pack(weights: Weights) -> tuple[dict[str, Any], bytes]:
    """The description, and the bytes."""
    arrays = [np.ascontiguousarray(getattr(weights, name), dtype=KIND) for name in NAMES]
    raw = b"".join(array.tobytes() for array in arrays)
    description = {
        "format": FORMAT,
        "size": SIZE,
        "kinds": list(weights.kinds),
        "arrays": [[name, list(array.shape)] for name, array in zip(NAMES, arrays, strict=True)],
        "sha256": sha256(raw).hexdigest(),
    }
    return description, zlib.compress(raw, 6)


def unpack(model: LearnedModel) -> Weights:
    """Raises CannotRead."""
    try:
        kinds = tuple(str(kind) for kind in model.description["kinds"])
        shapes = _shapes(len(kinds))
        described = [[name, list(shape)] for name, shape in shapes.items()]
        fits = (
            model.description["format"] == FORMAT
            and model.description["size"] == SIZE
            and set(kinds) <= set(KINDS)
            and 2 <= len(kinds) == len(set(kinds))
            and model.description["arrays"] == described
        )
        if not fits:
            raise CannotRead("Its description is of another kind.")
        raw = _inflated(bytes(model.weights), _length(shapes))
        if sha256(raw).hexdigest() != model.description["sha256"]:
            raise CannotRead("Its digest is another.")
    except (KeyError, TypeError, zlib.error) as error:
        raise CannotRead(f"It is damaged: {type(error).__name__}.") from error
    return Weights(kinds, **_arrays(raw, shapes))


def _shapes(kinds: int) -> dict[str, tuple[int, ...]]:
    rows = 1 if kinds == 2 else kinds
    return {
        "slopes": (rows, SIZE),
        "offsets": (rows,),
        "scale": (rows, rows),
        "shift": (rows,),
    }


def _length(shapes: dict[str, tuple[int, ...]]) -> int:
    return sum(int(np.prod(shape)) for shape in shapes.values()) * KIND.itemsize


def _inflated(packed: bytes, length: int) -> bytes:
    """No more than is expected is ever unpacked."""
    inflating = zlib.decompressobj()
    raw = inflating.decompress(packed, length + 1)
    if len(raw) != length or not inflating.eof or inflating.unused_data:
        raise CannotRead("Its length is another.")
    return raw


def _arrays(raw: bytes, shapes: dict[str, tuple[int, ...]]) -> dict[str, Floats]:
    numbers = np.frombuffer(raw, dtype=KIND)
    if not np.isfinite(numbers).all():
        raise CannotRead("It holds what is no number.")
    arrays, start = {}, 0
    for name, shape in shapes.items():
        end = start + int(np.prod(shape))
        arrays[name] = numbers[start:end].reshape(shape)
        start = end
    return arrays
