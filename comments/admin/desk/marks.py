"""The text of a reply with what the rules saw in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comments.models import Finding


@dataclass(frozen=True)
class Part:
    """A stretch of the text, and the numbers of the findings that are about it."""

    text: str
    numbers: tuple[int, ...] = ()

    @property
    def ends(self) -> str:
        return " ".join(map(str, self.numbers))


def marked(text: str, findings: Iterable[Finding]) -> Iterator[Part]:
    """`text` (what readers see of a reply) in parts, where findings may overlap.

    A finding has the number of its place in `findings`, from 1 on. Of a span that lies outside
    the text only what is inside counts.
    """
    spans = []
    for number, finding in enumerate(findings, start=1):
        if finding.start is not None and finding.end is not None:
            start, end = min(finding.start, len(text)), min(finding.end, len(text))
            if start < end:
                spans.append((start, end, number))
    cuts = sorted({0, len(text), *(place for span in spans for place in span[:2])})
    for start, end in zip(cuts, cuts[1:], strict=False):
        numbers = tuple(number for begin, stop, number in spans if begin <= start < stop)
        yield Part(text[start:end], numbers)
