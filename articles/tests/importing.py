"""Runs of an import of WordPress without its replies, as tests of its posts need them."""

from pathlib import Path
from typing import Any

from articles.importers.wordpress.media import Sources
from articles.importers.wordpress.opening import Source
from articles.importers.wordpress.reporting import Reporting
from articles.importers.wordpress.running import Done, Options, run
from articles.models import Article, Moved, MoveNote
from articles.tests.factories import make_staff
from articles.tests.wxr import export


def bring_in(folder: Path, *parts: str, **given: Any) -> Done:
    """A run with an export of these parts. `uploads`, `fetches`, `pages` and `dry` are options."""
    names = ("uploads", "fetches", "pages", "dry", "by")
    chosen = {name: given.pop(name) for name in names if name in given}
    return again([export(folder, parts, **given)], **chosen)


def again(
    files: list[Path],
    *,
    uploads: Path | None = None,
    fetches: bool = False,
    pages: bool = False,
    dry: bool = False,
    by: Any = None,
) -> Done:
    options = Options(Sources(uploads, fetches), brings_pages=pages, is_rehearsed=dry)
    return run(
        [Source(each) for each in files],
        options,
        by=by or make_staff(),
        bring_replies=no_replies,
    )


def no_replies(*given: Any, **named: Any) -> None:
    """These posts have none."""


def piece(number: int) -> Article:
    """What the post of that number became."""
    moved = Moved.objects.get(kind="piece", old_key=str(number))
    return Article.objects.get(pk=moved.target or 0)


def notes(reporting: Reporting) -> set[tuple[str, str, str, str]]:
    rows = MoveNote.objects.filter(report=reporting.report)
    return set(rows.values_list("kind", "outcome", "item", "why"))


def reasons(done: Done, kind: str = "piece") -> list[str]:
    """Why what was changed or left out, in the report."""
    rows = MoveNote.objects.filter(report=done.reporting.report, kind=kind).order_by("pk")
    return list(rows.values_list("why", flat=True))
