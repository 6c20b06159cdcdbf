"""The geometry of the charts that the server draws, as SVG that fits any width.

Across, places are percentages of the chart, and down they are pixels: so a chart has no scale of
its own, and its letters are as large on a phone as on a screen. Lines, which know no percentages,
are drawn in a box of WIDE units that is stretched. Nothing here knows what is counted.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from comments import waits
from newsroom.moments import grouped

TOP, BOTTOM = 14, 210  # of what is drawn; the names of the days stand below
HEIGHT = 240
WIDE = 1000
GAP = 0.22  # of a column, left between it and the next
MOST_NAMES = 7  # across
ROUND_STEPS = (1, 2, 2.5, 5, 10)
# Of a scale of waits.
ROUND_WAITS = tuple(
    timedelta(minutes=each) for each in (1, 10, 60, 360, 1440, 4320, 10080, 43200, 129600)
)


@dataclass(frozen=True)
class Tick:
    """A line across, and what it stands for."""

    y: str
    label: str

    @property
    def above(self) -> str:
        return _number(float(self.y) + 4)


@dataclass(frozen=True)
class Name:
    """What stands below a column; charts that are narrower leave those of higher levels out."""

    x: str
    anchor: str
    label: str
    level: int  # 0 to 2


@dataclass(frozen=True)
class Box:
    """One part of a column, from `y` down."""

    y: str
    height: str
    kind: str


@dataclass(frozen=True)
class Slot:
    """One day's place: what is drawn there, and what is said of it."""

    left: str
    width: str
    inner_left: str
    inner_width: str
    middle: str
    said: str
    boxes: tuple[Box, ...] = ()
    dots: tuple[tuple[str, str], ...] = ()  # y, kind


@dataclass(frozen=True)
class Line:
    """The points of a line in a box of WIDE units, or of an area."""

    points: str
    kind: str


@dataclass(frozen=True)
class Chart:
    """What a template draws: places in a box of `wide` × `height` units, or in percent of it."""

    ticks: tuple[Tick, ...]
    names: tuple[Name, ...]
    slots: tuple[Slot, ...]
    lines: tuple[Line, ...] = ()
    areas: tuple[Line, ...] = ()
    height: int = HEIGHT
    bottom: int = BOTTOM
    wide: int = WIDE
    shows_dots: bool = False


def columns(
    names: Sequence[str],
    parts: Sequence[Sequence[tuple[str, int]]],
    line: Sequence[int],
    said: Sequence[str],
    *,
    line_kind: str,
) -> Chart:
    """A column for each of `names`, of parts one upon the other, and a line over all of them."""
    highest = max([1, *line, *(sum(number for _, number in each) for each in parts)])
    step = _round_step(highest)
    top = step * math.ceil(highest / step)
    height = (BOTTOM - TOP) / top

    def y(value: float) -> float:
        return BOTTOM - value * height

    slots = []
    for place, each in enumerate(parts):
        boxes, below = [], 0
        for kind, number in each:
            if number:
                boxes.append(Box(_number(y(below + number)), _number(number * height), kind))
            below += number
        slots.append(_slot(place, len(names), said[place], boxes=tuple(boxes)))
    points = " ".join(_point(place, len(names), y(value)) for place, value in enumerate(line))
    return Chart(
        ticks=tuple(Tick(_number(y(value)), grouped(value)) for value in range(0, top + 1, step)),
        names=_names(names),
        slots=tuple(slots),
        lines=(Line(points, line_kind),),
    )


def wait_lines(
    names: Sequence[str],
    values: Sequence[tuple[timedelta | None, timedelta | None]],
    said: Sequence[str],
    *,
    kinds: tuple[str, str],
) -> Chart:
    """Two lines, the lower and the upper one of each pair, on a scale on which ten minutes are as
    far from an hour as an hour from six. Days without a value leave a gap."""
    known = [each for pair in values for each in pair if each is not None]
    longest = max([timedelta(hours=1), *known])
    bounds = [each for each in ROUND_WAITS if each <= longest]
    upper = next((each for each in ROUND_WAITS if each > longest), ROUND_WAITS[-1])
    bounds.append(upper)
    y = _scale_of_waits(bounds[0], max(upper, longest))
    slots = []
    for place, pair in enumerate(values):
        dots = tuple(
            (_number(y(value)), kind)
            for value, kind in zip(pair, kinds, strict=True)
            if value is not None
        )
        slots.append(_slot(place, len(names), said[place], dots=dots))
    lines, areas = [], []
    for run in _runs([None not in pair for pair in values]):
        low = [_point(place, len(names), y(values[place][0])) for place in run]
        high = [_point(place, len(names), y(values[place][1])) for place in run]
        lines += [Line(" ".join(low), kinds[0]), Line(" ".join(high), kinds[1])]
        areas.append(Line(" ".join([*low, *reversed(high)]), "between"))
    return Chart(
        ticks=tuple(Tick(_number(y(each)), waits.in_words(each)) for each in bounds),
        names=_names(names),
        slots=tuple(slots),
        lines=tuple(lines),
        areas=tuple(areas),
        shows_dots=len(names) <= 31,
    )


def percent_lines(
    names: Mapping[int, str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    said: Sequence[str],
) -> Chart:
    """A line for each of `series`, of percentages; where one has no value, a gap. `names` stand
    below the places that they are given for."""

    def y(value: float) -> float:
        return BOTTOM - value / 100 * (BOTTOM - TOP)

    count, lines = len(said), []
    for kind, values in series:
        for run in _runs([value is not None for value in values]):
            points = " ".join(_point(place, count, y(values[place] or 0)) for place in run)
            lines.append(Line(points, kind))
    return Chart(
        ticks=tuple(Tick(_number(y(value)), f"{value} %") for value in range(0, 101, 25)),
        names=tuple(_name(place, count, label, level=0) for place, label in names.items()),
        slots=tuple(_slot(place, count, text) for place, text in enumerate(said)),
        lines=tuple(lines),
    )


def share_of(number: float, most: float) -> str:
    """How long a bar is, in percent; not so short that it can't be seen."""
    if not number or not most:
        return "0%"
    return f"{_number(max(100 * number / most, 0.6))}%"


def _scale_of_waits(lowest: timedelta, highest: timedelta) -> "Callable[[timedelta | None], float]":
    low, high = (math.log(each.total_seconds()) for each in (lowest, highest))

    def y(wait: timedelta | None) -> float:
        seconds = max(wait.total_seconds() if wait else 0, lowest.total_seconds())
        return BOTTOM - (math.log(seconds) - low) / (high - low) * (BOTTOM - TOP)

    return y


def _round_step(highest: int) -> int:
    """Between three and six steps to the top."""
    rough = max(highest / 4, 1)
    power: float = 10 ** math.floor(math.log10(rough))
    steps = (each * power for each in ROUND_STEPS)
    return max(1, round(next(each for each in steps if each >= rough)))


def _slot(
    place: int,
    count: int,
    said: str,
    *,
    boxes: tuple[Box, ...] = (),
    dots: tuple[tuple[str, str], ...] = (),
) -> Slot:
    width = 100 / count
    return Slot(
        left=f"{_number(place * width)}%",
        width=f"{_number(width)}%",
        inner_left=f"{_number((place + GAP / 2) * width)}%",
        inner_width=f"{_number((1 - GAP) * width)}%",
        middle=f"{_number((place + 0.5) * width)}%",
        said=said,
        boxes=boxes,
        dots=dots,
    )


def _names(names: Sequence[str]) -> tuple[Name, ...]:
    """As many as there is room for, the last one always."""
    every = max(1, math.ceil(len(names) / MOST_NAMES))
    named = list(range(len(names) - 1, -1, -every))
    found = []
    for number, place in enumerate(named):
        level = 2 if number % 2 else 1 if number % 4 else 0
        found.append(_name(place, len(names), names[place], level=level))
    return tuple(reversed(found))


def _name(place: int, count: int, label: str, *, level: int) -> Name:
    x = (place + 0.5) / count * 100
    anchor = "start" if x < 8 else "end" if x > 92 else "middle"
    x = 0 if anchor == "start" else 100 if anchor == "end" else x
    return Name(f"{_number(x)}%", anchor, label, level)


def _point(place: int, count: int, y: float) -> str:
    return f"{_number((place + 0.5) / count * WIDE)},{_number(y)}"


def _runs(there: Sequence[bool]) -> list[list[int]]:
    """The places of those that follow one another."""
    runs: list[list[int]] = []
    for place, is_there in enumerate(there):
        if is_there and place and there[place - 1]:
            runs[-1].append(place)
        elif is_there:
            runs.append([place])
    return runs


def _number(value: float) -> str:
    """As SVG writes it, in every language."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
