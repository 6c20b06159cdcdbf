from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.addresses import gone, moved, piece_at
from articles.feeds.base import SiteFeed
from articles.feeds.formats import Atom
from articles.feeds.names import name_of
from articles.models import Article
from comments.models import Comment
from comments.models.comment_queryset import CommentQuerySet
from comments.seen import shows_replies_of
from newsroom import site

REPLIES = 50


class Replies(SiteFeed):
    """Replies, each with what it answers (RFC 4685). Their links are permanent."""

    feed_type = Atom

    def with_context(self, replies: CommentQuerySet) -> CommentQuerySet:
        """With all that is told of them."""
        return replies.select_related("article", "parent").defer(*_BODIES)[:REPLIES]

    def item_title(self, item: Any) -> str:
        return str(item.name)

    def item_description(self, item: Any) -> str:
        return str(item.body_html)

    def item_guid(self, item: Comment) -> str:
        """The reply's permanent address: the piece's own can change."""
        return settings.SITE_URL + reverse("comments:permalink", args=[item.pk])

    def item_author_name(self, item: Any) -> str:
        return str(item.name)

    def item_pubdate(self, item: Comment) -> datetime:
        return item.submitted_at

    def item_updateddate(self, item: Comment) -> datetime:
        return item.submitted_at

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        return {"in_reply_to": self.answered(item)}

    def answered(self, item: Comment) -> dict[str, str]:
        """The reply that it answers; the piece where that is none, or no reader can see it."""
        if item.parent and item.parent.is_approved:
            above = self.item_guid(item.parent)
            return {"ref": above, "type": "text/html", "href": above}
        piece = item.article
        return {
            "ref": name_of(piece, piece.created_at),
            "type": "text/html",
            "href": f"{settings.SITE_URL}{piece.get_absolute_url()}",
        }


class PieceReplies(Replies):
    """The newest replies to a piece."""

    def __call__(self, request: HttpRequest, slug: str) -> HttpResponseBase:  # type: ignore[override]
        """410 for a withdrawn piece, 301 from an address that it had before."""
        article = piece_at(slug)
        if article.is_withdrawn:
            return gone(request, article)
        if article.slug != slug:
            return moved(request, article)
        return super().__call__(request, article=article)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Article:
        article: Article = kwargs["article"]
        return article

    def title(self, obj: Any) -> str:
        return _("Replies to “%(headline)s”") % {"headline": obj.headline}

    def feed_guid(self, obj: Any) -> str:
        return name_of(obj, obj.created_at, part="replies")

    def page(self, obj: Any) -> str:
        return str(obj.get_absolute_url())

    def path(self, obj: Any) -> str:
        return reverse("comments:feed", args=[obj.slug])

    def items(self, obj: Any) -> Any:
        shows_replies_of(obj.pk)
        replies = Comment.objects.approved().filter(article=obj)
        return self.with_context(replies.order_by("-submitted_at", "-pk"))


class PiecePicks(PieceReplies):
    """The editors' picks of the replies to a piece, the newest pick first."""

    def title(self, obj: Any) -> str:
        return _("Editors’ picks of the replies to “%(headline)s”") % {"headline": obj.headline}

    def feed_guid(self, obj: Any) -> str:
        return name_of(obj, obj.created_at, part="picks")

    def path(self, obj: Any) -> str:
        return reverse("comments:picks_feed", args=[obj.slug])

    def items(self, obj: Any) -> Any:
        shows_replies_of(obj.pk)
        return self.with_context(Comment.objects.picks().filter(article=obj))

    def item_updateddate(self, item: Comment) -> datetime:
        return max(item.featured_at or item.submitted_at, super().item_updateddate(item))


class Picks(PiecePicks):
    """The editors' picks of all replies on the site."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        return SiteFeed.__call__(self, request)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return site.of(request)

    def title(self, obj: Any) -> str:
        return _("Editors’ picks of the replies – %(name)s") % {"name": obj.name}

    def feed_guid(self, obj: Any) -> str:
        return f"{settings.SITE_URL}{self.path(obj)}"

    def page(self, obj: Any) -> str:
        return reverse("articles:front")

    def path(self, obj: Any) -> str:
        return reverse("comments:site_picks_feed")

    def items(self, obj: Any) -> Any:
        return self.with_context(Comment.objects.public().picks())

    def item_title(self, item: Any) -> str:
        return _("%(name)s on “%(headline)s”") % {
            "name": item.name,
            "headline": item.article.headline,
        }


_BODIES = (
    *("article__body", "article__body_html", "article__desk_notes"),
    *("body", "parent__body", "parent__body_html"),
)
