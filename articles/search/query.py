"""What a reader typed into the search field, read as words, "phrases", -exclusions and begin*."""

import re
from dataclasses import dataclass
from functools import cached_property

from articles.search.tokens import is_in_pairs, stem, tokens

MOST_SIGNS = 200
MOST_TERMS = 12

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂〝〞", '"') | {"＊": "*", "−": "-", "－": "-"})
_CHUNK = re.compile(
    r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)(?:"|\Z)|(?P<word>[^\s"]+))(?P<star>\*)?'
)


@dataclass(frozen=True)
class Term:
    """Words that stand one after the other; one word is also found by its English stem."""

    words: tuple[str, ...]
    is_prefix: bool = False  # the last of the words may go on
    is_excluded: bool = False
    is_exact: bool = False  # it stood in quotes

    @cached_property
    def stem(self) -> str:
        """As the index keeps stems; empty for what is found as it stands alone."""
        alone = len(self.words) == 1 and not self.is_prefix and not self.is_exact
        return stem(self.words[0]) if alone else ""


@dataclass(frozen=True)
class Query:
    """All of `wanted` are to be found in a piece, and none of `excluded`."""

    terms: tuple[Term, ...] = ()
    was_cut: bool = False

    @cached_property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_excluded)

    @cached_property
    def excluded(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_excluded)


def parse(text: str) -> Query:
    """Any text is a question, if only an empty one. Of a long one the beginning counts."""
    found = [
        term
        for chunk in _CHUNK.finditer(text[:MOST_SIGNS].translate(_QUOTES))
        for term in _terms(chunk)
    ]
    terms = tuple(dict.fromkeys(found))
    return Query(terms[:MOST_TERMS], len(text) > MOST_SIGNS or len(terms) > MOST_TERMS)


def begun(text: str) -> Query:
    """As parse(), while somebody types: the last word may go on."""
    query = parse(text)
    if not query.terms or text[-1:].isspace() or query.terms[-1].is_excluded:
        return query
    last = query.terms[-1]
    if is_in_pairs(last.words[-1]):
        return query
    return Query((*query.terms[:-1], Term(last.words, is_prefix=True)), query.was_cut)


def clean(text: str) -> str:
    """One line without what can neither be shown nor found: NUL, lone surrogates, controls."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _terms(chunk: re.Match[str]) -> list[Term]:
    quoted = chunk["phrase"] is not None
    found = list(tokens(chunk["phrase"] if quoted else chunk["word"]))
    if not found:
        return []
    # The pair before it holds the last sign of a run: more of the run may follow in the text.
    if found[-1].is_last:
        found.pop()
    last = found[-1].word
    star = bool(chunk["star"]) or (not quoted and chunk["word"].endswith("*"))
    # A single sign begins each pair that it stands in. One letter begins too many words.
    is_prefix = len(last) == 1 if is_in_pairs(last) else star and len(last) > 1
    words = tuple(token.word for token in found)
    return [Term(words, is_prefix, bool(chunk["minus"]), quoted)]
