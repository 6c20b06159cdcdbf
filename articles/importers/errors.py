"""What importers raise, with where it happened."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in the input something stands: the name of the file, the line from 1 on (0: not known),
    and what it belongs to, such as “post 17”."""

    file: str = ""
    line: int = 0
    item: str = ""

    def __str__(self) -> str:
        parts = [self.file, f"line {self.line}" if self.line else "", self.item]
        return ", ".join(part for part in parts if part)


class Refused(Exception):
    """The input, or what is left of it from this place on, cannot be read; the reason is a sentence
    for whoever sent it."""

    def __init__(self, reason: str, place: Place | None = None) -> None:
        self.reason = reason
        self.place = place or Place()
        super().__init__(f"{self.place}: {reason}" if str(self.place) else reason)
