"""What a body is made of: which tags mean what, and where what may stand."""

import re
from urllib.parse import urlsplit

from newsroom.clean_html import plain

PICTURE = re.compile(r"/media/[A-Za-z0-9_-]{20,64}\.(?:jpg|png|webp|avif|gif)")
RECORDING = re.compile(r"/media/[0-9a-f]{32}\.(?:flac|m4a|mp3|mp4|ogg|ogv|wav|webm)")
SPAN = re.compile(r"[1-9][0-9]?")
ADDRESS = re.compile(r"(?:https?://[^\s\\/]|mailto:[^\s]|/(?![/\\]))\S*", re.IGNORECASE)

# What browsers leave out of an address, and what stands for a space in one.
LEFT_OUT = re.compile(r"[\t\n\r]")

UNREAD = frozenset(
    [
        *("canvas", "datalist", "embed", "head", "iframe", "map", "math", "noscript"),
        *("object", "script", "select", "style", "svg", "template", "textarea", "title"),
        "xml",
    ]
)
PARAGRAPHS = frozenset(
    [
        *("address", "article", "body", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "footer", "form", "header", "html", "legend", "main", "nav", "p", "pre"),
        *("section", "summary"),
    ]
)
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}

# Where what may stand; elsewhere it moves behind the block it was in.
BLOCKS = {
    "body": frozenset(
        ["p", "h2", "h3", "ul", "ol", "blockquote", "hr", "figure", "table", "aside"]
    ),
    "item": frozenset(["p", "ul", "ol"]),
    "quote": frozenset(["p", "ul", "ol"]),
    "cell": frozenset(["p"]),
    "line": frozenset(),
    "words": frozenset(),
}
MOVED = frozenset(["figure", "table", "aside"])
SET_APART = frozenset(["audio", "figure", "img", "table", "video"])


def address(written: str) -> str | None:
    """The address of a link as it is kept, or None for one that leads nowhere."""
    href = plain(LEFT_OUT.sub("", written).strip()).replace(" ", "%20")
    if not ADDRESS.fullmatch(href):
        return None
    try:
        urlsplit(href)
    except ValueError:
        return None
    return href
