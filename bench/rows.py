"""What was measured, and the bars it is held against."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench.wrk import Sample


@dataclass(frozen=True)
class Bar:
    """What a figure may be `at_most`, or must be `at_least`; `of` is its name in the row."""

    of: str
    at_most: float | None = None
    at_least: float | None = None
    unit: str = "ms"

    def is_met(self, values: dict[str, float]) -> bool:
        value = values[self.of]
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is None or value <= self.at_most

    def __str__(self) -> str:
        sign, value = ("≥", self.at_least) if self.at_most is None else ("≤", self.at_most)
        return f"{NAMES[self.of]} {sign} {value:g} {self.unit}"


# The columns of the table, and what the figures are called in a sentence.
NAMES = {
    "cpu": "CPU",
    "per_second": "requests/s",
    "p50": "median",
    "p99": "p99",
    "size": "answer",
    "share": "share of nginx",
    "megabytes": "memory",
}


@dataclass
class Row:
    """One line of the table: medians of `runs`, of which each has the same names.

    `cpu`, `p50` and `p99` are milliseconds, of all the processes of the server, and as the client
    waited; `size` is bytes, `share` per cent.
    """

    what: str
    group: str
    runs: list[dict[str, float]]
    bars: tuple[Bar, ...] = ()
    note: str = ""
    values: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        names = self.runs[0]
        self.values = {name: median(each[name] for each in self.runs) for name in names}

    @property
    def missed(self) -> list[Bar]:
        return [bar for bar in self.bars if not bar.is_met(self.values)]

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "group": self.group,
            "median": {name: round(value, 4) for name, value in self.values.items()},
            "runs": [{name: round(value, 4) for name, value in each.items()} for each in self.runs],
            "bars": [{"bar": str(bar), "met": bar.is_met(self.values)} for bar in self.bars],
            "note": self.note,
        }


def row(what: str, group: str, samples: Sequence[Sample], *bars: Bar, note: str = "") -> Row:
    return Row(what, group, [asdict(each) for each in samples], bars, note)
