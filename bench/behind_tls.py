"""The newsroom behind nginx as TLS proxy, with the configuration that is shipped."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.readers import Effort
from bench.rows import Row
from bench.wrk import NotInstalled
from tests.running import ROOT

CONFIGURATION = ROOT / "deploy" / "nginx.conf"


@contextmanager
def started(state: Path, size: str) -> Iterator[Any]:
    raise NotInstalled(f"{CONFIGURATION} is not there")
    yield


def stored(server: Any, effort: Effort) -> list[Row]:
    return []
