"""A version of a piece as something that the templates of the site can draw."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from articles.body_html import clean
from articles.content import FIELDS, ONE, Content, content_of
from articles.drawn_html import draw
from articles.models import Article, Author, Byline, Revision, Topic
from newsroom.clean_html import plain
from newsroom.language import speaking

NUMBER = re.compile(r"[0-9]{1,9}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
BYLINE = re.compile(r"bylines-([0-9]{1,4})-author")
FOR_THE_DESK_ALONE = {"desk_notes"}


def piece_of(revision: Revision, *, preview: str = "") -> Article:
    """The piece as it was in the revision: for templates, never to be saved.

    What the revision names and is no more, such as an author, is left out. With the token of a
    `preview` link, the pictures in the text are those that its holder may see.
    """
    piece = piece_with(revision.article, revision.content, preview=preview)
    piece.status = Article.Status(revision.status)
    piece.published_at, piece.embargo_until = revision.published_at, revision.embargo_until
    return piece


def piece_with(article: Article, content: Content, *, preview: str = "") -> Article:
    """A copy of `article` with this clean content: for templates, never to be saved.

    Its address stays, and the notes for the desk are not in it.
    """
    piece = copy.copy(article)
    for name in FIELDS:
        if name in content and name not in FOR_THE_DESK_ALONE:
            setattr(piece, name, content[name])
    piece.slug, piece.desk_notes = article.slug, ""
    with speaking(piece.language):
        piece.body_html = draw(piece.body, preview=preview)
    for name, model in ONE.items():
        found = _there(model, [content[name]] if content.get(name) else [])
        if found or name != "section":
            setattr(piece, name, found[0] if found else None)
    authors = _there(Author, content.get("bylines", []))
    bylines = [
        Byline(article=piece, author=author, position=position)
        for position, author in enumerate(authors)
    ]
    piece._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "bylines": _as_queryset(Byline, bylines),
        "topics": _as_queryset(Topic, _there(Topic, content.get("topics", []))),
    }
    return piece


def piece_typed(article: Article, fields: Mapping[str, Any]) -> Article:
    """The piece as it stands in the fields of a form, by name, which nobody has checked yet."""
    content = content_of(article)
    for name in FIELDS:
        if name in fields:
            content[name] = plain(_last(fields[name]))
    content["lead_is_decorative"] = "lead_is_decorative" in fields  # a box that is not ticked
    content["body"] = _cleaned(content["body"])
    if not LANGUAGE.fullmatch(content["language"]):
        content["language"] = article.language
    for name in ONE:
        if name in fields:
            content[name] = _row(_last(fields[name]))
    if "topics" in fields:
        content["topics"] = [row for key in _all(fields["topics"]) if (row := _row(key))]
    if "bylines-TOTAL_FORMS" in fields:
        content["bylines"] = list(_bylines(fields))
    return piece_with(article, content)


def _bylines(fields: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The authors named in the rows of the form, in the order of their positions."""
    rows = []
    for name in fields:
        if match := BYLINE.fullmatch(name):
            position = _last(fields.get(f"bylines-{match[1]}-position", ""))
            author = _row(_last(fields[name]))
            if author and not fields.get(f"bylines-{match[1]}-DELETE"):
                rows.append((int(position) if NUMBER.fullmatch(position) else 0, author))
    yield from (author for _, author in sorted(rows, key=lambda row: row[0]))


def _cleaned(body: str) -> str:
    try:
        return clean(body)
    except ValidationError as error:  # too long to be cleaned; the form says so as well
        return clean(f"<p>{' '.join(error.messages)}</p>")


def _row(key: str) -> dict[str, Any] | None:
    return {"id": int(key)} if NUMBER.fullmatch(key) else None


def _all(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _last(value: Any) -> str:
    return next(iter(reversed(_all(value))), "")


def _there(model: type[models.Model], rows: list[dict[str, Any]]) -> list[Any]:
    """Those of a revision's `rows` that are still there, in their order."""
    there = model._default_manager.in_bulk([row["id"] for row in rows]) if rows else {}
    return [there[row["id"]] for row in rows if row["id"] in there]


def _as_queryset(model: type[models.Model], rows: list[Any]) -> models.QuerySet[Any]:
    """What a related manager gives for `.all()` after a prefetch."""
    queryset = model._default_manager.none()
    queryset._result_cache = rows
    return queryset
