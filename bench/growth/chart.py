"""Each page as a line with a mark for each newspaper, on a scale of powers of ten, as a picture.

Where the marks lie upon each other, nothing grows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.scale import FOOT, LEFT, OVER_THE_LIMIT, WIDTH, Scale, framed, text

TOP, LINE, RIGHT = 84, 19, 80
COLOURS = ("#9ec9d9", "#4792ad", "#12475a")


@dataclass(frozen=True)
class Line:
    """`is_above`: it grows more than it may."""

    name: str
    values: tuple[float, ...]
    is_above: bool = False


def chart(title: str, kinds: Sequence[str], lines: Sequence[Line]) -> str:
    """`kinds` are what the values of each line stand for."""
    scale = Scale.of((value for line in lines for value in line.values), right=RIGHT)
    height = TOP + LINE * len(lines) + FOOT
    parts = [*_key(kinds), *scale.lines(TOP - 8, height, unit=" ms")]
    for place, line in enumerate(lines):
        places = [scale.x(value) for value in line.values]
        parts += _line(line, TOP + place * LINE + LINE / 2, places)
    return framed(title, height, 12, parts)


def _key(kinds: Sequence[str]) -> list[str]:
    return [
        f'<circle cx="{22 + 130 * place}" cy="48" r="5" fill="{colour}"/>'
        + text(kind, 32 + 130 * place, 52, colour="#333333")
        for place, (kind, colour) in enumerate(zip(kinds, COLOURS, strict=False))
    ]


def _line(line: Line, y: float, places: Sequence[float]) -> list[str]:
    colour = OVER_THE_LIMIT if line.is_above else "#1a1a1a"
    growth = line.values[-1] / line.values[0]
    return [
        text(line.name, LEFT - 12, y + 4, anchor="end", colour=colour),
        f'<line x1="{min(places):.1f}" x2="{max(places):.1f}" y1="{y:.1f}" y2="{y:.1f}" '
        'stroke="#9aa5ad" stroke-width="2"/>',
        *(
            f'<circle cx="{at:.1f}" cy="{y:.1f}" r="4.5" fill="{COLOURS[place]}"/>'
            for place, at in enumerate(places)
        ),
        text(f"{growth:.2f} ×", WIDTH - 16, y + 4, anchor="end", colour=colour),
    ]
