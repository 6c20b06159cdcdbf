from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from articles.models import Article
from comments.models import Comment

REPLIES = 50


class PieceReplies(Feed):
    """The newest replies to a piece."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Article:
        return get_object_or_404(Article.objects.published(), slug=kwargs["slug"])

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

    def item_author_name(self, item: Any) -> str:
        return str(item.name)

    def item_pubdate(self, item: Comment) -> datetime:
        return item.submitted_at
