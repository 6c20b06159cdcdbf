"""An <item> of an export: a post with its replies, whatever is missing in it."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from articles.importers.closed_xml import local
from articles.importers.errors import Place
from articles.importers.wordpress.dates import SiteClock
from articles.importers.wordpress.records import PostRecord, ReplyRecord

LONGEST_NUMBER = 18  # digits


class _Fields:
    """The children of an element by their local names: <content:encoded> and <excerpt:encoded>
    have the same, and are told apart by their namespaces."""

    def __init__(self, element: Any) -> None:
        self.values: dict[str, str] = {}
        for child in element:
            name = local(child)
            if name == "encoded":
                name = "excerpt" if "/excerpt/" in child.tag else "content"
            if name and len(child) == 0:
                self.values.setdefault(name, child.text or "")

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def number(self, name: str) -> int:
        text = self.text(name)
        is_one = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
        return int(text) if is_one else 0


def post_of(element: Any, place: Place, clock: SiteClock) -> tuple[PostRecord, list[str]]:
    """The record, and in sentences what was missing in it and what was taken instead."""
    fields, mended = _Fields(element), []
    kind = fields.text("post_type") or "post"
    status = fields.text("status") or "publish"
    at, is_plain = clock.moment(
        fields.text("post_date_gmt"), fields.text("post_date"), fields.text("pubDate")
    )
    changed_at, _is_plain = clock.moment(
        fields.text("post_modified_gmt"), fields.text("post_modified")
    )
    number = fields.number("post_id")
    if not number:
        mended.append(_("It has no number (wp:post_id)."))
    if status == "publish" and kind in {"post", "page"}:
        if at is None:
            mended.append(_("No date of it can be read."))
        elif not is_plain:
            mended.append(_("Its date in UTC is missing: it was made out from another."))
        if not fields.text("title"):
            mended.append(_("Its title is missing."))
        if not fields.text("post_name"):
            mended.append(_("Its slug (wp:post_name) is missing."))
    item = f"{kind} {number}" if number else place.item
    place = Place(place.file, place.line, item)
    post = PostRecord(
        number=number,
        type=kind,
        status=status,
        title=fields.text("title"),
        link=fields.text("link"),
        guid=fields.text("guid"),
        creator=fields.text("creator"),
        at=at,
        changed_at=changed_at,
        slug=fields.text("post_name") or _slug_in(fields.text("link")),
        text=fields.values.get("content", ""),
        excerpt=fields.text("excerpt"),
        password=fields.text("post_password"),
        parent=fields.number("post_parent"),
        position=fields.number("menu_order"),
        is_sticky=fields.text("is_sticky") == "1",
        takes_replies=fields.text("comment_status") != "closed",
        terms=_terms(element),
        meta=_meta(element, "postmeta"),
        file_address=fields.text("attachment_url"),
        replies=_replies(element, place, clock),
        place=place,
    )
    return post, mended


def _slug_in(link: str) -> str:
    """Of an address that says something: not of ?p=17."""
    try:
        path = urlsplit(link).path
    except ValueError:
        return ""
    last = path.rstrip("/").rpartition("/")[2]
    return "" if last.isdigit() else last.removesuffix(".html")


def _terms(element: Any) -> tuple[tuple[str, str, str], ...]:
    found = []
    for child in element:
        if local(child) == "category":
            taxonomy = child.get("domain", "category")
            name = (child.text or "").strip()
            slug = child.get("nicename", "") or name
            if slug:
                found.append(("post_tag" if taxonomy == "tag" else taxonomy, slug, name or slug))
    return tuple(dict.fromkeys(found))


def _meta(element: Any, kind: str) -> tuple[tuple[str, str], ...]:
    rows = []
    for child in element:
        if local(child) == kind:
            values = {local(each): each.text or "" for each in child}
            rows.append((values.get("meta_key", "").strip(), values.get("meta_value", "")))
    return tuple(rows)


def _replies(element: Any, place: Place, clock: SiteClock) -> tuple[ReplyRecord, ...]:
    return tuple(_reply(child, place, clock) for child in element if local(child) == "comment")


def _reply(element: Any, place: Place, clock: SiteClock) -> ReplyRecord:
    fields = _Fields(element)
    at, _is_plain = clock.moment(fields.text("comment_date_gmt"), fields.text("comment_date"))
    number = fields.number("comment_id")
    return ReplyRecord(
        number=number,
        text=fields.values.get("comment_content", ""),
        name=fields.text("comment_author"),
        email=fields.text("comment_author_email"),
        website=fields.text("comment_author_url"),
        network=fields.text("comment_author_IP"),
        at=at,
        approved=fields.text("comment_approved") or "1",
        type=fields.text("comment_type"),
        parent=fields.number("comment_parent"),
        user=fields.number("comment_user_id"),
        place=Place(place.file, place.line, f"{place.item}, comment {number}"),
    )
