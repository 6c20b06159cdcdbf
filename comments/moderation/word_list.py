"""A list of words and phrases, found in a text in linear time however long the list is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import ahocorasick

from comments.moderation.characters import ACCENTS, Kind, plain
from comments.moderation.folding import Folded, Gap, Reading, Word, reading
from comments.moderation.look_alikes import latin

LONGEST_ENTRY = 100  # characters; what is longer is no word or phrase of a list
LONGEST_WORD = 100  # letters of a word that an entry such as f*ck is looked for in
SHORT = 4  # letters of what is found in a row of single letters only if it is the whole row
PHRASE_SIGNS = frozenset("-'’ʼ.,&/*")

# What may stand before an Arabic word without a space, down to the article. The letters و ف ب ك
# ل alone may, too, but begin many words.
ARABIC_ARTICLES = frozenset(["ال", "وال", "فال", "بال", "كال", "لل", "ولل"])


@dataclass(slots=True)
class Entry:
    """A line of the list, as it is looked for."""

    text: str
    letters: str = ""
    open_start: bool = False  # *pill: the word may begin before
    open_end: bool = False  # casino*
    breaks: frozenset[int] = frozenset()  # between letters: where a word of it ends
    needed: frozenset[int] = frozenset()  # those of them with a space
    globs: tuple[tuple[str, ...], ...] = ()  # of an entry like f*ck: the parts of each word
    key_word: int = 0  # the word of `globs` that `letters` is a part of


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry, as the list has it, and where it stands in the text."""

    entry: str
    span: tuple[int, int]


@dataclass(slots=True)
class Index:
    """Lines of a list by the letters of their entries, in an automaton after Aho and Corasick.

    Of an entry no more is kept than its line: what else there is of it is made when it is met.
    """

    by_letters: dict[str, list[str]] = field(default_factory=dict)
    automaton: ahocorasick.Automaton | None = None

    def add(self, letters: str, line: str) -> None:
        self.by_letters.setdefault(letters, []).append(line)

    def make(self) -> None:
        if not self.by_letters:
            return
        self.automaton = ahocorasick.Automaton()
        for letters, lines in self.by_letters.items():
            self.automaton.add_word(letters, (len(letters), tuple(lines)))
        self.automaton.make_automaton()
        self.by_letters = {}

    def occurrences(self, letters: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        if self.automaton is None:
            return
        for last, (length, lines) in self.automaton.iter(letters):
            yield last + 1 - length, last + 1, lines


class WordList:
    """One entry a line, each taken literally: none is a regular expression.

    `*` at an edge stands for any letters of the word, or none; within a word likewise.
    """

    def __init__(self, lines: str) -> None:
        self._plain, self._look_alikes, self._signs = Index(), Index(), Index()
        for line in dict.fromkeys(lines.splitlines()):
            self._add(line.strip())
        for index in (self._plain, self._look_alikes, self._signs):
            index.make()

    def _add(self, line: str) -> None:
        if len(line) > LONGEST_ENTRY:
            return
        entry = entry_of(line)
        if entry is None:
            signs = _visible(line.strip("* "))[0]
            if any(plain(letter)[0] > Kind.SPACE for letter in signs):
                self._signs.add(signs, line)
            return
        self._plain.add(entry.letters, line)
        if not line.isascii() and not entry.globs:
            # As they are read in a disguised word.
            disguised = "".join(latin(letter) or letter for letter in entry.letters)
            if disguised != entry.letters and len(disguised) == len(entry.letters):
                self._look_alikes.add(disguised, line)

    def find(self, text: str) -> Hit | None:
        """The first entry that stands in `text`: as typed, else in a disguise."""
        read = reading(text)
        if hit := _first(self._plain, read.as_typed) or self._find_signs(text):
            return hit
        if look_alikes := read.look_alikes:
            for index in (self._plain, self._look_alikes):
                if hit := _first(index, look_alikes, disguised=True):
                    return hit
        for leet in read.leet:
            if hit := _first(self._plain, leet, disguised=True):
                return hit
        return None

    def _find_signs(self, text: str) -> Hit | None:
        if self._signs.automaton is None:
            return None
        letters, places = _visible(text)
        for start, end, lines in self._signs.occurrences(letters):
            around = letters[max(0, start - 1) : start + 1], letters[end - 1 : end + 1]
            if not any(pair.isalnum() and len(pair) == 2 for pair in around):
                return Hit(lines[0], (places[start], places[end - 1] + 1))
        return None


@lru_cache(maxsize=8)
def word_list(lines: str) -> WordList:
    """The list in `lines`, made once in a process."""
    return WordList(lines)


def entry_of(line: str) -> Entry | None:
    """The entry of one line; None for one of signs, or nearly: c++, $$$, 🍆."""
    inner = line.strip("* ")
    if inner.isascii() and inner.isalnum():
        return Entry(line, inner.lower(), line[:1] == "*", line[-1:] == "*")
    letters = [letter for letter in inner if plain(letter)[0] >= Kind.ALPHABET]
    signs = any(plain(letter)[0] is Kind.SIGN and letter not in PHRASE_SIGNS for letter in inner)
    if not letters or (signs and len(letters) < 3):
        return None
    if "*" in inner:
        return _glob(line)
    folded = Reading(inner).as_typed
    if not folded.letters:
        return None
    gaps = {word.start: word.gap for word in folded.words[1:] if word.gap is not Gap.NONE}
    return Entry(
        text=line,
        letters=folded.letters,
        open_start=line.startswith("*"),
        open_end=line.endswith("*"),
        breaks=frozenset(gaps),
        needed=frozenset(start for start, gap in gaps.items() if gap is not Gap.TIGHT),
    )


@lru_cache(maxsize=10_000)
def _remembered(line: str) -> Entry | None:
    return entry_of(line)


def _glob(line: str) -> Entry | None:
    globs = tuple(
        tuple(Reading(part).as_typed.letters for part in word.split("*")) for word in line.split()
    )
    key, key_word = max(
        ((part, number) for number, parts in enumerate(globs) for part in parts),
        key=lambda found: len(found[0]),
    )
    return Entry(text=line, letters=key, globs=globs, key_word=key_word) if key else None


def _visible(text: str) -> tuple[str, list[int]]:
    """What is seen of `text`, in small letters, and where each character stands."""
    seen, places = [], []
    for place, letter in enumerate(text):
        if plain(letter)[0] is not Kind.GONE or ACCENTS.match(letter):
            folded = letter.casefold()
            seen.append(folded)
            places.extend([place] * len(folded))
    return "".join(seen), places


def _first(index: Index, folded: Folded, *, disguised: bool = False) -> Hit | None:
    tried: set[tuple[str, int]] = set()
    for start, end, lines in index.occurrences(folded.letters):
        first, last = folded.word_of[start], folded.word_of[end - 1]
        if disguised and not any(word.is_disguised for word in folded.words[first : last + 1]):
            continue
        for entry in filter(None, map(_remembered, lines)):
            if entry.globs:
                if (entry.text, first) in tried:
                    continue
                tried.add((entry.text, first))
                found = _glob_span(entry, folded, first)
            else:
                found = _whole_words(entry, folded, start, end)
            if found:
                return Hit(entry.text, (folded.begins[found[0]], folded.ends[found[1] - 1]))
    return None


def _glob_span(entry: Entry, folded: Folded, at: int) -> tuple[int, int] | None:
    begin = at - entry.key_word
    words = folded.words[begin : begin + len(entry.globs)] if begin >= 0 else []
    if len(words) != len(entry.globs):
        return None
    pairs = zip(words, entry.globs, strict=True)
    if all(_fits(folded.text_of(word), parts) for word, parts in pairs):
        return words[0].start, words[-1].end
    return None


def _fits(word: str, parts: tuple[str, ...]) -> bool:
    """Whether `word` is `parts` with any letters between them."""
    if len(parts) == 1:
        return word == parts[0]
    if len(word) > LONGEST_WORD or len(word) < sum(map(len, parts)):
        return False
    if not word.startswith(parts[0]) or not word.endswith(parts[-1]):
        return False
    place, until = len(parts[0]), len(word) - len(parts[-1])
    for part in parts[1:-1]:
        found = word.find(part, place, until)
        if found < 0:
            return False
        place = found + len(part)
    return True


def _whole_words(entry: Entry, folded: Folded, start: int, end: int) -> tuple[int, int] | None:
    if not _is_whole(entry, folded, start, end):
        return None
    first, last = (folded.words[folded.word_of[at]] for at in (start, end - 1))
    if entry.open_start and first.kind is not Kind.UNPARTED:
        start = first.start
    if entry.open_end and last.kind is not Kind.UNPARTED:
        end = last.end
    return start, end


def _is_whole(entry: Entry, folded: Folded, start: int, end: int) -> bool:
    """Whether the letters from `start` to `end` are words of the text by themselves."""
    first, last = folded.word_of[start], folded.word_of[end - 1]
    words = folded.words
    if not _begins(entry, folded, words[first], start) or not _ends(entry, words[last], end):
        return False
    seen_through: set[Gap] = set()
    missing = len(entry.needed)
    for number in range(first + 1, last + 1):
        word = words[number]
        offset = word.start - start
        if word.gap is Gap.NONE:
            continue
        if offset in entry.breaks:
            missing -= offset in entry.needed
        elif word.gap is Gap.WIDE:
            return False
        else:
            seen_through.add(word.gap)
    if missing:
        return False
    return not seen_through or _is_one_word(words, first, last, end - start, seen_through)


def _begins(entry: Entry, folded: Folded, word: Word, start: int) -> bool:
    if entry.open_start or start == word.start or word.kind is Kind.UNPARTED:
        return True
    return folded.letters[word.start : min(start, word.start + 4)] in ARABIC_ARTICLES and (
        len(entry.letters) > 2 and start - word.start < 4
    )


def _ends(entry: Entry, word: Word, end: int) -> bool:
    if entry.open_end or word.kind in (Kind.UNPARTED, Kind.HANGUL):
        return True
    return end in (word.end, word.stem_end)


def _is_one_word(words: list[Word], first: int, last: int, length: int, gaps: set[Gap]) -> bool:
    """Whether a row of pieces reads as one word: v.i.a.g.r.a and vi.agra, v i a g r a.

    Spaces are seen through between single letters alone, and what is short must be the whole row:
    the U.S.S. in U.S.S.R. is none.
    """
    row = words[first : last + 1]
    # A stop between Japanese words is no disguise: ところ、すぐ is no ころす.
    is_alphabet = all(word.kind is Kind.ALPHABET for word in row)
    if (Gap.NEAR in gaps or not is_alphabet) and any(_length(word) > 1 for word in row):
        return False
    if length > SHORT:
        return True
    goes_on = words[last + 1 : last + 2]
    if first and row[0].gap in gaps and _length(words[first - 1]) == 1:
        return False
    if goes_on and goes_on[0].gap in gaps and _length(goes_on[0]) == 1:
        return False
    return length > 2 or not is_alphabet


def _length(word: Word) -> int:
    return word.end - word.start
