"""Replies and what their form sends, with everything left out filled in."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles.models import Article
from articles.tests.factories import make_article, make_staff
from comments.forms import DRAWN
from comments.models import Comment
from comments.posting import Draft

# What a browser says of a form that was sent by a page of this site.
FROM_THIS_SITE = {"Sec-Fetch-Site": "same-origin"}

_number = count(1)


def make_draft(**fields: Any) -> Draft:
    """A reply on its way in; each from another sender unless `email` is given."""
    number = next(_number)
    fields.setdefault("article", None)
    fields["article"] = fields["article"] or make_article()
    fields.setdefault("name", f"Reader {number}")
    fields.setdefault("email", f"reader-{number}@example.org")
    fields.setdefault("text", f"What I think, number {number}.")
    fields.setdefault("seconds_taken", 60.0)
    return Draft(**fields)


def make_comment(**fields: Any) -> Comment:
    """A held reply."""
    return Comment.objects.submit(make_draft(**fields)).comment


def make_approved(*, by: User | None = None, **fields: Any) -> Comment:
    comment = make_comment(**fields)
    comment.approve(by=by or make_staff("Moderators"))
    return comment


def form_data(**fields: str) -> dict[str, str]:
    """What the form sends when a reader has taken a minute over it."""
    drawn = timezone.now() - timedelta(minutes=1)
    return {
        "comment": "I would like to know more.",
        "author": "Hana W.",
        "email": "hana@example.org",
        "url": "",
        "subject": "",
        "parent": "",
        "drawn": DRAWN.sign(f"{drawn.timestamp():.2f}"),
        "key": "",
    } | fields


def post_reply(client: Client, article: Article, **fields: str) -> HttpResponse:
    """Send the form as a current browser does."""
    return client.post(  # type: ignore[return-value]
        f"/articles/{article.slug}/comments/", form_data(**fields), headers=FROM_THIS_SITE
    )
