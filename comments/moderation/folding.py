"""A text as its words are compared: letters folded, what is invisible gone, gaps remembered."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import accumulate

from comments.moderation.characters import ACCENTS, Kind, plain
from comments.moderation.look_alikes import MOST, direct_latin, latin, script

VOICED = {"\u3099": "\u3099", "\uff9e": "\u3099", "\u309a": "\u309a", "\uff9f": "\u309a"}
CONTRACTIONS = frozenset(["s", "t", "d", "m", "ll", "re", "ve"])
APOSTROPHES = frozenset("'’ʼ`´＇")
LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}
LEET |= {"@": "a", "$": "s", "!": "i", "|": "i"}
LEET_SIGNS = frozenset("@$!|")
ENDS_SENTENCE = frozenset("!|")  # a letter only between letters
SHORTEST_LEET = 3  # M4 is a screw
LEET_WORD = re.compile(r"[^\W\d_][0134578@$]|[0134578@$][^\W\d_]|[^\W\d_][!|][^\W_]|[A-Z]l[A-Z]")
SMALL_L = re.compile("(?<=[A-Z])l(?=[A-Z])|^l(?=[A-Z]{2})")
# Where letters of look_alikes.ALPHABETS stand.
MISTAKABLE = re.compile(
    "[\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1cbf\u1f00-\u1fff\u2c80-\u2d7f\u2de0-\u2dff"
    "\ua4d0-\ua4ff\ua640-\ua69f\uab70-\uabbf\U00010330-\U0001044f\U000104b0-\U000104ff]"
)
RUN = re.compile(r"(?P<ascii>[A-Za-z0-9]+)|.", re.DOTALL)


class Gap(IntEnum):
    """What stands between two words."""

    NONE = 0  # nothing: another kind of letters begins
    TIGHT = 1  # a few signs without a space, as in v.i.a.g.r.a
    NEAR = 2  # up to three characters with a space among them
    WIDE = 3


@dataclass(slots=True)
class Word:
    """A run of letters of one kind: from `start` to `end` among all letters of the text."""

    kind: Kind
    gap: Gap  # to the word before
    start: int
    end: int
    stem_end: int = 0  # without the digits at its end
    is_disguised: bool = False


@dataclass(slots=True)
class Folded:
    """The letters of a text, word after word without gaps, and where each of them stands in it."""

    letters: str
    begins: list[int]  # in the text, by letter
    ends: list[int]
    word_of: list[int]  # by letter
    words: list[Word]

    def text_of(self, word: Word) -> str:
        return self.letters[word.start : word.end]


@dataclass(slots=True)
class Typed:
    """The characters of a text's words: as typed, as folded, and where each stands."""

    typed: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)  # by these characters


class Reading:
    """The ways in which a text can be read: as typed, and with disguises undone."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._typed = words_of(text)
        self.as_typed = _joined(self._typed, {})

    @cached_property
    def look_alikes(self) -> Folded | None:
        """Words disguised by letters of other alphabets, in Latin letters; None without any.

        Disguised is a word of several alphabets, and one of another alphabet that reads as a
        Latin word from its first letter to its last, unless a word beside it is of that alphabet
        for sure.
        """
        return _joined(self._typed, self._undone) if self._undone else None

    @cached_property
    def leet(self) -> tuple[Folded, ...]:
        """Words with digits among their letters (v1agra, p0rn) in letters alone, 1 once as i and
        once as l; none without any. Digits count as letters where there are as many letters.
        """
        if not LEET_WORD.search(self.text):
            return ()
        typed, undone = self._typed, self._undone
        if any(sign in self.text for sign in LEET_SIGNS):
            typed = words_of(self.text, with_leet_signs=True)
            undone = _undisguised(typed) if self._is_mistakable else {}
        readings = []
        for one in "il" if "1" in self.text else "i":
            if read := _leet(typed, undone, LEET | {"1": one}):
                readings.append(_joined(typed, undone | read))
        return tuple(readings)

    @cached_property
    def _is_mistakable(self) -> bool:
        return MISTAKABLE.search(self.text) is not None

    @cached_property
    def _undone(self) -> dict[int, list[str]]:
        return _undisguised(self._typed) if self._is_mistakable else {}


@lru_cache(maxsize=16)
def reading(text: str) -> Reading:
    """The same for every rule that reads the same text."""
    return Reading(text)


def fold(text: str) -> Folded:
    """The text with case and accents folded, and nothing else."""
    return reading(text).as_typed


def words_of(text: str, *, with_leet_signs: bool = False) -> Typed:
    """The words of `text` in order. With leet signs, @ and $ beside a letter are letters."""
    found = Typed()
    word: Word | None = None
    gap_from = 0
    for run in RUN.finditer(text):
        place, letter = run.start(), run[0]
        if run.lastgroup == "ascii":
            kind, folded = Kind.ALPHABET, letter.lower()
        elif letter in VOICED:
            if word and _voice(found, VOICED[letter]):
                found.ends[-1] = place + 1
            continue
        else:
            kind, folded = plain(letter)
            if with_leet_signs and letter in LEET_SIGNS and _is_beside_letter(text, place):
                kind, folded = Kind.ALPHABET, letter
        if kind is Kind.GONE:
            if word and found.ends[-1] == place and ACCENTS.match(letter):
                found.ends[-1] = place + 1
            continue
        if kind < Kind.ALPHABET:
            if word:
                word, gap_from = None, place
            continue
        if not word or kind is not word.kind:
            gap = Gap.NONE if word else _gap(found, text[gap_from:place], letter)
            word = Word(kind, gap, len(found.typed), 0)
            found.words.append(word)
        if run.lastgroup == "ascii":
            found.typed.extend(letter)
            found.folded.extend(folded)
            found.begins.extend(range(place, run.end()))
            found.ends.extend(range(place + 1, run.end() + 1))
        else:
            found.typed.append(letter)
            found.folded.append(folded)
            found.begins.append(place)
            found.ends.append(place + 1)
        word.end = len(found.typed)
    _part_contractions(found, text)
    return found


def _voice(found: Typed, mark: str) -> bool:
    """Join a mark such as ゛ with the kana before it."""
    joined = unicodedata.normalize("NFC", found.folded[-1] + mark)
    if len(joined) > 1:
        return False
    found.folded[-1] = joined
    return True


def _is_beside_letter(text: str, place: int) -> bool:
    """Also as the second of two such signs: A$$."""
    if text[place] in ENDS_SENTENCE:
        return text[max(0, place - 1) : place].isalpha() and text[place + 1 : place + 2].isalnum()
    before = text[max(0, place - 2) : place]
    if before[-1:] in LEET_SIGNS:
        before = before[:-1]
    return before[-1:].isalpha() or text[place + 1 : place + 2].isalpha()


def _gap(found: Typed, gap: str, letter: str) -> Gap:
    if not found.words or len(gap) > 12:
        return Gap.WIDE
    if found.typed[-1].isdigit() and letter[0].isdigit():
        return Gap.WIDE  # 4.20 is no 420
    return _gap_of(gap)


@lru_cache(MOST)
def _gap_of(gap: str) -> Gap:
    seen = [letter for letter in gap if plain(letter)[0] is not Kind.GONE]
    if len(seen) > 3 and len(set(seen)) > 1:
        return Gap.WIDE
    if any(plain(letter)[0] is Kind.SPACE for letter in seen):
        return Gap.NEAR
    return Gap.TIGHT


def _part_contractions(found: Typed, text: str) -> None:
    """he'll is no hell."""
    for word in found.words:
        if word.gap is Gap.TIGHT and word.end - word.start < 3:
            begin = found.begins[word.start]
            ending = "".join(found.folded[word.start : word.end])
            if text[begin - 1] in APOSTROPHES and ending in CONTRACTIONS:
                word.gap = Gap.WIDE


def _undisguised(text: Typed) -> dict[int, list[str]]:
    """The letters of the disguised words, by the number of the word."""
    alphabets = [_alphabets(text, word) for word in text.words]
    sure = [_sure(text, word, found) for word, found in zip(text.words, alphabets, strict=True)]
    undone = {}
    for number, (word, found) in enumerate(zip(text.words, alphabets, strict=True)):
        others = found - {"LATIN"}
        if not others:
            continue
        beside = sure[max(0, number - 1) : number + 2]
        if len(found) > 1 or not (sure[number] or others & set(beside)):
            places = range(word.start, word.end)
            undone[number] = [latin(text.typed[at]) or text.folded[at] for at in places]
    return undone


def _leet(text: Typed, undone: dict[int, list[str]], table: dict[str, str]) -> dict[int, list[str]]:
    read = {}
    for number, word in enumerate(text.words):
        if word.kind is not Kind.ALPHABET or word.end - word.start < SHORTEST_LEET:
            continue
        folded = undone.get(number) or text.folded[word.start : word.end]
        typed = "".join(folded)
        if typed.isalpha():
            # VlAGRA: an l among capitals is read as an I.
            as_typed = "".join(text.typed[word.start : word.end])
            if places := {found.start() for found in SMALL_L.finditer(as_typed)}:
                read[number] = ["i" if at in places else each for at, each in enumerate(folded)]
            continue
        letters = sum(map(str.isalpha, typed))
        digits = sum(map(str.isdigit, typed))
        if letters and letters >= digits and any(letter in table for letter in typed):
            read[number] = ["".join(table.get(part, part) for part in each) for each in folded]
    return read


def _alphabets(text: Typed, word: Word) -> set[str]:
    """The scripts of a word's letters, as far as they can be mistaken for Latin, and Latin."""
    if word.kind is not Kind.ALPHABET:
        return set()
    found = set()
    for at in range(word.start, word.end):
        typed = text.typed[at]
        if typed.isalpha() or not typed.isascii():
            found.add("LATIN" if text.folded[at].isascii() else script(typed))
    return found


def _sure(text: Typed, word: Word, alphabets: set[str]) -> str:
    """The one alphabet of the word, where a letter of it is no look-alike; else ""."""
    if len(alphabets) != 1 or all(map(direct_latin, text.typed[word.start : word.end])):
        return ""
    return next(iter(alphabets))


def _joined(text: Typed, read: dict[int, list[str]]) -> Folded:
    """The letters of `text`, of the words in `read` as given there: these are disguised."""
    folded = text.folded
    if read:
        folded = folded.copy()
        for number, letters in read.items():
            word = text.words[number]
            folded[word.start : word.end] = letters
    joined = "".join(folded)
    begins, ends = text.begins, text.ends
    starts: Sequence[int] = range(len(folded) + 1)
    if len(joined) != len(folded):
        begins, ends = [], []
        for each, begin, end in zip(folded, text.begins, text.ends, strict=True):
            begins.extend([begin] * len(each))
            ends.extend([end] * len(each))
        starts = [0, *accumulate(map(len, folded))]
    result = Folded(joined, begins, ends, [], [])
    for number, word in enumerate(text.words):
        start, end = starts[word.start], starts[word.end]
        result.word_of.extend([number] * (end - start))
        stem = end
        if joined[end - 1].isdigit():
            stem = start + len(joined[start:end].rstrip("0123456789"))
        result.words.append(Word(word.kind, word.gap, start, end, stem, number in read))
    return result
