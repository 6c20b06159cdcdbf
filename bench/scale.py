"""A scale of powers of ten, and the frame around it, as an SVG that stands alone: for docs/."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

LEFT, WIDTH, FOOT = 330, 900, 34
OVER_THE_LIMIT = "#c0392b"


@dataclass(frozen=True)
class Scale:
    """From the power of ten below the least value to the one above the greatest; `right` is left
    free beside it."""

    low: int
    high: int
    right: int

    @classmethod
    def of(cls, values: Iterable[float], *, right: int) -> "Scale":
        found = list(values)
        low, high = math.floor(math.log10(min(found))), math.ceil(math.log10(max(found)))
        return cls(low, max(high, low + 1), right)

    def x(self, value: float) -> float:
        share = (math.log10(max(value, 10**self.low)) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - self.right)

    def lines(self, top: int, height: int, unit: str = "") -> Iterator[str]:
        """An upright line at each power of ten, with its number below."""
        for power in range(self.low, self.high + 1):
            at = self.x(10**power)
            yield (
                f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{height - 28}" '
                'stroke="#e2e6e9"/>'
                f'<text x="{at:.1f}" y="{height - 12}" text-anchor="middle" fill="#555555">'
                f"{number(10**power)}{unit}</text>"
            )


def framed(title: str, height: int, size: int, parts: Sequence[str]) -> str:
    """The parts as a picture of this height, with letters of this size."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="{size}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="17" font-weight="600">{escape(title)}</text>',
        *parts,
        "</svg>\n",
    ])  # fmt: skip


def text(words: str, x: float, y: float, *, anchor: str = "start", colour: str = "#1a1a1a") -> str:
    at_end = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{at_end} fill="{colour}">{escape(words)}</text>'


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
