"""Feeds and sitemaps as strict programs read them: by a parser that repairs nothing, and a schema.

The schemas hold what this site uses of each standard, and allow nothing else.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
from django.http import HttpResponse
from django.test import Client
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
MIMES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}
STRICT = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)


def xml_of(response: HttpResponse, schema: str) -> Any:
    """The root element of an answer that is valid by one of SCHEMAS."""
    assert response.status_code == 200
    root = etree.fromstring(response.content, STRICT)
    rules = etree.RelaxNG(etree.parse(SCHEMAS / f"{schema}.rng"))
    rules.assertValid(root)
    return root


def sitemap_at(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return xml_of(response, "sitemap")  # type: ignore[arg-type]


def feed_at(client: Client, path: str) -> Any:
    """What feedparser makes of a valid feed in XML, its entries with what they are told to hold."""
    response: Any = client.get(path)
    kind = path.partition("?")[0].rpartition(".")[2]
    assert response["Content-Type"] == MIMES[kind]
    xml_of(response, kind)
    feed = feedparser.parse(response.content, sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def json_at(client: Client, path: str) -> dict[str, Any]:
    """A feed that keeps to https://www.jsonfeed.org/version/1.1/."""
    response: Any = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == MIMES["json"]
    feed: dict[str, Any] = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    _assert_members(feed, JSON_FEED, required={"version", "title", "items"})
    for item in feed["items"]:
        _assert_members(item, JSON_ITEM, required={"id", "url", "content_html"})
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name]).tzinfo
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed


JSON_FEED = {
    **dict.fromkeys(("version", "title", "description", "language"), str),
    **dict.fromkeys(("home_page_url", "feed_url"), "address"),
    **dict.fromkeys(("authors", "hubs", "items"), list),
}
JSON_ITEM = {
    **dict.fromkeys(("id", "title", "content_html", "summary", "language"), str),
    **dict.fromkeys(("url", "external_url", "image"), "address"),
    **dict.fromkeys(("date_published", "date_modified"), str),
    **dict.fromkeys(("authors", "tags"), list),
}


def _assert_members(given: dict[str, Any], known: dict[str, Any], required: set[str]) -> None:
    assert required <= given.keys() <= known.keys()
    for name, value in given.items():
        if known[name] == "address":
            assert re.match("https?://.", value), name
        else:
            assert isinstance(value, known[name]), name
        assert value or name == "items", name
    for author in given.get("authors", []):
        assert author.keys() == {"name", "url"}
        assert author["name"] and re.match("https?://.", author["url"])
