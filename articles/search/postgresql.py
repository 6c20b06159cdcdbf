"""The index on PostgreSQL: a generated tsvector beside the words of each search entry."""

from collections.abc import Sequence

from articles.search.query import Query, Term

# The question is named once, for the condition and for the rank.
TABLE = "articles_searchentry CROSS JOIN (SELECT %s::tsquery AS question) AS asked"
KEY = "articles_searchentry.key"
MATCHES = "articles_searchentry.words @@ question"
# Of body, names, standfirst and headline; a long text says a word sooner (1).
RANK = "ts_rank('{0.1, 0.3, 0.4, 1}', articles_searchentry.words, question, 1)"


def question(query: Query, filed: Sequence[str], *, in_headline: bool = False) -> str:
    """A tsquery, each word in quotes, so that none is an operator."""
    where = "A" if in_headline else ""
    parts = [_term(term, where) for term in query.wanted]
    parts += [f"'{token}'" for token in filed]
    parts += [f"!{_term(term, '')}" for term in query.excluded]
    return " & ".join(parts)


def _term(term: Term, where: str) -> str:
    words = [f"'{word}'" for word in term.words]
    marks = [where] * len(words)
    if term.is_prefix:
        marks[-1] = f"*{where}"
    marked = [f"{word}:{mark}" if mark else word for word, mark in zip(words, marks, strict=True)]
    phrase = " <-> ".join(marked)
    if term.stem:
        phrase += f" | '{term.stem}'" + (f":{where}" if where else "")
    return f"({phrase})"
