"""Replies and what their form sends, with everything left out filled in."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles.models import Article
from articles.tests.factories import make_article, make_staff
from comments.forms import DRAWN
from comments.models import Comment, Commenter, Policy
from comments.moderation.findings import Sender as KnownSender
from comments.moderation.findings import Submission
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


def make_submission(**fields: Any) -> Submission:
    """The reply of a known sender who fell into no trap, as the rules see it."""
    fields.setdefault("policy", Policy())
    fields.setdefault("name", "Hana")
    fields.setdefault("text", "Where can I read it?")
    fields.setdefault("readable", fields["text"])
    fields.setdefault("html", f"<p>{fields['text']}</p>")
    fields.setdefault("seconds_taken", 60.0)
    fields.setdefault("sender", KnownSender(is_known=True, approved=3))
    return Submission(**fields)


def make_comment(**fields: Any) -> Comment:
    """A held reply."""
    return Comment.objects.submit(make_draft(**fields)).comment


def make_approved(*, by: User | None = None, **fields: Any) -> Comment:
    comment = make_comment(**fields)
    comment.approve(by=by or make_staff("Moderators"))
    return comment


# By the state that each leads to, out of any other.
VERBS: dict[str, Callable[..., bool]] = {
    "held": Comment.restore,
    "approved": Comment.approve,
    "rejected": Comment.reject,
    "spam": Comment.mark_spam,
}


def make_in_state(state: str, **fields: Any) -> Comment:
    comment = make_comment(**fields)
    VERBS[state](comment, by=make_staff("Moderators"))
    return comment


def sender_of(comment: Comment) -> Commenter:
    """Who sent it: somebody, and nobody of the newsroom."""
    assert comment.commenter is not None
    return comment.commenter


def make_many_approved(
    article: Article, count: int, *, parent: Comment | None = None, a_chain: bool = False
) -> list[Comment]:
    """That many approved replies of one sender, written at once: all to `parent`, or each to the
    one before it.
    """
    sender, _ = Commenter.objects.get_or_create(
        fingerprint="0" * 64, defaults={"sealed_address": b"sealed"}
    )
    now, first = timezone.now(), (Comment.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    replies: list[Comment] = []
    for number in range(count):
        above = replies[-1] if a_chain and replies else parent
        replies.append(
            Comment(
                pk=first + number,
                article=article,
                commenter=sender,
                parent=above,
                thread=above and (above.thread or above),
                name=f"Reader {number}",
                body=f"Reply {number}",
                body_html=f"<p>Reply {number}</p>",
                status=Comment.Status.APPROVED,
                submitted_at=now + timedelta(milliseconds=number),
                text_digest=f"{number}",
            )
        )
    made = Comment.objects.bulk_create(replies)
    with connection.cursor() as cursor:
        # Else PostgreSQL would give the next reply a number that is taken.
        for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
            cursor.execute(statement)
    return made


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
