from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from newsroom.conditional_get import conditional_get


class SiteFeed(Feed):
    """What all feeds of the site have in common: addresses and 304s.

    Every address in a feed is one at SITE_URL, whatever host was asked: programs and hubs know
    feeds by them. `page` and `path` say where both are; the rest is as in Django's own class.
    """

    def page(self, obj: Any) -> str:
        """The path of the page that the feed belongs to."""
        raise NotImplementedError

    def path(self, obj: Any) -> str:
        """Its own, with the query where there is one."""
        raise NotImplementedError

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        return conditional_get(self.answer)(request, *args, **kwargs)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().__call__(request, *args, **kwargs)

    def link(self, obj: Any) -> str:
        return f"{settings.SITE_URL}{self.page(obj)}"

    def feed_url(self, obj: Any) -> str:
        return f"{settings.SITE_URL}{self.path(obj)}"

    def item_link(self, item: Any) -> str:
        return f"{settings.SITE_URL}{item.get_absolute_url()}"
