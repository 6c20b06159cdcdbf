"""What was measured of growing newspapers: as a table, as a page of docs/, and as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.growth.chart import Line, chart

ALLOWED = 1.5  # times what a page took in the smallest newspaper


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


def markdown(sizes: Sequence[str], grown: Sequence[Grown], conditions: dict[str, Any]) -> str:
    """The page docs/growth.md; it says itself where it comes from."""
    readers = [each for each in grown if each.is_readers]
    flat = sum(each.is_flat for each in readers)
    head = f"| | {' | '.join(f'{size} pieces' for size in sizes)} | growth | queries | |"
    given = conditions
    lines = [
        "# Growth",
        "",
        "Milliseconds of a processor for a page that is drawn anew, the page store passed by, in",
        "newspapers of so many pieces and ten times as many replies, a hundred pieces a day.",
        f"Medians of {given['rounds']} rounds, in which all newspapers had their turn; the web",
        "server's own part, always the same, is left out. `python -m bench.growth` measures it",
        "again, and writes this page.",
        "",
        f"Commit {given['commit']}, {given['at'][:10]}, {given['processors']} processors, Python",
        f"{given['python']}, SQLite; load of the machine afterwards: {given['load']}. Of",
        f"{len(readers)} things that readers ask for, {flat} take at most {ALLOWED} times as long",
        "in the largest as in the smallest; beside each other one stands why.",
        "",
        "![The same as a picture](growth.svg)",
        "",
        head,
        f"|---|{'---|' * (len(sizes) + 3)}",
    ]
    for each in grown:
        took = " | ".join(f"{value:.1f}" for value in each.cpu)
        said = "" if each.is_flat else each.why if each.is_readers else "the desk: no bar"
        lines.append(
            f"| {each.what} | {took} | {each.growth:.2f} × | {each.queries[-1]} | {said} |"
        )
    return "\n".join(lines) + "\n"
