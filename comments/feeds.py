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

REPLIES = 50


class PieceReplies(SiteFeed):
    """The newest replies to a piece, each with what it answers (RFC 4685)."""

    feed_type = Atom

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
        newest = Comment.objects.approved().filter(article=obj)
        with_context = newest.select_related("article", "parent")
        return with_context.defer(*_BODIES).order_by("-submitted_at", "-pk")[:REPLIES]

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
            above = f"{settings.SITE_URL}{item.article.get_absolute_url()}#comment-{item.parent_id}"
            return {"ref": self.item_guid(item.parent), "type": "text/html", "href": above}
        piece = item.article
        return {
            "ref": name_of(piece, piece.created_at),
            "type": "text/html",
            "href": f"{settings.SITE_URL}{piece.get_absolute_url()}",
        }


_BODIES = (
    *("article__body", "article__body_html", "article__desk_notes"),
    *("body", "parent__body", "parent__body_html"),
)
