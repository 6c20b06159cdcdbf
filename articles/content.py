"""What a version of a piece holds: from the piece into plain values for JSON, and back.

Names stand beside keys, so that a version can be read, and compared, without asking what became
of an author or a topic since.
"""

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import models

from articles.models.author import Author
from articles.models.byline import Byline
from articles.models.image import Image
from articles.models.section import Section
from articles.models.source import Source
from articles.models.topic import Topic

if TYPE_CHECKING:
    from articles.models.article import Article

FIELDS = (
    "headline",
    "slug",
    "standfirst",
    "dateline",
    "body",
    "language",
    "text_direction",
    "source_url",
    "credit_line",
    "indexing",
    "lead_alt",
    "lead_is_decorative",
    "lead_caption",
    "lead_credit",
    "desk_notes",
)
ONE = {"section": Section, "source": Source, "lead_image": Image}
SEVERAL = ("bylines", "topics")

# A change of these is a change in substance, which readers are told of.
READERS_SEE = (
    "headline",
    "standfirst",
    "dateline",
    "body",
    "source",
    "credit_line",
    "bylines",
    "lead_image",
    "lead_alt",
    "lead_caption",
    "lead_credit",
)

type Content = dict[str, Any]


def readers_digest(content: Content) -> str:
    """Tells versions apart that readers would: SHA-256 of what they see, related rows by their
    keys, so that a change of an author's name is none of the piece. Empty for one that was erased.
    """
    if not content:
        return ""
    seen = [_without_names(content.get(name)) for name in READERS_SEE]
    return sha256(json.dumps(seen).encode()).hexdigest()


def content_of(article: "Article") -> Content:
    """The fields by name; related rows as {"id", "name"}, or a list of those, or None."""
    content: Content = {name: getattr(article, name) for name in FIELDS}
    for name in ONE:
        content[name] = _named(getattr(article, name))
    content["bylines"] = [_named(each.author) for each in article.bylines.with_authors()]
    content["topics"] = [_named(topic) for topic in article.topics.all()]
    return content


def write_content(article: "Article", content: Content) -> list[str]:
    """Make the saved `article` what `content` says; the names of what there is no more.

    Those are left out, but for the section, which stays as it is. Saves the piece.
    """
    missing: list[str] = []
    for name in FIELDS:
        setattr(article, name, content.get(name, getattr(article, name)))
    for name, model in ONE.items():
        found = _found(model, [content[name]] if content.get(name) else [], missing)
        if found or name != "section":
            setattr(article, name, found[0] if found else None)
    article.save()
    article.topics.set(_found(Topic, content.get("topics", []), missing))
    article.bylines.all().delete()
    Byline.objects.bulk_create(
        Byline(article=article, author=author, position=position)
        for position, author in enumerate(_found(Author, content.get("bylines", []), missing))
    )
    return missing


def gone_from(content: Content) -> list[str]:
    """The names of what `content` has and is no more: what write_content() would leave out."""
    missing: list[str] = []
    for name, model in ONE.items():
        _found(model, [content[name]] if content.get(name) else [], missing)
    _found(Topic, content.get("topics", []), missing)
    _found(Author, content.get("bylines", []), missing)
    return missing


def _without_names(value: Any) -> Any:
    if isinstance(value, list):
        return [row["id"] for row in value]
    return value["id"] if isinstance(value, dict) else value


def _named(row: models.Model | None) -> dict[str, Any] | None:
    return {"id": row.pk, "name": str(row)} if row else None


def _found(model: Any, rows: list[dict[str, Any]], missing: list[str]) -> list[Any]:
    """Those that are still there; a withdrawn picture is not."""
    usable = model.objects.usable() if model is Image else model.objects.all()
    there = usable.in_bulk([row["id"] for row in rows]) if rows else {}
    missing += [row["name"] for row in rows if row["id"] not in there]
    return [there[row["id"]] for row in rows if row["id"] in there]
