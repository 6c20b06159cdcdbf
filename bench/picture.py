"""Bars on a scale of powers of ten, as a picture for the pages of docs/."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.scale import FOOT, LEFT, OVER_THE_LIMIT, Scale, framed, number, text

TOP, LINE, RIGHT = 64, 26, 90
OF_A_LETTER, GAP = 7.5, 6  # as wide as a digit of a figure is at most; between bar and figure
COLOURS = {"ours": "#1f6f8b", "fresh": "#58a6c2", "peer": "#b3bcc4"}


@dataclass(frozen=True)
class Drawn:
    """One bar; `at_most` is where its mark stands that it should not pass."""

    name: str
    value: float
    kind: str = "ours"
    at_most: float | None = None


def bars(title: str, unit: str, drawn: Sequence[Drawn]) -> str:
    values = [each.value for each in drawn if each.value > 0]
    scale = Scale.of([*values, *(each.at_most for each in drawn if each.at_most)], right=RIGHT)
    height = TOP + LINE * len(drawn) + FOOT
    parts = [text(unit, 16, 46, colour="#555555"), *scale.lines(TOP - 6, height)]
    for place, each in enumerate(drawn):
        parts += _bar(each, TOP + place * LINE, scale)
    return framed(title, height, 13, parts)


def _bar(each: Drawn, top: int, scale: Scale) -> list[str]:
    end, middle = scale.x(each.value), top + LINE - 11
    mark = scale.x(each.at_most) if each.at_most else None
    figure = number(each.value)
    found = [
        text(each.name, LEFT - 10, middle, anchor="end"),
        f'<rect x="{LEFT}" y="{top + 2}" width="{max(end - LEFT, 1):.1f}" height="{LINE - 8}" '
        f'fill="{COLOURS[each.kind]}"/>',
        text(figure, _beside(end, mark, figure), middle),
    ]
    if mark:
        found.append(
            f'<line x1="{mark:.1f}" x2="{mark:.1f}" y1="{top - 1}" y2="{top + LINE - 3}" '
            f'stroke="{OVER_THE_LIMIT}" stroke-width="2.5"/>'
        )
    return found


def _beside(end: float, mark: float | None, figure: str) -> float:
    """Where the figure begins: behind the bar, and behind the mark where that would cross it."""
    begin = end + GAP
    if mark and begin - GAP < mark < begin + OF_A_LETTER * len(figure) + GAP:
        return mark + GAP
    return begin
