from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from articles.models import Article
from newsroom import site

PIECES = 30


class LatestRss(Feed):
    """The newest pieces: headline, standfirst, section and date."""

    link = reverse_lazy("articles:front")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return site.of(request)

    def title(self, obj: Any) -> str:
        return str(obj.name)

    def description(self, obj: Any) -> str:
        return str(obj.tagline or obj.name)

    def items(self, obj: Any) -> Any:
        return Article.objects.published().for_listing()[:PIECES]

    def item_title(self, item: Any) -> str:
        return str(item.headline)

    def item_description(self, item: Any) -> str:
        return str(item.standfirst)

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime:
        return item.updated_at

    def item_categories(self, item: Article) -> list[str]:
        return [item.section.name]


class LatestAtom(LatestRss):
    feed_type = Atom1Feed
    subtitle = LatestRss.description

    def author_name(self, obj: Any) -> str:
        """RFC 4287 asks for an author: the paper, where its entries name none."""
        return str(obj.name)
