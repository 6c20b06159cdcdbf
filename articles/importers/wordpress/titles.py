"""The titles of what a post embeds, as the old site had them from the other side (oEmbed): kept in
custom fields of the post, as HTML."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from articles.html_tree import read
from articles.importers.wordpress.records import PostRecord

TITLE = re.compile(r"""\btitle=(?:"([^"]{1,300})"|'([^']{1,300})')""")
SHORTEST = 6  # letters of what names a film or a post in an address


def title_in(post: PostRecord, address: str) -> str:
    """Empty where nothing is known of it."""
    name = _name_in(address)
    for key, value in post.meta:
        is_one = key.startswith("_oembed_") and not key.startswith("_oembed_time_")
        if is_one and (address in value or (len(name) >= SHORTEST and name in value)):
            found = TITLE.search(value)
            title = unescape(found[1] or found[2]) if found else _linked(value, address)
            return " ".join(title.split())[:200]
    return ""


def _name_in(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    video = parse_qs(parts.query).get("v", [""])[0]
    return video or parts.path.rstrip("/").rpartition("/")[2]


def _linked(html: str, address: str) -> str:
    links = [each for each in read(html).all("a") if each.attributes.get("href") == address]
    return next((each.text for each in links if each.text.strip()), "")
