"""The words of a text, as they are learned and shown."""

import re
import unicodedata
from collections.abc import Iterator

MOST = 200  # words of a text that are read: so is the memory bounded that learning takes
LONGEST_WORD = 40
LONG_NUMBER = 5  # digits, from which a number says no more than that it is one
SPELT_NUMBER = re.compile(r"(?<!\w)\d(?:[\s./()-]{0,2}\d){4}")

# Scripts that are written without spaces: two signs stand for a word there.
DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U000323af"
)
RUNS = re.compile(rf"(?P<dense>[{DENSE}]+)|(?:(?![{DENSE}])\w)+(?:['’](?:(?![{DENSE}])\w)+)*")


def words_of(text: str) -> list[str]:
    """The first MOST words of `text`, in small letters. Long numbers aren't among them."""
    found: list[str] = []
    for word in _words(unicodedata.normalize("NFKC", text).casefold()):
        if len(found) == MOST:
            break
        found.append(word)
    return found


def has_long_number(text: str) -> bool:
    return SPELT_NUMBER.search(text) is not None


def with_pairs(words: list[str]) -> list[str]:
    """The words, and each with the one that follows."""
    return [*words, *(" ".join(pair) for pair in zip(words, words[1:], strict=False))]


def _words(text: str) -> Iterator[str]:
    for match in RUNS.finditer(text):
        run = match[0]
        if match["dense"]:
            yield from (run[at : at + 2] for at in range(max(len(run) - 1, 1)))
        elif not (run.isdigit() and len(run) >= LONG_NUMBER):
            yield run[:LONGEST_WORD]
