"""Texts with the words that were searched for in <mark>, and the part of a text that has them."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import NamedTuple

from django.utils.html import format_html, format_html_join

from articles.search.query import Query, Term
from articles.search.tokens import (
    LONGEST,
    STEM,
    Token,
    is_in_pairs,
    rough_words,
    stem,
    tokens,
)

LENGTH = 240  # signs; half of that where a sign says as much as two
BEFORE = 60
MOST_PLACES = 200  # of a paragraph, at which a fragment may begin
FARTHEST = 40_000  # signs of a text that are looked through
# Of all other texts the words are what they are in English: runs of letters and digits.
NOT_PLAIN = re.compile("[^\x00-\x7f‘’“”–—…£€]")


class Mark(NamedTuple):
    start: int
    end: int
    term: int  # its place among those wanted


class Fragment(NamedTuple):
    html: str  # escaped
    terms: int  # how many different ones it shows


class Marker:
    """Marks what `query` wants in texts of a language: stems are those of English alone."""

    def __init__(self, query: Query, language: str) -> None:
        self.terms = query.wanted
        self.has_stems = language.partition("-")[0] == "en"
        self.begins: dict[str, list[int]] = {}  # asked of each word of many texts
        beginnings = {each for term in self.terms for each in self._beginnings(term)}
        self.plainly = _begun_plainly(beginnings)
        self.has_phrases = any(len(term.words) > 1 for term in self.terms)

    def whole(self, text: str) -> Fragment:
        marks = self._marks(text)
        return Fragment(_marked(text, marks, 0, len(text)), len({mark.term for mark in marks}))

    def part(self, text: str) -> Fragment:
        """Of the first paragraph that has the most of the words; empty where none has any."""
        best, best_marks, most = "", list[Mark](), 0
        for line in text[:FARTHEST].split("\n"):
            marks = self._marks(line)
            terms = len({mark.term for mark in marks})
            if terms > most:
                best, best_marks, most = line, marks, terms
            if most == len(self.terms):
                break
        return Fragment(_around(best, best_marks), most)

    def _marks(self, text: str) -> list[Mark]:
        if NOT_PLAIN.search(text) is None:
            marks = [
                Mark(*found.span(), number)
                for found in self.plainly.finditer(text)
                for number in self._begun_by(found[0].lower()[:LONGEST])
            ]
            if not marks or not self.has_phrases:
                return marks
        elif not self._may_stand(text):
            return []
        found = list(tokens(text))
        marks = []
        for place, token in enumerate(found):
            for number in self._begun_by(token.word):
                words = self.terms[number].words
                following = found[place : place + len(words)]
                if len(words) == 1 or self._stand(self.terms[number], following):
                    marks.append(Mark(token.start, following[-1].end, number))
        return sorted(marks)

    def _beginnings(self, term: Term) -> list[str]:
        """Letters that one of which each word begins with that the term may mean."""
        word = term.words[0]
        # English words have all of their stem but its last letters: dying, die; skies, sky.
        is_stemmed = self.has_stems and term.stem
        return [word, term.stem.removeprefix(STEM)[:-2]] if is_stemmed else [word]

    def _may_stand(self, text: str) -> bool:
        """Without finding out where: most paragraphs have none of the words."""
        roughly = rough_words(text)
        return roughly is None or any(map(self._begun_by, roughly))

    def _begun_by(self, word: str) -> list[int]:
        """The terms that begin with a word of a text, or are that word."""
        if word not in self.begins:
            self.begins[word] = self._look_for(word)
        return self.begins[word]

    def _look_for(self, word: str) -> list[int]:
        return [
            number
            for number, term in enumerate(self.terms)
            if word == term.words[0]
            or (len(term.words) == 1 and term.is_prefix and word.startswith(term.words[0]))
            or (self.has_stems and term.stem and stem(word) == term.stem)
        ]

    def _stand(self, term: Term, following: list[Token]) -> bool:
        *first, last = term.words
        words = [token.word for token in following]
        return words[:-1] == first and (
            words[-1] == last or (term.is_prefix and words[-1].startswith(last))
        )


def _begun_plainly(beginnings: Iterable[str]) -> re.Pattern[str]:
    """Finds the words of a text that is not NOT_PLAIN which begin so. Not the s of a genitive,
    which is no word."""
    plain = "|".join(sorted(each for each in beginnings if each.isascii() and each.isalnum()))
    some = f"(?:{plain})" if plain else r"(?!)"
    return re.compile(
        rf"(?<![a-z0-9])(?!(?<=[a-z0-9]['’])s(?![a-z0-9])){some}[a-z0-9]*",
        re.IGNORECASE | re.ASCII,
    )


def _around(text: str, marks: list[Mark]) -> str:
    """The part of a text around the first place where its marks stand closest together."""
    if not marks:
        return format_html("{}", "")
    length = LENGTH // 2 if is_in_pairs(text[marks[0].start : marks[0].end]) else LENGTH
    densest = max(
        range(min(len(marks), MOST_PLACES)),
        key=lambda place: (_terms_within(length, marks, place), -place),
    )
    start = max(0, min(marks[densest].start - BEFORE, len(text) - length))
    end = min(len(text), max(start + length, marks[densest].end))
    if start and (space := text.find(" ", start, marks[densest].start)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", marks[densest].end, end)) >= 0:
        end = space
    return format_html(
        "{}{}{}",
        "… " if start else "",
        _marked(text, marks, start, end),
        " …" if end < len(text) else "",
    )


def _terms_within(length: int, marks: list[Mark], place: int) -> int:
    """How many different terms are marked on so many signs, from the mark at a place on."""
    near = takewhile(
        lambda mark: mark.end - marks[place].start < length, islice(marks, place, None)
    )
    return len({mark.term for mark in near})


def _marked(text: str, marks: list[Mark], start: int, end: int) -> str:
    """From `start` to `end`; marks that overlap are one."""
    parts: list[tuple[str, str]] = []
    position = start
    for first, last in _joined(marks):
        first, last = max(first, position), min(last, end)
        if first < last:
            parts.append((text[position:first], text[first:last]))
            position = last
    marked = format_html_join("", "{}<mark>{}</mark>", parts)
    return format_html("{}{}", marked, text[position:end])


def _joined(marks: list[Mark]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for mark in marks:
        if mark.start <= end:
            end = max(end, mark.end)
            continue
        if end > start:
            yield start, end
        start, end = mark.start, mark.end
    if end > start:
        yield start, end
