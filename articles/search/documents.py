"""The words of a piece, as the index keeps them: ready tokens with spaces between."""

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from articles.search.tokens import FILED, stem, words

if TYPE_CHECKING:
    from articles.models.article import Article

MOST_TOKENS = 50_000  # of a body; PostgreSQL keeps a megabyte of a piece at most
_INLINE = re.compile(r"</?(?:strong|em|cite|small|a|b|i|span)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


class Document(NamedTuple):
    """Stems stand behind the words of which they are; `filed` holds what filters ask for."""

    headline: str
    standfirst: str
    names: str
    body: str
    filed: str


def document(article: "Article") -> Document:
    is_english = article.language.partition("-")[0] == "en"
    names = [author.name for author in article.authors.all()]
    topics = list(article.topics.all())
    body = [article.dateline, text_of(article.body), article.lead_caption]
    return Document(
        headline=_indexed(article.headline, is_english),
        standfirst=_indexed(article.standfirst, is_english),
        names=_indexed("\n".join([*names, *(topic.name for topic in topics)]), is_english),
        body=_indexed("\n".join(body), is_english),
        filed=" ".join(
            [
                filed("section", article.section_id),
                *(filed("topic", topic.pk) for topic in topics),
                *([filed("source", article.source_id)] if article.source_id else []),
            ]
        ),
    )


def filed(kind: str, pk: int) -> str:
    """The token that finds all that is filed under a section, a topic or a source."""
    return f"{FILED}{kind}{pk}"


def text_of(html: str) -> str:
    """What a clean body says, its paragraphs on lines of their own."""
    return unescape(_TAG.sub("\n", _INLINE.sub("", html)))


def _indexed(text: str, is_english: bool) -> str:
    found = words(text)[:MOST_TOKENS]
    if is_english:
        found += dict.fromkeys(filter(None, map(stem, dict.fromkeys(found))))
    return " ".join(found)
