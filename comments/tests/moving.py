"""A WordPress site whose replies move in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from articles.importers.errors import Place
from articles.importers.wordpress.records import PostRecord, ReplyRecord
from articles.importers.wordpress.reporting import Reporting
from articles.models import Article, Moved, MovedKind, MoveNote, MoveReport, OldSite
from articles.tests.factories import make_article, make_staff
from comments.importers.wordpress_replies import bring
from comments.models import Comment

LONG_AGO = datetime(2020, 1, 5, 12, 0, tzinfo=UTC)
BIG = 5_000_000  # numbers that no reply has had in any test


def reply(number: int, *, parent: int = 0, **fields: Any) -> ReplyRecord:
    fields.setdefault("text", f"What I think, number {number}.")
    fields.setdefault("name", "Hana")
    fields.setdefault("email", f"reader-{number}@example.org")
    fields.setdefault("at", LONG_AGO + timedelta(minutes=number % BIG))
    place = Place("export.xml", number, "post 17")
    return ReplyRecord(
        number=BIG + number, parent=BIG + parent if parent else 0, place=place, **fields
    )


class Moving:
    """A site on its way in."""

    def __init__(self) -> None:
        self.by = make_staff("Editors")
        self.site = OldSite.objects.create(address="https://old.example.org")
        self.article = make_article(at=LONG_AGO)
        self.run = self.new_run()

    def new_run(self) -> Reporting:
        return Reporting(MoveReport.objects.create(site=self.site, by=self.by))

    def bring(
        self, *replies: ReplyRecord, article: Article | None = None, **post: Any
    ) -> Reporting:
        record = PostRecord(
            17, "post", "publish", replies=replies, place=Place("export.xml"), **post
        )
        with transaction.atomic(), self.run:
            bring(record, article or self.article, site=self.site, report=self.run, by=self.by)
        return self.run

    def notes(self) -> list[tuple[str, str]]:
        return list(MoveNote.objects.order_by("pk").values_list("item", "why"))


@pytest.fixture
def moving() -> Moving:
    return Moving()


def of(number: int) -> Comment:
    """The reply that this one became."""
    row = Moved.objects.get(kind=MovedKind.REPLY, old_key=str(BIG + number))
    return Comment.objects.get(pk=row.target or 0)
