"""RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, from what articles/feeds/ tells of pieces.

Each item comes with the keys of `articles.feeds.pieces.told`; a feed of other things leaves them
out.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from django.utils.feedgenerator import (
    Atom1Feed,
    Rss201rev2Feed,
    SyndicationFeed,
    rfc3339_date,
)
from django.utils.xmlutils import SimplerXMLGenerator

from articles.feeds.names import name_of
from articles.models import Article

# RFC 4287 wants a date of every feed: an empty one has one that never changes.
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


class Format(SyndicationFeed):
    """As new as the newest of what is in it, and of what it knows to be gone."""

    extension: str
    label: str
    content_type: str
    # Items that are written already, below those of `items`, and when the newest of them changed.
    finished: Sequence[str] = ()
    finished_at: datetime = BEFORE_ALL

    def item_text(self) -> str:
        """Its items, as they stand in it."""
        text = StringIO()
        self.write_items(SimplerXMLGenerator(text, "utf-8", short_empty_elements=True))
        return text.getvalue()

    def write_items(self, handler: Any) -> None:
        super().write_items(handler)  # type: ignore[misc]
        for text in self.finished:
            handler.ignorableWhitespace(text)  # which writes it as it is

    @property
    def gone(self) -> Iterable[Article]:
        pieces: Iterable[Article] = self.feed.get("gone", ())
        return pieces

    @property
    def hub(self) -> str:
        return str(self.feed.get("hub", ""))

    def latest_post_date(self) -> datetime:
        moments = [self.finished_at, *(piece.withdrawn_at for piece in self.gone)]
        moments += [item[key] for item in self.items for key in ("pubdate", "updateddate")]
        return max(moment for moment in moments if moment)

    def own_language(self, item: dict[str, Any]) -> str:
        """The language of an item where it is another than that of the feed."""
        language = str(item.get("language", ""))
        return "" if language == self.feed["language"] else language


class Rss(Format, Rss201rev2Feed):
    extension, label = "rss", "RSS"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.hub:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.hub})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for author in item.get("authors", ()):
            handler.addQuickElement("dc:creator", author.name)
        if language := self.own_language(item):
            handler.addQuickElement("dc:language", language)
        if item.get("credit"):
            handler.addQuickElement("dc:rights", item["credit"])
        if item["updateddate"]:
            handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        if source := item.get("source"):
            handler.addQuickElement("source", source.name, {"url": source.feed})
        if lead := item.get("lead"):
            self._add_picture(handler, lead)
        if item.get("content"):
            handler.addQuickElement("content:encoded", item["content"])

    def _add_picture(self, handler: Any, lead: Any) -> None:
        size = {"width": str(lead.width), "height": str(lead.height)}
        about = {"url": lead.address, "type": lead.type, "medium": "image"}
        handler.startElement("media:content", about | size)
        if lead.credit:
            handler.addQuickElement("media:credit", lead.credit)
        handler.endElement("media:content")


class Atom(Format, Atom1Feed):
    """Also tells what is gone (RFC 6721), so that readers' programs drop it too, and where the
    replies are (RFC 4685)."""

    extension, label = "atom", "Atom"

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {
            "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
            "xmlns:thr": "http://purl.org/syndication/thread/1.0",
        }

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.hub:
            handler.addQuickElement("link", "", {"rel": "hub", "href": self.hub})

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        language = self.own_language(item)
        return {"xml:lang": language} if language else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for author in item.get("authors", ()):
            handler.startElement("author", {})
            handler.addQuickElement("name", author.name)
            handler.addQuickElement("uri", author.address)
            handler.endElement("author")
        if item.get("credit"):
            handler.addQuickElement("rights", item["credit"])
        if item.get("original"):
            handler.addQuickElement("link", "", {"rel": "via", "href": item["original"]})
        if replies := item.get("replies"):
            link = {"rel": "replies", "type": "application/atom+xml", "href": replies.feed}
            handler.addQuickElement("link", "", link | {"thr:count": str(replies.number)})
        if above := item.get("in_reply_to"):
            handler.addQuickElement("thr:in-reply-to", "", above)
        if item.get("content"):
            handler.addQuickElement("content", item["content"], {"type": "html"})

    def write_items(self, handler: Any) -> None:
        super().write_items(handler)
        for piece in self.gone:
            assert piece.withdrawn_at is not None
            about = {
                "ref": name_of(piece, piece.created_at),
                "when": rfc3339_date(piece.withdrawn_at),
            }
            handler.startElement("at:deleted-entry", about)
            if piece.withdrawn_reason:
                handler.addQuickElement("at:comment", piece.withdrawn_reason)
            handler.endElement("at:deleted-entry")


class JsonFeed(Format):
    """https://www.jsonfeed.org/version/1.1/"""

    extension, label = "json", "JSON Feed"
    content_type = "application/feed+json"

    def write(self, outfile: Any, encoding: str) -> None:
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"], "url": self.feed["author_link"]}],
            "hubs": [{"type": "WebSub", "url": self.hub}] if self.hub else None,
        }
        beginning = json.dumps(_given(document), ensure_ascii=False).removesuffix("}")
        outfile.write(f'{beginning}, "items": [{", ".join([*self._texts(), *self.finished])}]}}')

    def item_text(self) -> str:
        return ", ".join(self._texts())

    def _texts(self) -> list[str]:
        items = (_given(self._item(item)) for item in self.items)
        return [json.dumps(item, ensure_ascii=False) for item in items]

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "external_url": item["elsewhere"],
            "title": item["title"],
            "content_html": item["content"],
            "summary": item["summary"],
            "image": item["lead"] and item["lead"].address,
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": [{"name": each.name, "url": each.address} for each in item["authors"]],
            "tags": item["categories"],
            "language": self.own_language(item),
        }


def _given(members: dict[str, Any]) -> dict[str, Any]:
    """Without those that hold nothing."""
    return {name: value for name, value in members.items() if value}


FORMATS: tuple[type[Format], ...] = (Rss, Atom, JsonFeed)
