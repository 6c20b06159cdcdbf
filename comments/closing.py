"""Whether a piece takes replies: what it, its section and the site say, and the clock."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article, Replies, TakesReplies
from comments.models.policy import Policy
from comments.moderation.findings import Place

STRICTER = {Replies.OPEN: 0, Replies.HELD: 1, Replies.CLOSED: 2}


def place_of(article: Article, policy: Policy, now: datetime | None = None) -> Place:
    """The strictest of what is said. Why replies are closed is told in the language that is
    spoken just now."""
    said = [policy.replies, *(each.replies for each in _says(article) if each.replies)]
    strictest = max(said, key=lambda replies: STRICTER[Replies(replies)])
    moment = closes_at(article, policy)
    if strictest != Replies.CLOSED and moment and moment <= (now or timezone.now()):
        return Place(replies=Replies.CLOSED, why=_why_closed_since(moment))
    if strictest == Replies.CLOSED:
        return Place(replies=strictest, why=_why_closed(article, policy))
    return Place(replies=strictest)


def closes_at(article: Article, policy: Policy) -> datetime | None:
    """When the clock closes the replies, or did; None where it never will.

    A page that shows the form is another from that moment on.
    """
    moments = [each.replies_close_at for each in _says(article) if each.replies_close_at]
    if policy.close_after_days and article.published_at:
        moments.append(article.published_at + timedelta(days=policy.close_after_days))
    return min(moments, default=None)


def _says(article: Article) -> list[TakesReplies]:
    return [article, article.section]


def _why_closed(article: Article, policy: Policy) -> str:
    if policy.replies == Replies.CLOSED:
        return _("This site takes no replies just now.")
    if article.replies == Replies.CLOSED:
        return _("The newsroom takes no more replies to this piece.")
    return _("The newsroom takes no replies in this section.")


def _why_closed_since(moment: datetime) -> str:
    day = date_format(timezone.localtime(moment), "DATE_FORMAT")
    return _("They were open until %(day)s.") % {"day": day}
