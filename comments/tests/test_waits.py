"""How long replies wait: counted in steps, read back, and told in words."""

from collections import Counter
from datetime import timedelta

import pytest

from comments import waits

LIKE_THESE = [timedelta(minutes=each) for each in (1, 2, 4, 9, 15, 40, 200, 1000, 5000)]


def quantile(counts, share):
    """Of waits that there are."""
    found = waits.quantile(counts, share)
    assert found is not None
    return found


def usual(decided, waiting):
    found = waits.usual(decided, waiting)
    assert found is not None
    return found


def steps(*lengths):
    return Counter(waits.step_of(each) for each in lengths)


@pytest.mark.parametrize("wait", LIKE_THESE, ids=str)
def test_a_wait_is_read_back_within_five_per_cent(wait):
    found = quantile(steps(wait), 0.5)
    assert abs(found / wait - 1) < 0.05


def test_the_median_and_the_ninth_of_ten_are_those_of_all_waits():
    counts = steps(*(timedelta(minutes=each) for each in range(1, 101)))
    assert abs(quantile(counts, 0.5) / timedelta(minutes=50) - 1) < 0.1
    assert abs(quantile(counts, 0.9) / timedelta(minutes=90) - 1) < 0.1


def test_of_no_waits_nothing_is_known():
    assert waits.quantile({}, 0.5) is None
    assert waits.usual({}, {}) is None
    assert waits.usual({}, steps(timedelta(hours=1))) is None


def test_a_wait_that_never_was_and_one_before_its_time_count_as_the_shortest():
    assert waits.step_of(timedelta(0)) == waits.step_of(timedelta(seconds=-5)) == 0


def test_the_usual_wait_is_the_median_where_nothing_waits():
    decided = steps(*(timedelta(minutes=each) for each in range(1, 101)))
    assert abs(usual(decided, {}) / quantile(decided, 0.5) - 1) < 0.05


def test_what_is_left_lying_makes_the_usual_wait_longer():
    decided = steps(*[timedelta(minutes=10)] * 60, *[timedelta(hours=5)] * 40)
    lying = steps(*[timedelta(hours=4)] * 50)
    assert usual(decided, {}) < timedelta(minutes=12)
    assert usual(decided, lying) > timedelta(hours=4)


def test_what_has_only_just_come_in_says_nothing_of_the_wait():
    decided = steps(*[timedelta(minutes=30)] * 100)
    fresh = steps(*[timedelta(minutes=1)] * 500)
    assert abs(usual(decided, fresh) / timedelta(minutes=30) - 1) < 0.05


def test_no_usual_wait_is_told_where_most_are_left_lying():
    decided, lying = steps(*[timedelta(minutes=5)] * 30), steps(*[timedelta(days=9)] * 31)
    assert waits.usual(decided, lying) is None


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        ({"seconds": 3}, "1 minute"),
        ({"minutes": 7}, "7 minutes"),
        ({"minutes": 23}, "25 minutes"),
        ({"minutes": 60}, "1 hour"),
        ({"minutes": 80}, "80 minutes"),
        ({"minutes": 100}, "2 hours"),
        ({"hours": 20}, "20 hours"),
        ({"hours": 24}, "1 day"),
        ({"hours": 30}, "30 hours"),
        ({"days": 4, "hours": 3}, "4 days"),
    ],
)
def test_a_wait_is_told_as_people_say_it(wait, words):
    assert waits.in_words(timedelta(**wait)) == words
