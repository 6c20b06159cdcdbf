"""RSS and Atom, by feedparser: each entry is a document."""

import io
from calendar import timegm
from datetime import UTC, datetime
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from articles.html_tree import read as read_html
from articles.importers.errors import Refused
from articles.importers.wire.document import Picture, Subject, WireDocument
from articles.importers.wire.kept_back import parted
from articles.importers.wire.moments import embargo_of

FORMAT = "RSS or Atom"
EMBARGOES = ("embargoed", "embargoeduntil", "embargo")


def read(data: bytes) -> list[WireDocument]:
    """Raises Refused where no feed can be made out."""
    import feedparser  # noqa: PLC0415 - few processes read feeds

    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=True)
    if not feed.get("version"):
        raise Refused(_("This is no feed that can be read."))
    return [_document(entry, feed.feed) for entry in feed.entries if _name_of(entry)]


def _name_of(entry: Any) -> str:
    return str(entry.get("id") or entry.get("link") or "")


def _document(entry: Any, feed: Any) -> WireDocument:
    contents = [part.get("value", "") for part in entry.get("content", [])]
    summary = entry.get("summary", "")
    content = max(contents, key=len, default="") or summary
    html, kept = parted(_in_paragraphs(content))
    changed = entry.get("updated_parsed") or entry.get("published_parsed")
    sent_at = datetime.fromtimestamp(timegm(changed), UTC) if changed else None
    first = entry.get("published_parsed")
    told = [entry[name] for name in _embargoes(entry)]
    moment, is_unclear = embargo_of(*told)
    return WireDocument(
        format=FORMAT,
        guid=_name_of(entry),
        # A feed has no numbers: a later date is a newer version.
        version=max(timegm(changed), 1) if changed else 1,
        embargo=moment,
        embargo_is_unclear=is_unclear,
        provider=_words(entry.get("source", {}).get("title", "") or feed.get("title", "")),
        sent_at=sent_at,
        first_sent_at=datetime.fromtimestamp(timegm(first), UTC) if first else None,
        headline=_words(entry.get("title", "")),
        standfirst=_words(summary) if contents and summary else "",
        byline=", ".join(_authors(entry)),
        credit=_words(entry.get("rights", "")),
        body=html,
        kept_back=kept,
        language=entry.get("language", "") or feed.get("language", "") or "",
        address=_address(entry),
        rights=_words(entry.get("rights", "") or feed.get("rights", "")),
        subjects=tuple(
            Subject("", tag["term"]) for tag in entry.get("tags", []) if tag.get("term")
        ),
        pictures=tuple(_pictures(entry)),
    )


def _tags(entry: Any) -> list[Any]:
    return [tag for tag in entry.get("tags", []) if tag.get("term")]


def _embargoes(entry: Any) -> list[str]:
    return [name for name in entry if name.rpartition("_")[2] in EMBARGOES]


def _in_paragraphs(html: str) -> str:
    """Some feeds send words alone."""
    return html if "<" in html else f"<p>{html}</p>" if html.strip() else ""


def _words(html: str) -> str:
    return " ".join(read_html(html if "<" in html or "&" in html else escape(html)).text.split())


def _authors(entry: Any) -> list[str]:
    """Names alone: RSS has addresses of mail there, which are nobody's byline."""
    names = [author.get("name", "") for author in entry.get("authors", [])]
    return [_words(name) for name in names if name and "@" not in name]


def _address(entry: Any) -> str:
    link = str(entry.get("link") or "")
    return link if link.startswith(("http://", "https://")) else ""


def _pictures(entry: Any) -> list[Picture]:
    files = [*entry.get("media_content", []), *entry.get("enclosures", [])]
    credit = "".join(each.get("content", "") for each in entry.get("media_credit", []))
    found: dict[str, Picture] = {}
    for file in files:
        address = file.get("url") or file.get("href") or ""
        is_picture = "image" in (file.get("medium", ""), file.get("type", "").partition("/")[0])
        if address and is_picture:
            found.setdefault(address, Picture(address, credit=_words(credit)))
    return list(found.values())
