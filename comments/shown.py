"""Replies as a page shows them, read without the rest of their rows: a page shows hundreds."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse

from articles.models import Article
from comments.models import Comment
from comments.models.decision import Status

TABLE = Comment._meta.db_table


class Shown(NamedTuple):
    """A reply, by the names that Comment has."""

    pk: int
    parent_id: int | None
    thread_id: int | None
    shown_in_thread: int
    status: str
    submitted_at: datetime
    # Pages say of these three only whether there is one: on SQLite they come without their zone.
    edited_at: datetime | None
    corrected_at: datetime | None
    featured_at: datetime | None
    name: str
    website: str
    badge: str
    body_html: str
    former_number: int | None

    @property
    def is_approved(self) -> bool:
        return self.status == Status.APPROVED

    @property
    def badge_label(self) -> str:
        """In the language in force; empty where it has none."""
        return str(Comment.Badge(self.badge).label) if self.badge else ""

    def get_absolute_url(self) -> str:
        return reverse("comments:permalink", args=[self.pk])


COLUMNS = ", ".join("id" if name == "pk" else name for name in Shown._fields)
# The threads of a piece that readers see anything of. So written, the index of them serves it.
THREADS = "article_id = %s AND thread_id IS NULL AND shown_in_thread > 0"
ANSWERS_OF_A_THREAD = (
    f"SELECT id FROM (SELECT id FROM {TABLE} WHERE thread_id = %s AND status = '{Status.APPROVED}'"
    " ORDER BY id LIMIT %s) AS part"
)
PICKS_OF_A_PIECE = (
    f"SELECT id FROM (SELECT id FROM {TABLE} WHERE article_id = %s AND status = '{Status.APPROVED}'"
    " AND featured_at IS NOT NULL ORDER BY featured_at DESC, id DESC LIMIT %s) AS part"
)


def first_replies(
    article: Article, *, newest_first: bool, skip: int, limit: int
) -> tuple[list[Shown], int]:
    """The first replies of the threads of a piece, which may have been taken away themselves; and
    how many threads there are, where any is found."""
    sql = (
        f"SELECT (SELECT COUNT(*) FROM {TABLE} WHERE {THREADS}), {COLUMNS} FROM {TABLE}"
        f" WHERE {THREADS} ORDER BY id {'DESC' if newest_first else 'ASC'} LIMIT %s OFFSET %s"
    )
    rows = list(_rows(sql, [article.pk, article.pk, limit, skip]))
    return [_shown(row[1:]) for row in rows], rows[0][0] if rows else 0


def answers(limits: Mapping[int, int], *, picks_of: Article | None, picks: int) -> list[Shown]:
    """The oldest answers of each thread, so many of each; and the newest picks of a piece.

    Each is found along an index up to its limit, one part of the statement a thread: so it costs
    the same however long the threads are.
    """
    parts, given = [], list[object]()
    for thread, limit in limits.items():
        parts.append(ANSWERS_OF_A_THREAD)
        given += [thread, limit]
    if picks_of:
        parts.append(PICKS_OF_A_PIECE)
        given += [picks_of.pk, picks]
    if not parts:
        return []
    numbers = " UNION ALL ".join(parts)
    sql = f"SELECT {COLUMNS} FROM {TABLE} WHERE id IN ({numbers}) ORDER BY id"
    return [_shown(row) for row in _rows(sql, given)]


def of_thread(first: int, *, skip: int, limit: int) -> list[Shown]:
    """The answers in a thread, the oldest first."""
    sql = (
        f"SELECT {COLUMNS} FROM {TABLE} WHERE thread_id = %s AND status = '{Status.APPROVED}'"
        " ORDER BY id LIMIT %s OFFSET %s"
    )
    return [_shown(row) for row in _rows(sql, [first, limit, skip])]


def of(comment: Comment) -> Shown:
    return Shown(*(getattr(comment, name) for name in Shown._fields))


def _rows(sql: str, given: list[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return iter(cursor.fetchall())


def _shown(row: tuple[Any, ...]) -> Shown:
    made = Shown._make(row)
    if made.submitted_at.tzinfo is None:  # SQLite keeps moments without their zone, which is UTC
        return made._replace(submitted_at=made.submitted_at.replace(tzinfo=UTC))
    return made
