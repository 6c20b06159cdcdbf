"""Measures newspapers of several sizes against each other: see the package."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.growth.report import Grown, markdown, picture, table
from bench.newsrooms import newspaper
from bench.progress import Progress
from bench.report import machine
from tests.running import ROOT, environment

SIZES = ["10k", "100k", "1m"]
MARK = "newspaper.json"  # that bench.newspaper leaves


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="smallest first")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=5, help="how often each page in a round")
    parser.add_argument("--only", default="", help="pages in whose name this stands")
    parser.add_argument(
        "--states", nargs="+", type=Path, help="those of newspapers that are there already"
    )
    parser.add_argument(
        "--place", type=Path, default=Path(tempfile.gettempdir()) / "newspapers",
        help="where the newspapers are, or are made",
    )  # fmt: skip
    parser.add_argument(
        "--output", type=Path, default=ROOT / "docs", help="for page, picture, JSON"
    )
    given = parser.parse_args()
    states = given.states or [newspaper(given.place, size) / "state" for size in given.sizes]
    sizes = [f"{json.loads((each / MARK).read_text())['pieces']:,}" for each in states]
    grown = measure(states, given.rounds, given.times, given.only)
    print(table(sizes, grown))
    if not given.only:
        conditions = {"pieces": sizes, "rounds": given.rounds, "times": given.times} | machine()
        found = {"conditions": conditions, "pages": [each.as_json() for each in grown]}
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        (given.output / "growth.json").write_text(text)
        (given.output / "growth.svg").write_text(picture(sizes, grown))
        (given.output / "growth.md").write_text(markdown(sizes, grown, conditions))
    return int(any(each.is_readers and not each.is_flat and not each.why for each in grown))


def measure(states: Sequence[Path], rounds: int, times: int, only: str) -> list[Grown]:
    """Medians of the rounds, in each of which all newspapers have their turn: what else the machine
    does meanwhile is shared among them."""
    progress = Progress("rounds", rounds * len(states))
    runs: list[list[dict[str, Any]]] = [[] for _ in states]
    for _ in range(rounds):
        for state, found in zip(states, runs, strict=True):
            found.append({each["what"]: each for each in _measured(state, times, only)})
            progress.step()
    grown = []
    for what, first in runs[0][0].items():
        of_all = [[each[what] for each in found] for found in runs]
        grown.append(
            Grown(
                what,
                first["by"],
                first["why"],
                tuple(median(each["cpu"] for each in of_one) for of_one in of_all),
                tuple(of_one[0]["queries"] for of_one in of_all),
                tuple(of_one[0]["size"] for of_one in of_all),
            )
        )
    return grown


def _measured(state: Path, times: int, only: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "bench.growth.measuring", f"--times={times}"]
    done = subprocess.run(
        [*command, f"--only={only}"],
        cwd=ROOT,
        env=environment(state, 8000, NEWSROOM_DEMO="0", DJANGO_SETTINGS_MODULE="newsroom.settings"),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
