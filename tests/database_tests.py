"""Leaves out what comes out alike on every database: with `-p`, for a run on a second one.

Tests that ask for no database: pytest-django refuses it to them. And, but in `make soak`, most
cases of a test that has many: they send other words the same way. Where the database decides on
them, the test is marked with `each_case`.
"""

from collections import defaultdict

import pytest

from tests.soak import FULL

ASKING = {"db", "transactional_db", "live_server"}
MOST_CASES = 2  # of one test: the first and the last


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asking = [item for item in items if _asks_for_a_database(item)]
    kept = asking if FULL else _some_cases(asking)
    others = set(items).difference(kept)
    items[:] = kept
    config.hook.pytest_deselected(items=list(others))


def _some_cases(items: list[pytest.Item]) -> list[pytest.Item]:
    cases = defaultdict(list)
    for item in items:
        cases[item.nodeid.partition("[")[0]].append(item)
    left_out = {
        item
        for of_one_test in cases.values()
        for item in of_one_test[MOST_CASES - 1 : -1]
        if item.get_closest_marker("each_case") is None
    }
    return [item for item in items if item not in left_out]


def _asks_for_a_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not ASKING.isdisjoint(fixtures)
