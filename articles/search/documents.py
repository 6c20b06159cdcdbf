"""The words of a piece, as the index keeps them: ready tokens with spaces between."""

from typing import TYPE_CHECKING, NamedTuple

from articles.body_text import text_of
from articles.lead_picture import shown_lead
from articles.search.tokens import FILED, stem, words

if TYPE_CHECKING:
    from articles.models.article import Article

MOST_TOKENS = 50_000  # of a body; PostgreSQL keeps a megabyte of a piece at most


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
    caption = article.lead_caption if shown_lead(article) else ""
    # As readers get it: without the pictures that were withdrawn, and what was said of them.
    body = [article.dateline, text_of(article.body_html), caption]
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


def _indexed(text: str, is_english: bool) -> str:
    found = words(text)[:MOST_TOKENS]
    if is_english:
        found += dict.fromkeys(filter(None, map(stem, dict.fromkeys(found))))
    return " ".join(found)
