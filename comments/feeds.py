from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from articles.addresses import gone, moved, piece_at
from articles.models import Article
from comments.models import Comment

REPLIES = 50


class PieceReplies(Feed):
    """The newest replies to a piece."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, slug: str) -> HttpResponse:
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

    def link(self, obj: Any) -> str:
        return str(obj.get_absolute_url())

    def items(self, obj: Any) -> Any:
        newest = Comment.objects.approved().filter(article=obj).select_related("article")
        return newest.order_by("-submitted_at", "-pk")[:REPLIES]

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
