from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.feeds.base import SiteFeed
from articles.feeds.formats import Atom
from articles.feeds.names import name_of
from articles.models import Correction
from newsroom import site

CORRECTIONS = 30


class Corrections(SiteFeed):
    """What was corrected, clarified, updated or retracted, newest first."""

    feed_type = Atom

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return site.of(request)

    def page(self, obj: Any) -> str:
        return reverse("articles:corrections")

    def path(self, obj: Any) -> str:
        return reverse("articles:corrections_feed")

    def title(self, obj: Any) -> str:
        return _("Corrections – %(name)s") % {"name": obj.name}

    def author_name(self, obj: Any) -> str:
        return str(obj.name)

    def author_link(self, obj: Any) -> str:
        return settings.SITE_URL + reverse("articles:front")

    def items(self, obj: Any) -> Any:
        return Correction.objects.in_ledger()[:CORRECTIONS]

    def item_guid(self, item: Correction) -> str:
        return name_of(item, item.at)

    def item_title(self, item: Any) -> str:
        kind = str(item.get_kind_display())
        return f"{kind[:1].upper()}{kind[1:]}: {item.article.headline}"

    def item_description(self, item: Any) -> str:
        return escape(item.text)

    def item_pubdate(self, item: Correction) -> datetime:
        return item.at

    def item_updateddate(self, item: Correction) -> datetime:
        return item.at
