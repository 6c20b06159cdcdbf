from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db import models
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.models import Article, Correction
from newsroom import site

PIECES = 30
TOMBSTONES = 30
CORRECTIONS = 30


def name_of(row: models.Model, since: datetime) -> str:
    """What a feed calls a row (RFC 4151): the same for ever, whatever becomes of its address."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{since:%Y-%m-%d}:{row._meta.model_name}/{row.pk}"


class AtomWithTombstones(Atom1Feed):
    """Also tells what is gone (RFC 6721), so that readers' programs drop it too."""

    tombstones: Iterable[Article]

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:at": "http://purl.org/atompub/tombstones/1.0"}

    def write_items(self, handler: Any) -> None:
        super().write_items(handler)
        for piece in self.feed["tombstones"]:
            about = {
                "ref": name_of(piece, piece.created_at),
                "when": rfc3339_date(piece.withdrawn_at),
            }
            handler.startElement("at:deleted-entry", about)
            if piece.withdrawn_reason:
                handler.addQuickElement("at:comment", piece.withdrawn_reason)
            handler.endElement("at:deleted-entry")

    def latest_post_date(self) -> datetime:
        ends: list[datetime] = [piece.withdrawn_at for piece in self.feed["tombstones"]]
        if self.items or not ends:
            ends.append(super().latest_post_date())
        return max(ends)


class LatestRss(Feed):
    """The newest pieces: headline, standfirst, section and date."""

    link = reverse_lazy("articles:front")
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return site.of(request)

    def title(self, obj: Any) -> str:
        return str(obj.name)

    def description(self, obj: Any) -> str:
        return str(obj.tagline or obj.name)

    def items(self, obj: Any) -> Any:
        return Article.objects.published().for_listing()[:PIECES]

    def item_guid(self, item: Article) -> str:
        return name_of(item, item.created_at)

    def item_title(self, item: Any) -> str:
        return str(item.headline)

    def item_description(self, item: Any) -> str:
        return escape(item.standfirst)  # feeds take it for HTML

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return item.modified_at

    def item_categories(self, item: Article) -> list[str]:
        return [item.section.name]


class LatestAtom(LatestRss):
    feed_type = AtomWithTombstones
    subtitle = LatestRss.description

    def author_name(self, obj: Any) -> str:
        """RFC 4287 asks for an author: the paper, where its entries name none."""
        return str(obj.name)

    def feed_extra_kwargs(self, obj: Any) -> dict[str, Any]:
        gone = Article.objects.gone().order_by("-withdrawn_at", "-pk")
        last = gone.only("created_at", "withdrawn_at", "withdrawn_reason")[:TOMBSTONES]
        return {"tombstones": list(last)}


class Corrections(Feed):
    """What was corrected, clarified, updated or retracted, newest first."""

    feed_type = Atom1Feed
    link = reverse_lazy("articles:corrections")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return site.of(request)

    def title(self, obj: Any) -> str:
        return _("Corrections – %(name)s") % {"name": obj.name}

    def author_name(self, obj: Any) -> str:
        return str(obj.name)

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
