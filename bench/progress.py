"""How far something long has got: a bar on a terminal, a line now and then elsewhere."""

import sys
import time

WIDTH = 30
SECONDS_BETWEEN_LINES = 15.0
SECONDS_BETWEEN_DRAWINGS = 0.1


class Progress:
    """`bar = Progress("pieces", 10_000)`, then `bar.at(2_000)` until it stands at the total."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, max(total, 1), 0
        self.is_ended = False
        self.begun = self.told = time.monotonic()

    def at(self, done: int, now: str = "") -> None:
        """`now` says what is going on."""
        self.done = done
        on_terminal = sys.stderr.isatty()
        pause = SECONDS_BETWEEN_DRAWINGS if on_terminal else SECONDS_BETWEEN_LINES
        ends = done >= self.total
        if self.is_ended or not (now and on_terminal or ends or self._passed() > pause):
            return
        self.told, self.is_ended = time.monotonic(), ends
        filled = WIDTH * min(done, self.total) // self.total
        bar = "█" * filled + "░" * (WIDTH - filled)
        took = f"{self.told - self.begun:5.0f} s"
        line = f"{self.what:16.16} {bar} {done:>10,} of {self.total:<10,} {took}  {now:34.34}"
        start, end = ("\r", "\n" if ends else "") if on_terminal else ("", "\n")
        print(
            start + (line if on_terminal else line.rstrip()), end=end, file=sys.stderr, flush=True
        )

    def step(self, now: str = "") -> None:
        self.at(self.done + 1, now)

    def _passed(self) -> float:
        return time.monotonic() - self.told
