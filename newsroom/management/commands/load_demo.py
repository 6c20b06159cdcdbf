import re
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from articles.importers.wire.recognising import read
from articles.models import (
    Article,
    Author,
    Byline,
    Section,
    Source,
    StandingPage,
    Topic,
    WireStream,
)
from articles.wire.receiving import receive
from articles.wire.taking import take
from comments.models import Comment
from comments.posting import Draft
from newsroom.models import SiteSettings

DEMO = Path(__file__).resolve().parents[2] / "demo"
STAFF = {"editor": "Editors", "moderator": "Moderators"}
MINUTES_FROM_NOW = re.compile(rb"@(-?\d+)@")


class Command(BaseCommand):
    help = "Loads the demo newsroom, unless anything has been written here before."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not is_untouched():
            return
        self.demo = tomllib.loads((DEMO / "newsroom.toml").read_text(encoding="utf-8"))
        self.load_staff()
        self.load_site()
        for row in self.demo["articles"]:
            self.load_article(row)
        for row in self.demo["comments"]:
            self.load_comment(row)
        self.load_wires(**self.demo["wire"])

    def load_staff(self) -> None:
        for username, group in STAFF.items():
            # Without a usable password until `demo_password` makes one.
            user = User.objects.create_user(username, is_staff=True)
            user.groups.add(Group.objects.get(name=group))

    def load_site(self) -> None:
        site = SiteSettings.objects.create(**self.demo["site"])
        for item in self.demo["menu"]:
            site.menu.create(**item)
        for position, row in enumerate(self.demo["sections"], 1):
            Section.objects.create(position=position, **row)
        for row in self.demo["sources"]:
            Source.objects.create(**row)
        for row in self.demo["authors"]:
            Author.objects.create(**row)
        for position, row in enumerate(self.demo["pages"], 1):
            StandingPage.objects.create(position=position, body=body_of(row["slug"]), **row)

    def load_article(self, row: dict[str, Any]) -> None:
        article = Article.objects.create(
            headline=row["headline"],
            slug=row["slug"],
            standfirst=row["standfirst"],
            dateline=row.get("dateline", ""),
            body=body_of(row["slug"]),
            language=row["language"],
            section=Section.objects.get(slug=row["section"]),
            source=Source.objects.filter(slug=row.get("source")).first(),
        )
        for name in row["topics"]:
            topic, _ = Topic.objects.get_or_create(name=name, defaults={"slug": slugify(name)})
            article.topics.add(topic)
        for position, slug in enumerate(row.get("authors", [])):
            author = Author.objects.get(slug=slug)
            Byline.objects.create(article=article, author=author, position=position)
        article.publish(by=User.objects.get(username="editor"), at=row["published_at"])

    def load_comment(self, row: dict[str, Any]) -> None:
        article = Article.objects.get(slug=row["article"])
        above = row.get("answers")
        parent = Comment.objects.filter(article=article, name=above).first() if above else None
        moderator = User.objects.get(username="moderator")
        text = row["text"].strip()
        if by := row.get("by"):
            staff = User.objects.get(username=by)
            comment = Comment.objects.answer(article, parent=parent, text=text, by=staff)
        else:
            draft = Draft(
                article=article,
                name=row["name"],
                email=row["email"],
                website=row.get("website", ""),
                text=text,
                parent=parent,
                seconds_taken=60,
            )
            comment = Comment.objects.submit(draft).comment
        comment.submitted_at = timezone.now() - timedelta(minutes=row["minutes_ago"])
        comment.save(update_fields=["submitted_at"])
        if row.get("state") == "approved":
            comment.approve(by=moderator)
        elif row.get("state") == "rejected":
            comment.reject(by=moderator, reason=row["reason"])
        if row.get("is_pick"):
            comment.feature(by=moderator)

    def load_wires(self, name: str, source: str, section: str) -> None:
        """One of them is taken, and changed by the desk, before its correction comes in."""
        editor = User.objects.get(username="editor")
        stream = WireStream.objects.create(
            name=name,
            kind=WireStream.Kind.BY_HAND,
            source=Source.objects.get(slug=source),
            section=Section.objects.get(slug=section),
            set_up_by=editor,
        )
        now = timezone.now().replace(second=0, microsecond=0)
        for row in self.demo["wires"]:
            data = dated((DEMO / "wire" / row["file"]).read_bytes(), now)
            for document in read(data, row["file"]):
                item = receive(document, stream=stream, original=data, name=row["file"]).item
                if row.get("is_taken"):
                    article = take(item, by=editor)
                    article.body = article.body.replace(row["was"], row["becomes"])
                    article.save()
                    article.record(by=editor)


def dated(data: bytes, now: datetime) -> bytes:
    """With the moments that it names by minutes from `now` on."""

    def moment(found: re.Match[bytes]) -> bytes:
        return f"{now + timedelta(minutes=int(found[1])):%Y-%m-%dT%H:%M:%S+00:00}".encode()

    return MINUTES_FROM_NOW.sub(moment, data)


def is_untouched() -> bool:
    """Whether nobody has worked here yet."""
    return not User.objects.exists() and not Article.objects.exists()


def demo_staff() -> QuerySet[User]:
    """The demo's editor and moderator. Whoever was invited has an address, so is none of them."""
    return User.objects.filter(username__in=STAFF, email="").order_by("username")


def body_of(slug: str) -> str:
    return (DEMO / f"{slug}.html").read_text(encoding="utf-8")
