"""Whether a text still holds words that were removed from a piece.

A sentence that had to go stood in several versions, mostly with other words changed around it. So
runs of a few words are looked for, as they read without markup.
"""

from collections.abc import Iterable
from typing import Any

from articles import body_text
from articles.text_blocks import blocks_of_html, blocks_of_text

RUN = 5  # words; twice as many signs where there are no spaces
MOST_RUNS = 400
TEXTS = ("headline", "standfirst", "dateline", "lead_alt", "lead_caption", "desk_notes")


def removed_runs(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Of the words of `before`, a content (articles/content.py), those that `now` has no more."""
    stands = text_of(now)
    runs = dict.fromkeys(run for run in _runs(before) if run not in stands)
    step = len(runs) // MOST_RUNS + 1
    return list(runs)[::step]


def first_held(text: str, runs: Iterable[str]) -> str:
    """The first of the `runs` that stands in the text; empty where none does."""
    return next((run for run in runs if run in text), "")


def text_of(content: dict[str, Any]) -> str:
    """The words of a content, or of the fields of a form as they were typed."""
    texts = [_typed(content.get(name, "")) for name in TEXTS]
    texts.append(body_text.text_of(_typed(content.get("body", ""))))
    return "\n".join(" ".join(line.split()) for text in texts for line in text.split("\n"))


def _runs(content: dict[str, Any]) -> Iterable[str]:
    blocks = [*blocks_of_html(content.get("body", ""))]
    for name in TEXTS:
        blocks += blocks_of_text(content.get(name, ""))
    for block in blocks:
        words = [word.text for word in block.words]
        size = RUN if any(word.endswith(" ") for word in words) else 2 * RUN
        for start in range(max(1, len(words) - size + 1)):
            run = " ".join("".join(words[start : start + size]).split())
            if len(run) > RUN:
                yield run


def _typed(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
