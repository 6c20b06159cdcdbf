"""What an export holds, in a file beside: its parts refer to each other across the whole of it, and
a large one does not fit into memory."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from articles.importers.wordpress.files import kind_of, path_of_upload
from articles.importers.wordpress.records import (
    AuthorRecord,
    PostRecord,
    Record,
    SiteRecord,
    TermRecord,
)
from articles.old_site.paths import of_address

GUEST = "guest-author"  # posts by which Co-Authors Plus keeps those without a login
TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE post (number INTEGER PRIMARY KEY, type TEXT, status TEXT, slug TEXT, title TEXT,
    path TEXT, parent INTEGER, replies INTEGER, new_slug TEXT);
CREATE INDEX post_path ON post (path);
CREATE TABLE attachment (number INTEGER PRIMARY KEY, parent INTEGER, position INTEGER, kind TEXT,
    address TEXT, upload TEXT, path TEXT, title TEXT, alt TEXT, caption TEXT, is_told INTEGER);
CREATE INDEX attachment_upload ON attachment (upload);
CREATE INDEX attachment_parent ON attachment (parent);
CREATE TABLE author (login TEXT PRIMARY KEY, name TEXT, number INTEGER, linked TEXT);
CREATE TABLE term (taxonomy TEXT, slug TEXT, name TEXT, parent TEXT, description TEXT,
    number INTEGER, PRIMARY KEY (taxonomy, slug));
CREATE TABLE seen (type TEXT, number INTEGER, PRIMARY KEY (type, number));
CREATE TABLE given (kind TEXT, slug TEXT, PRIMARY KEY (kind, slug));
"""


class Attachment(NamedTuple):
    number: int
    parent: int
    kind: str  # a MovedKind: picture, recording or other
    address: str
    path: str  # of its page
    title: str
    alt: str
    caption: str


class Kept(NamedTuple):
    """What is known of a post without reading it again."""

    number: int
    type: str
    status: str
    slug: str
    title: str
    new_slug: str | None


class KeptAuthor(NamedTuple):
    login: str
    name: str
    number: int | None
    linked: str  # of a guest: the login that is the same person's


ATTACHMENT = "number, parent, kind, address, path, title, alt, caption"
POST = "number, type, status, slug, title, new_slug"


class Index:
    """A temporary database of its own; to be used as a context, which removes it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="newsroom-import-", dir=folder)
        self._database = sqlite3.connect(Path(self._folder.name) / "index.sqlite3")
        self._database.executescript(TABLES)
        self.site: SiteRecord | None = None
        self.posts = 0  # items that are no attachments

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()
        self._folder.cleanup()

    def add(self, record: Record) -> None:
        """What was there already, by another file of the same export, stays."""
        match record:
            case SiteRecord():
                self.site = self.site or record
            case AuthorRecord():
                self._run(
                    "INSERT OR IGNORE INTO author VALUES (?, ?, ?, '')",
                    (record.login, record.name, record.number),
                )
            case TermRecord():
                self._add_term(record)
            case PostRecord():
                self._add_post(record)

    def _add_term(self, term: TermRecord) -> None:
        self._run(
            "INSERT OR IGNORE INTO term VALUES (?, ?, ?, ?, ?, ?)",
            (term.taxonomy, term.slug, term.name, term.parent, term.description, term.number),
        )

    def _add_post(self, post: PostRecord) -> None:
        if post.type == "attachment":
            self._add_attachment(post)
            return
        self.posts += 1
        if post.type == GUEST:
            self._add_guest(post)
        for taxonomy, slug, name in post.terms:
            self._run(
                "INSERT OR IGNORE INTO term VALUES (?, ?, ?, '', '', NULL)", (taxonomy, slug, name)
            )
        self._run(
            "INSERT OR IGNORE INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (
                *(post.number, post.type, post.status, post.slug, post.title[:500]),
                *(of_address(post.link), post.parent, len(post.replies)),
            ),
        )

    def _add_attachment(self, post: PostRecord) -> None:
        alt = next(iter(post.values_of("_wp_attachment_image_alt")), "")
        address = post.file_address or post.guid
        self._run(
            "INSERT OR IGNORE INTO attachment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (
                *(post.number, post.parent, post.position, kind_of(address), address),
                *(path_of_upload(address), of_address(post.link), post.title, alt),
                post.excerpt or post.text[:2000],
            ),
        )

    def _add_guest(self, post: PostRecord) -> None:
        login = next(iter(post.values_of("cap-user_login")), "") or post.slug
        name = next(iter(post.values_of("cap-display_name")), "") or post.title
        linked = next(iter(post.values_of("cap-linked_account")), "")
        self._run(
            "INSERT OR IGNORE INTO author VALUES (?, ?, NULL, ?)",
            (login.removeprefix("cap-"), name, linked),
        )

    # --- Questions ----------------------------------------------------------------------------

    def attachment(self, number: int) -> Attachment | None:
        return self._attachment("number = ?", number)

    def attachment_at(self, upload: str) -> Attachment | None:
        """By its path below the uploads."""
        return self._attachment("upload = ? ORDER BY number", upload) if upload else None

    def attachments_of(self, post: int) -> list[Attachment]:
        """In the order in which a gallery shows them."""
        sql = f"SELECT {ATTACHMENT} FROM attachment WHERE parent = ? ORDER BY position, number"  # noqa: S608
        return [Attachment(*row) for row in self._run(sql, (post,))]

    def attachments(self) -> Iterator[Attachment]:
        """Those of which nothing has been told yet."""
        after = -1
        sql = (
            f"SELECT {ATTACHMENT} FROM attachment WHERE number > ? AND NOT is_told"  # noqa: S608
            " ORDER BY number LIMIT 500"
        )
        while rows := self._run(sql, (after,)).fetchall():
            yield from (Attachment(*row) for row in rows)
            after = rows[-1][0]

    def tell(self, attachment: int) -> bool:
        """False where that was done before."""
        sql = "UPDATE attachment SET is_told = 1 WHERE number = ? AND NOT is_told"
        return self._run(sql, (attachment,)).rowcount == 1

    def _attachment(self, where: str, value: int | str) -> Attachment | None:
        sql = f"SELECT {ATTACHMENT} FROM attachment WHERE {where} LIMIT 1"  # noqa: S608
        row = self._run(sql, (value,)).fetchone()
        return Attachment(*row) if row else None

    def is_first(self, type: str, number: int) -> bool:
        """Of the items with that number, as they are brought."""
        sql = "INSERT OR IGNORE INTO seen VALUES (?, ?)"
        return self._run(sql, (type, number)).rowcount == 1

    def post(self, number: int) -> Kept | None:
        sql = f"SELECT {POST} FROM post WHERE number = ?"  # noqa: S608
        row = self._run(sql, (number,)).fetchone()
        return Kept(*row) if row else None

    def post_at(self, path: str) -> Kept | None:
        sql = f"SELECT {POST} FROM post WHERE path = ? ORDER BY number LIMIT 1"  # noqa: S608
        row = self._run(sql, (path,)).fetchone() if path else None
        return Kept(*row) if row else None

    def posts_of(self, type: str) -> Iterator[Kept]:
        """In the order of their numbers."""
        after = -1
        sql = f"SELECT {POST} FROM post WHERE type = ? AND number > ? ORDER BY number LIMIT 500"  # noqa: S608
        while rows := self._run(sql, (type, after)).fetchall():
            yield from (Kept(*row) for row in rows)
            after = rows[-1][0]

    def give_slug(self, number: int, slug: str) -> None:
        self._run("UPDATE post SET new_slug = ? WHERE number = ?", (slug, number))

    def take_slug(self, kind: str, slug: str) -> bool:
        """For an item of that kind; False where another of the export has it."""
        sql = "INSERT OR IGNORE INTO given VALUES (?, ?)"
        return self._run(sql, (kind, slug.lower())).rowcount == 1

    def author(self, login: str) -> KeptAuthor | None:
        sql = "SELECT login, name, number, linked FROM author WHERE login = ?"
        row = self._run(sql, (login,)).fetchone()
        return KeptAuthor(*row) if row else None

    def authors(self) -> list[KeptAuthor]:
        sql = "SELECT login, name, number, linked FROM author ORDER BY login"
        return [KeptAuthor(*row) for row in self._run(sql)]

    def term(self, taxonomy: str, slug: str) -> TermRecord | None:
        sql = "SELECT * FROM term WHERE taxonomy = ? AND slug = ?"
        row = self._run(sql, (taxonomy, slug)).fetchone()
        return _term(row) if row else None

    def terms(self, taxonomy: str) -> Iterator[TermRecord]:
        sql = "SELECT * FROM term WHERE taxonomy = ? ORDER BY slug"
        return map(_term, self._run(sql, (taxonomy,)).fetchall())

    def term_of_number(self, taxonomy: str, number: int) -> TermRecord | None:
        sql = "SELECT * FROM term WHERE taxonomy = ? AND number = ?"
        row = self._run(sql, (taxonomy, number)).fetchone()
        return _term(row) if row else None

    def _run(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        return self._database.execute(sql, values)


def _term(row: tuple[str, str, str, str, str, int | None]) -> TermRecord:
    taxonomy, slug, name, parent, description, number = row
    return TermRecord(taxonomy, slug, name, parent, description, number)
