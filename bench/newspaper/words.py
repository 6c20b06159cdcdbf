"""The texts of a newspaper, put together from paragraphs that are ready for page and search."""

import random
from collections.abc import Iterable
from typing import NamedTuple

from articles.search.documents import Document
from articles.search.tokens import stem, words
from bench.news import Writer

PARAGRAPHS, OF_A_PIECE, LENGTH = 4000, 5, 48
HEADLINES, REPLIES = 5000, 20_000
SHORTEST, LONGEST = 6, 60  # words of a reply


class Text(NamedTuple):
    """What it says, and the tokens and stems by which search knows it."""

    plain: str
    tokens: list[str]
    stems: list[str]

    @classmethod
    def of(cls, plain: str) -> "Text":
        tokens = words(plain)
        stems = filter(None, map(stem, dict.fromkeys(tokens)))
        return cls(plain, tokens, list(dict.fromkeys(stems)))


def indexed(texts: Iterable[Text]) -> str:
    """As articles/search/documents.py has it of an English text."""
    tokens, stems = list[str](), dict[str, None]()
    for each in texts:
        tokens += each.tokens
        stems.update(dict.fromkeys(each.stems))
    return " ".join([*tokens, *stems])


class Words:
    """Enough of each kind for a large newspaper, and never different."""

    def __init__(self, seed: int, *, part: float = 1) -> None:
        writer, chance = Writer(seed), random.Random(seed)

        def many(number: int) -> range:
            return range(max(20, round(number * part)))

        self.paragraphs = [Text.of(f"{writer.english(LENGTH)}.") for _ in many(PARAGRAPHS)]
        self.headlines = [Text.of(writer.english(7)[:120]) for _ in many(HEADLINES)]
        self.standfirsts = [Text.of(f"{writer.english(20)}."[:400]) for _ in many(HEADLINES)]
        self.replies = [writer.english(chance.randint(SHORTEST, LONGEST)) for _ in many(REPLIES)]

    def body(self, chance: random.Random) -> list[Text]:
        return chance.choices(self.paragraphs, k=OF_A_PIECE)


def html(paragraphs: Iterable[Text]) -> str:
    """Clean as it is: there are letters and stops alone."""
    return "".join(f"<p>{each.plain}</p>" for each in paragraphs)


def document(
    headline: Text, standfirst: Text, names: Text, body: Iterable[Text], filed: str
) -> Document:
    return Document(
        headline=indexed([headline]),
        standfirst=indexed([standfirst]),
        names=indexed([names]),
        body=indexed(body),
        filed=filed,
    )
