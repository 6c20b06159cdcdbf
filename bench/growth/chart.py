"""Each page as a line with a mark for each newspaper, on a scale of powers of ten, as SVG.

Where the marks lie upon each other, nothing grows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

LEFT, RIGHT, TOP, LINE, WIDTH = 330, 80, 84, 19, 900
COLOURS = ("#9ec9d9", "#4792ad", "#12475a")
ABOVE = "#c0392b"


@dataclass(frozen=True)
class Line:
    """`is_above`: it grows more than it may."""

    name: str
    values: tuple[float, ...]
    is_above: bool = False


def chart(title: str, kinds: Sequence[str], lines: Sequence[Line]) -> str:
    """`kinds` are what the values of each line stand for."""
    values = [value for line in lines for value in line.values]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    height = TOP + LINE * len(lines) + 34

    def x(value: float) -> float:
        return LEFT + (math.log10(value) - low) / max(high - low, 1) * (WIDTH - LEFT - RIGHT)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="17" font-weight="600">{escape(title)}</text>',
        *_key(kinds),
    ]
    for power in range(low, high + 1):
        at = x(10**power)
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 8}" y2="{height - 28}" '
            'stroke="#e2e6e9"/>'
            f'<text x="{at:.1f}" y="{height - 12}" text-anchor="middle" fill="#555555">'
            f"{10**power:g} ms</text>"
        )
    for place, line in enumerate(lines):
        parts += _line(line, TOP + place * LINE + LINE / 2, [x(value) for value in line.values])
    return "\n".join([*parts, "</svg>"]) + "\n"


def _key(kinds: Sequence[str]) -> list[str]:
    return [
        f'<circle cx="{22 + 130 * place}" cy="48" r="5" fill="{colour}"/>'
        f'<text x="{32 + 130 * place}" y="52" fill="#333333">{escape(kind)}</text>'
        for place, (kind, colour) in enumerate(zip(kinds, COLOURS, strict=False))
    ]


def _line(line: Line, y: float, places: Sequence[float]) -> list[str]:
    colour = ABOVE if line.is_above else "#1a1a1a"
    marks = [
        f'<circle cx="{at:.1f}" cy="{y:.1f}" r="4.5" fill="{COLOURS[number]}"/>'
        for number, at in enumerate(places)
    ]
    growth = line.values[-1] / line.values[0]
    return [
        f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end" fill="{colour}">'
        f"{escape(line.name)}</text>",
        f'<line x1="{min(places):.1f}" x2="{max(places):.1f}" y1="{y:.1f}" y2="{y:.1f}" '
        'stroke="#9aa5ad" stroke-width="2"/>',
        *marks,
        f'<text x="{WIDTH - 16}" y="{y + 4:.1f}" text-anchor="end" fill="{colour}">'
        f"{growth:.2f} ×</text>",
    ]
