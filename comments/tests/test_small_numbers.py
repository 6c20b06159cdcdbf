"""No small number can be read from the public figures, nor worked out from the others."""

from collections import defaultdict
from itertools import product

from comments.small_numbers import STEP, folded, sum_of, told

MOST = 14


def test_numbers_are_rounded_and_small_ones_are_not_told():
    assert [told(number).number for number in (0, 4, 5, 7, 8, 12, 13)] == [
        *(None, None),
        *(5, 5, 10, 10, 15),
    ]
    assert str(told(0)) == str(told(4)) == "under 5"
    assert str(told(1234)) == "1,235"


def test_a_small_number_is_no_difference_of_two_times():
    meant = defaultdict(set)
    for before, lately in product(range(MOST), repeat=2):
        meant[told(before + lately), told(lately)].add(before)
    small = [found for found in meant.values() if min(found) < STEP]
    assert all(len(found) >= 3 for found in small)


def test_a_small_part_of_a_sum_can_not_be_worked_out():
    """Of all that three parts can be, those that look the same are told apart by nobody."""
    meant = defaultdict(list)
    for parts in product(range(MOST), repeat=3):
        shown, others = folded(dict(zip("abc", parts, strict=True)))
        total = sum_of([*shown.values(), others])
        meant[tuple(shown.items()), others, total].append(parts)
    for same in meant.values():
        for place in range(3):
            could_be = {parts[place] for parts in same}
            assert min(could_be) >= STEP or len(could_be) >= 3


def test_a_rare_reason_is_not_even_named():
    shown, others = folded({"often": 40, "now and then": 12, "rare": 1, "never": 0})
    assert {key: str(number) for key, number in shown.items()} == {"often": "40"}
    assert str(others) == "15"
    assert folded({"often": 40, "now and then": 12, "rare": 0}) == ({"often": told(40)}, told(12))


def test_several_rare_reasons_are_told_together():
    assert folded({"a": 4, "b": 4, "c": 3}) == ({}, told(11))


def test_of_too_few_nothing_is_told():
    assert folded({"a": 2, "b": 1}) == folded({}) == ({}, told(0))
    assert str(sum_of([told(3)])) == "under 5"
