"""Measures newspapers of several sizes against each other: see the package."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.growth.chart import Line, chart
from bench.newsrooms import newspaper
from bench.progress import Progress
from bench.report import machine
from tests.running import ROOT, environment

ALLOWED = 1.5  # times what a page took in the smallest newspaper
SIZES = ["10k", "100k", "1m"]
MARK = "newspaper.json"  # that bench.newspaper leaves


@dataclass(frozen=True)
class Grown:
    """One page in each newspaper, from the smallest to the largest: milliseconds, and queries."""

    what: str
    by: str
    why: str
    cpu: tuple[float, ...]
    queries: tuple[int, ...]
    size: tuple[int, ...]

    @property
    def growth(self) -> float:
        return self.cpu[-1] / self.cpu[0]

    @property
    def is_flat(self) -> bool:
        return self.growth <= ALLOWED

    @property
    def is_readers(self) -> bool:
        return self.by == "reader"

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "by": self.by,
            "cpu": [round(each, 3) for each in self.cpu],
            "queries": self.queries,
            "bytes": self.size,
            "growth": round(self.growth, 3),
            "flat": self.is_flat,
            "why": self.why,
        }


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
    parser.add_argument("--output", type=Path, default=ROOT / "docs", help="for JSON and picture")
    given = parser.parse_args()
    states = given.states or [newspaper(given.place, size) / "state" for size in given.sizes]
    sizes = [f"{json.loads((each / MARK).read_text())['pieces']:,}" for each in states]
    grown = measure(states, given.rounds, given.times, given.only)
    print(table(sizes, grown))
    if not given.only:
        conditions = {"pieces": sizes, "rounds": given.rounds, "times": given.times}
        found = {"conditions": machine() | conditions, "pages": [each.as_json() for each in grown]}
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        (given.output / "growth.json").write_text(text)
        (given.output / "growth.svg").write_text(picture(sizes, grown))
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


def table(sizes: Sequence[str], grown: Sequence[Grown]) -> str:
    """CPU ms in each newspaper, how much more it is in the largest, and the queries there."""
    lines = [f"{'CPU ms':48}" + "".join(f"{size:>10}" for size in sizes) + "    growth  queries"]
    for each in grown:
        took = "".join(f"{value:>10.2f}" for value in each.cpu)
        said = "" if each.is_flat else f"NOT FLAT {each.why}"
        bar = said if each.is_readers else "desk: no bar"
        lines.append(
            f"{each.what:48}{took}{each.growth:>9.2f}×{each.queries[-1]:>9}  {bar}".rstrip()
        )
    return "\n".join(lines)


def picture(sizes: Sequence[str], grown: Sequence[Grown]) -> str:
    return chart(
        "Milliseconds of a processor for a page drawn anew, as the archive grows",
        [f"{size} pieces" for size in sizes],
        [
            Line(each.what, each.cpu, is_above=each.is_readers and not each.is_flat)
            for each in grown
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
