from articles.models.article import Article, Byline
from articles.models.author import Author
from articles.models.page import StandingPage
from articles.models.section import Section, Topic
from articles.models.source import Source
from articles.models.state_change import StateChange

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Section",
    "Source",
    "StandingPage",
    "StateChange",
    "Topic",
]
