"""The index on SQLite: an FTS5 table over the search entries."""

from collections.abc import Sequence

from articles.search.query import Query, Term

TABLE = "articles_search_index"
KEY = "articles_search_index.rowid"
MATCHES = "articles_search_index MATCH %s"
# Of headline, standfirst, names, body, and what it is filed under, which tells nothing.
RANK = "-bm25(articles_search_index, 10, 4, 3, 1, 0)"


def question(query: Query, filed: Sequence[str], *, in_headline: bool = False) -> str:
    """In the language of FTS5, each word in quotes, so that none is an operator."""
    wanted = " AND ".join(map(_term, query.wanted))
    if in_headline:
        wanted = f"headline : ({wanted})"
    wanted = " AND ".join([wanted, *(f'"{token}"' for token in filed)])
    if not query.excluded:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(map(_term, query.excluded))})"


def _term(term: Term) -> str:
    phrase = f'"{" ".join(term.words)}"'
    if term.stem:
        return f'({phrase} OR "{term.stem}")'
    return f"{phrase} *" if term.is_prefix else phrase
