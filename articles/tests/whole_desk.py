"""A desk with a piece in one state, everything that can hang on it, and one row of all else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles.models import (
    Article,
    Correction,
    FormerSlug,
    Image,
    MediaTopic,
    MoveReport,
    PreviewLink,
    WireItem,
    WireStream,
    WorkingCopy,
)
from articles.tests import factories
from articles.tests.pictures import make_image
from newsroom.tests.factories import make_staff, make_superuser
from tests.leak.routes import Route

PAGES = "admin/articles/"
ROLES = {"R": "Reporters", "E": "Editors", "M": "Moderators", "S": "superuser"}
WINDOW = "a" * 32
STATES = ("draft", "in review", "published", "scheduled", "withdrawn")
NOT_OUT, OUT = ("draft", "in review"), ("published", "scheduled", "withdrawn")

# Roles, as their letters; or those in each of some states.
type Allowed = str | dict[tuple[str, ...], str]

# Those who may change a piece.
CHANGE: Allowed = {NOT_OUT: "RES", OUT: "ES"}


def allowed(roles: Allowed, state: str) -> str:
    if isinstance(roles, str):
        return roles
    return next((who for states, who in roles.items() if state in states), "")


@dataclass
class Desk:
    """`stored` is every row of the app as it was in the beginning."""

    article: Article
    correction: Correction
    link: PreviewLink
    image: Image
    wire: WireItem
    stored: str = field(init=False)

    def __post_init__(self) -> None:
        self.stored = stored()

    def url(self, pattern: str) -> str:
        model = pattern.partition("/")[0]
        arguments = {
            "object_id": self.key_of(model),
            "article_id": self.article.pk,
            "correction_id": self.correction.pk,
            "link_id": self.link.pk,
            "image_id": self.image.pk,
            "item_id": self.wire.pk,
            "number": 1,
            "window": WINDOW,
            "report_id": self.key_of("movereport"),
        }
        return Route(PAGES + pattern).url(arguments)

    def key_of(self, model: str) -> Any:
        if model == "article":
            return self.article.pk
        row = apps.get_model("articles", model)._default_manager.order_by("pk").first()
        return row.pk if row else 0


def make_desk(state: str) -> Desk:
    """Its picture needs the fixture media_root."""
    editor = make_staff("Editors", username="the.editor")
    article = factories.make_draft(
        headline="As it was first",
        slug="as-it-was",
        authors=[factories.make_author()],
        topics=[factories.make_topic()],
        source=factories.make_source(),
        begun_by=editor,
    )
    factories.make_page()
    MediaTopic.objects.create(code="99999999", name="tides")
    factories.make_section(name="Elsewhere")
    image = make_image(by=editor)
    FormerSlug.objects.create(slug="before", article=article)
    MoveReport.objects.create(by=editor)
    link = PreviewLink.objects.make(article.record(by=editor), by=editor, lasts=timedelta(days=1))
    for headline in ("As it should not have been", "As it was"):
        article.headline = headline
        article.save()
        article.record(by=editor)
    article.revisions.get(number=2).close(by=editor, reason="Personal data")
    bring(article, state, by=editor)
    correction = Correction.objects.create(
        article=article, kind=Correction.Kind.UPDATE, text="More is known.", by=editor
    )
    return Desk(article, correction, link, image, make_wire(article, by=editor))


def make_wire(article: Article, *, by: User) -> WireItem:
    """The one that the piece was made of, with a version that waits to be compared. Another has
    come in, whose embargo is unclear."""
    assert article.source
    stream = WireStream.objects.create(
        name="The wire",
        kind=WireStream.Kind.BY_HAND,
        source=article.source,
        section=article.section,
        set_up_by=by,
    )
    item = WireItem.objects.create(stream=stream, guid="urn:wire:1", headline="As it came in")
    for number in (1, 2):
        version = item.versions.create(
            number=number, headline=item.headline, original=b"<wire/>", body=f"<p>{number}</p>"
        )
        item.taken_version = item.taken_version or version
    item.article, item.newest, item.version = article, version, version.number
    item.state, item.needs_person = WireItem.State.TAKEN, True
    item.save()
    other = WireItem.objects.create(stream=stream, guid="urn:wire:2", headline="Just in")
    other.newest = other.versions.create(
        number=1, headline="Just in", original=b"", body="<p>2</p>"
    )
    other.version, other.embargo_is_unclear = 1, True
    other.save()
    return item


def bring(article: Article, state: str, *, by: User) -> None:
    if state == "in review":
        article.submit_for_review(by=by)
    elif state == "scheduled":
        article.publish(by=by, at=timezone.now() + timedelta(days=1))
    elif state in {"published", "withdrawn"}:
        article.publish(by=by)
    if state == "withdrawn":
        article.withdraw(by=by, reason="Not true")


def log_in(client: Client, role: str, desk: Desk) -> User:
    """With a window open, in which something was typed."""
    user = make_superuser() if role == "S" else make_staff(ROLES[role])
    client.force_login(user)
    WorkingCopy.objects.create(
        article=desk.article, by=user, window=WINDOW, typed_at=timezone.now(), fields={}
    )
    return user


def forged(desk: Desk) -> dict[str, Any]:
    """All that any form of the desk asks for, as somebody would send it who wants to do harm."""
    article = desk.article
    return {
        "post": "yes",
        "confirm": "yes",
        "_save": "Save",
        "status": "published",
        "published_at_0": "2020-01-01",
        "published_at_1": "00:00:00",
        "headline": "Forged",
        "name": "Forged",
        "title": "Forged",
        "slug": "forged",
        "standfirst": "",
        "body": "<p>Forged.</p>",
        "language": "en",
        "section": article.section_id,
        "reason": "Forged",
        "note": "Forged",
        "text": "Forged",
        "kind": "correction",
        "revision": "1",
        "hours": "72",
        "position": "9",
        "action": "delete_selected",
        "_selected_action": [str(article.pk)],
        "index": "0",
        "piece": str(article.pk),
        "_doing": "bring",
        "_piece": str(article.pk),
        "_step": "1",
        "bylines-TOTAL_FORMS": "0",
        "bylines-INITIAL_FORMS": "0",
        "form-TOTAL_FORMS": "0",
        "form-INITIAL_FORMS": "0",
    }


def stored() -> str:
    """Every row of the app. What was typed and not saved is kept whoever is refused.

    Asked without the ORM, which takes ten times as long, and after each of a thousand requests.
    """
    models = apps.get_app_config("articles").get_models(include_auto_created=True)
    rows = {}
    with connection.cursor() as cursor:
        for model in models:
            if model.__name__ != "WorkingCopy":
                key = connection.ops.quote_name(str(model._meta.pk.column))
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT * FROM {table} ORDER BY {key}")
                rows[model.__name__] = cursor.fetchall()
    return json.dumps(rows, default=str, sort_keys=True)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
