"""Whatever comes by a wire is read or refused, with its reason, and nothing else happens."""

import random
from pathlib import Path

import pytest

from articles.importers.errors import Refused
from articles.importers.wire.recognising import read
from tests.soak import SEED, size

SAMPLES = sorted((Path(__file__).parent / "samples/wire").iterdir())
PIECES = [
    b"<",
    b">",
    b"&",
    b'"',
    b"\0",
    b"\x01",
    b"\x02",
    b"{",
    b"]",
    b"\xff\xfe",
    b"&#x0;",
    b"<!--",
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        what = chance.randrange(4)
        if what == 0:
            changed[at:at] = chance.choice(PIECES)
        elif what == 1:
            del changed[at : at + chance.randint(1, 40)]
        elif what == 2 and at < len(changed):
            changed[at] = chance.randrange(256)
        else:
            start = chance.randrange(len(changed) + 1)
            changed[at:at] = changed[start : start + chance.randint(1, 80)]
    return bytes(changed)


@pytest.mark.soak
def test_a_damaged_wire_is_read_or_refused():
    chance = random.Random(SEED)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(size(600, 20_000)):
        data = mutated(chance.choice(SAMPLES).read_bytes(), chance)
        try:
            documents = read(data, "damaged")
        except Refused as refused:
            assert str(refused)
            outcomes["refused"] += 1
        else:
            assert documents and all(each.guid for each in documents)
            outcomes["read"] += 1
    assert min(outcomes.values()) > 0
