"""What became of a piece since it was published, as readers are told it.

They are shown how each version that stood on the site differs from the one before it. A version
that was closed or erased is named, with its time and the reason, and left out of all comparing:
those beside it are compared with each other. So of what it said, only that can be read which
stands in another version, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.changes import Stretch, compare, stretches
from articles.content import Content
from articles.models import Article, Correction, Revision
from newsroom.page_store import changes_at

ENTRIES = 10  # on a page: each may be a long text to compare


@dataclass(frozen=True)
class Change:
    """In which part of the piece what changed."""

    label: str
    stretches: list[Stretch]


@dataclass
class Entry:
    """Something that happened to the piece at `at`.

    Of a version: `before` is the one it is compared with, None for the first there is. Closed
    ones, and corrections, are compared with nothing.
    """

    at: datetime
    revision: Revision | None = None
    before: Revision | None = None
    correction: Correction | None = None
    leaves_out: bool = False  # whether closed versions stood between the two
    changes: list[Change] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        return bool(self.revision and self.revision.is_closed)

    @property
    def is_minor(self) -> bool:
        return bool(self.revision and self.before and self.revision.is_minor)

    @property
    def reason(self) -> str:
        return (self.revision.erased_reason or self.revision.closed_reason) if self.revision else ""


def timeline(article: Article, page_number: Any) -> Page[Entry]:
    """A page of what happened, newest first. Any page number gives a page that there is.

    Three queries, however long the piece has been changed.
    """
    revisions = article.revisions.defer("content")
    entries = list(_of_versions(revisions.seen_by_readers()))
    for revision in revisions:
        # A clock that was set back hides those that were saved later, until it is there again.
        changes_at(revision.public_from)
    entries += [Entry(each.at, correction=each) for each in article.corrections.standing()]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    page = Paginator(entries, ENTRIES).get_page(page_number)
    _compare(article, [entry for entry in page if entry.before])
    return page


def _of_versions(seen: list[Revision]) -> Iterator[Entry]:
    """Those that readers could tell from the one before, in their order."""
    open_one: Revision | None = None
    closed_one: Revision | None = None
    for revision in seen:
        at = revision.public_from or revision.at
        if revision.is_closed:
            told = closed_one and (closed_one.digest, closed_one.closed_reason)
            if told != (revision.digest, revision.closed_reason):
                yield Entry(at, revision)
            closed_one = revision
        elif open_one is None or open_one.digest != revision.digest:
            yield Entry(at, revision, before=open_one, leaves_out=closed_one is not None)
            open_one, closed_one = revision, None


def _compare(article: Article, entries: list[Entry]) -> None:
    keys = {each.pk for entry in entries for each in (entry.revision, entry.before) if each}
    contents = dict(article.revisions.filter(pk__in=keys).values_list("pk", "content"))
    for entry in entries:
        assert entry.revision and entry.before
        entry.changes = list(_changes(contents[entry.before.pk], contents[entry.revision.pk]))


def _changes(before: Content, after: Content) -> Iterator[Change]:
    for (label, old, is_html), (_label, new, _is_html) in zip(
        _as_read(before), _as_read(after), strict=True
    ):
        rows = compare(old, new, is_html=is_html)
        if any(row.is_changed for row in rows):
            yield Change(label, stretches(rows))


def _as_read(content: Content) -> list[tuple[str, str, bool]]:
    """What readers see of it: a name for it, the text, and whether that is HTML."""
    source = content.get("source") or {"name": ""}
    byline = ", ".join(each["name"] for each in content.get("bylines", []))
    return [
        (_("Headline"), content.get("headline", ""), False),
        (_("Standfirst"), content.get("standfirst", ""), False),
        (_("Byline"), byline, False),
        (_("Picture"), _lead(content), True),
        (_("Place"), content.get("dateline", ""), False),
        (_("Text"), content.get("body", ""), True),
        (_("Source"), "\n".join([source["name"], content.get("credit_line", "")]), False),
    ]


def _lead(content: Content) -> str:
    """The lead picture as it would stand in a body, where another picture is told apart."""
    if not content.get("lead_image"):
        return ""
    return format_html(
        '<figure><img src="{}" alt="{}"><figcaption>{} <small>{}</small></figcaption></figure>',
        content["lead_image"]["id"],
        content.get("lead_alt", ""),
        content.get("lead_caption", ""),
        content.get("lead_credit", ""),
    )
