import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.machine.browser import browser as find_browser
from tests.running import FirstStart, Running, in_language, started_once

# Chromium looks for updates and the like at once; a test machine may have no network.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
QUIET += ["--disable-component-update", "--disable-sync", "--disable-quic"]


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """Of the demo newsroom, by whichever process of this run needs it first."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    return started_once(folder)


@pytest.fixture(scope="session")
def newsroom(
    tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[Running]:
    """The demo newsroom, running: one for all browser tests, which leave each other in peace."""
    with first_start.again(tmp_path_factory.mktemp("newsroom")) as started:
        yield started


@pytest.fixture(scope="session")
def in_japanese(newsroom: Running) -> Iterator[Running]:
    """The same newsroom, with its interface in Japanese."""
    with in_language(newsroom, "ja") as started:
        yield started


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = find_browser()
    own = {"executable_path": str(path)} if path else {}
    return browser_type_launch_args | own | {"args": QUIET}
