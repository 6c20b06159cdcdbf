"""Bars on a scale of powers of ten, as an SVG that stands alone: for the pages of docs/."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

LEFT, RIGHT, TOP, LINE, WIDTH = 330, 90, 64, 26, 900
type Scale = Callable[[float], float]

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
    values += [each.at_most for each in drawn if each.at_most]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    height = TOP + LINE * len(drawn) + 34

    def x(value: float) -> float:
        share = (math.log10(max(value, 10**low)) - low) / max(high - low, 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="17" font-weight="600">{escape(title)}</text>',
        f'<text x="16" y="46" fill="#555555">{escape(unit)}</text>',
    ]
    for power in range(low, high + 1):
        at = x(10**power)
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 6}" y2="{height - 28}" '
            'stroke="#e2e6e9"/>'
        )
        parts.append(
            f'<text x="{at:.1f}" y="{height - 12}" text-anchor="middle" fill="#555555">'
            f"{_number(10**power)}</text>"
        )
    for place, each in enumerate(drawn):
        parts += _bar(each, TOP + place * LINE, x)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(each: Drawn, top: int, x: Scale) -> list[str]:
    end, middle = x(each.value), top + LINE - 11
    found = [
        f'<text x="{LEFT - 10}" y="{middle}" text-anchor="end" fill="#1a1a1a">'
        f"{escape(each.name)}</text>",
        f'<rect x="{LEFT}" y="{top + 2}" width="{max(end - LEFT, 1):.1f}" height="{LINE - 8}" '
        f'fill="{COLOURS[each.kind]}"/>',
        f'<text x="{end + 6:.1f}" y="{middle}" fill="#1a1a1a">{_number(each.value)}</text>',
    ]
    if each.at_most:
        at = x(each.at_most)
        found.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top - 1}" y2="{top + LINE - 3}" '
            'stroke="#c0392b" stroke-width="2.5"/>'
        )
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
