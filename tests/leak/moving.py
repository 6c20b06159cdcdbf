"""A former site that moved in, with what a reader had said there."""

from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.importers.wordpress.records import PostRecord, ReplyRecord
from articles.importers.wordpress.reporting import Reporting
from articles.models import Article, Moved, MovedKind, MoveReport, OldSite
from articles.old_site.remembering import remember
from comments.importers.wordpress_replies import bring

FIRST_NUMBER = 70_001  # of its replies: higher than any that somebody writes here


def move_in(piece: Article, *, address: str, name: str, by: User) -> None:
    """Its replies in every state under `piece`, with all that goes wrong on the way; its report,
    and its old addresses."""
    site = OldSite.objects.create(address="https://old.example", name="The Old Test")
    report = MoveReport.objects.create(site=site, by=by, files=["old.xml"], ended_at=timezone.now())
    states = ("1", "0", "spam", "trash", "unknown")
    at = datetime(2020, 1, 5, tzinfo=UTC)
    replies = [
        ReplyRecord(
            number=FIRST_NUMBER + place,
            text=f"What was said there, {place}. <img src=x> Write to {address}.",
            name=name,
            email=address,
            website=f"https://old.example/?{address}",
            network="198.51.100.7",
            at=at if place else None,
            approved=approved,
            parent=99,
        )
        for place, approved in enumerate(states)
    ]
    replies += [
        ReplyRecord(80_001, "A ping", email=address, type="pingback"),
        ReplyRecord(80_002, "What is it?", email=address, type="review"),
        ReplyRecord(80_003, "Ask them.", name=address, email=address, at=at, type="note"),
        ReplyRecord(80_004, "My name is wrong.", name=address, email=address, at=at),
    ]
    post = PostRecord(17, "post", "publish", replies=tuple(replies))
    with transaction.atomic(), Reporting(report) as reporting:
        bring(post, piece, site=site, report=reporting, by=by)
    Moved.objects.create(
        site=site, kind=MovedKind.PIECE, old_key="17", target=piece.pk, digest="0" * 64
    )
    remember("/2020/01/old-piece/", MovedKind.PIECE, piece.pk)
