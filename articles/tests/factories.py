"""Pieces and what belongs to them, with everything left out filled in."""

from datetime import datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from articles.models import Article, Author, Byline, Revision, Section, Source, StandingPage, Topic
from newsroom.tests.factories import make_staff as make_staff

_number = count(1)


def make_section(**fields: Any) -> Section:
    fields.setdefault("name", f"Section {next(_number)}")
    fields.setdefault("slug", fields["name"].lower().replace(" ", "-"))
    return Section.objects.create(**fields)


def make_topic(name: str = "Japan", **fields: Any) -> Topic:
    return Topic.objects.create(name=name, slug=fields.pop("slug", name.lower()), **fields)


def make_author(name: str = "Maud Ellery", **fields: Any) -> Author:
    fields.setdefault("slug", f"author-{next(_number)}")
    return Author.objects.create(name=name, **fields)


def make_source(name: str = "AFP", **fields: Any) -> Source:
    fields.setdefault("slug", name.lower())
    return Source.objects.create(name=name, **fields)


def make_draft(**fields: Any) -> Article:
    authors = fields.pop("authors", [])
    topics = fields.pop("topics", [])
    number = next(_number)
    fields.setdefault("headline", f"Headline {number}")
    fields.setdefault("slug", f"piece-{number}")
    fields.setdefault("standfirst", "One sentence below the headline.")
    fields.setdefault("body", "<p>The body.</p>")
    fields.setdefault("language", "en")
    if "section" not in fields:
        fields["section"] = make_section()
    article = Article.objects.create(**fields)
    article.topics.set(topics)
    for position, author in enumerate(authors):
        Byline.objects.create(article=article, author=author, position=position)
    return article


def make_article(*, at: datetime | None = None, by: User | None = None, **fields: Any) -> Article:
    """A published piece: since now, or from `at` on."""
    article = make_draft(**fields)
    article.publish(by=by or make_staff(), at=at)
    return article


def save_version(
    article: Article, *, by: User, note: str = "", is_minor: bool = False, **fields: Any
) -> Revision:
    """Change the fields of a piece and record it, as the form does."""
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    return article.record(by=by, note=note, is_minor=is_minor)


def make_page(title: str = "About", **fields: Any) -> StandingPage:
    fields.setdefault("slug", title.lower())
    return StandingPage.objects.create(**{"title": title, "body": "<p>About us.</p>"} | fields)
