"""ninjs (IPTC's News in JSON) 1.x, 2.x and 3.x: the same names, written in three ways."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from articles.importers.errors import Refused
from articles.importers.wire.document import Picture, Subject, WireDocument
from articles.importers.wire.kept_back import parted
from articles.importers.wire.moments import embargo_of, moment_of
from articles.importers.wire.wording import (
    paragraphs_of,
    signal_of,
    status_of,
    urgency_of,
    version_of,
)

FORMAT = "ninjs"
# What makes JSON a ninjs at all.
OWN = frozenset({"uri", "guid"})
EMBARGOES = ("embargoed", "embargoeduntil", "embargo")
STANDFIRSTS = ("summary", "standfirst", "description", "deck", "short", "")
CAPTIONS = ("caption", "")
SIZES = ("original", "highres", "hires", "main", "web", "large", "preview", "")


def read(data: Any) -> list[WireDocument]:
    """One document, those of a list, or those of an object that holds a list of items.

    Raises Refused for JSON that is no ninjs.
    """
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        data = data["items"]
    rows = data if isinstance(data, list) else [data]
    items = [Item(row) for row in rows if isinstance(row, dict)]
    if not items or not all(OWN & item.keys() for item in items):
        raise Refused(_("This JSON is no ninjs: it has no “uri”."))
    return [_document(item) for item in items]


class Item:
    """An object of JSON whose names are found however their letters are written: versionCreated,
    versioncreated. What is of another type than expected counts as not there."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = {name.casefold(): value for name, value in row.items()}

    def keys(self) -> frozenset[str]:
        return frozenset(self.row)

    def text(self, *names: str) -> str:
        """The first of these that says anything; a number as its digits."""
        for name in names:
            value = self.row.get(name)
            if isinstance(value, bool) or value is None:
                continue
            if isinstance(value, str | int | float) and str(value).strip():
                return str(value).strip()
        return ""

    def rows(self, *names: str) -> Iterator["Item"]:
        """The objects in the lists, or in the objects by name, that these hold."""
        for name in names:
            value = self.row.get(name)
            if isinstance(value, dict):
                listed = [
                    {"name": key} | each for key, each in value.items() if isinstance(each, dict)
                ]
            else:
                listed = [each for each in _listed(value) if isinstance(each, dict)]
            yield from map(Item, listed)

    def words(self, *names: str) -> list[str]:
        """The texts in the lists, or the names of the objects in them."""
        found: list[str] = []
        for name in names:
            value = self.row.get(name)
            for each in _listed(value) or [value]:
                word = Item(each).text("name", "literal") if isinstance(each, dict) else each
                if isinstance(word, str) and word.strip():
                    found.append(word.strip())
        return found

    def by_role(self, name: str, roles: tuple[str, ...]) -> str:
        """The value of the row of a list that has the best of these roles, else of the first."""
        rows = [row for row in self.rows(name) if row.text("value")]
        ranked = {row.text("role").casefold(): row for row in reversed(rows)}
        best = next((ranked[role] for role in roles if role in ranked), None)
        chosen = best or next(iter(rows), None)
        return chosen.text("value") if chosen else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _document(item: Item) -> WireDocument:
    body, is_made_of_descriptions = _body(item)
    html, kept = parted(body)
    advisory = tuple(item.words("ednote"))
    told = [_embargo(item.row[name]) for name in EMBARGOES if name in item.row]
    moment, is_unclear = embargo_of(*told)
    genres = item.words("genre", "genres") + [row.text("code") for row in item.rows("genres")]
    standfirst = item.text("description_text") or item.by_role("descriptions", STANDFIRSTS)
    return WireDocument(
        format=FORMAT,
        guid=item.text("uri", "guid"),
        version=version_of(item.text("version") or "1"),
        provider=_provider(item),
        pub_status=status_of(item.text("pubstatus")),
        signal=signal_of([*genres, *item.words("signals", "signal")], advisory),
        embargo=moment,
        embargo_is_unclear=is_unclear,
        urgency=urgency_of(item.text("urgency")),
        sent_at=moment_of(item.text("versioncreated")),
        first_sent_at=moment_of(item.text("firstcreated")),
        slugline=item.text("slugline"),
        headline=item.text("headline") or item.by_role("headlines", ("main", "", "short")),
        standfirst="" if is_made_of_descriptions else standfirst,
        dateline=item.text("dateline", "located"),
        byline=item.text("byline", "by") or ", ".join(item.words("bylines")),
        credit=item.text("creditline", "copyrightnotice"),
        body=html,
        kept_back=kept,
        advisory=advisory,
        language=item.text("language"),
        address=_address(item),
        rights=item.text("copyrightnotice") or _rights(item, "copyrightnotice"),
        usage_terms=item.text("usageterms") or _rights(item, "usageterms"),
        subjects=_subjects(item),
        keywords=tuple(item.words("keywords")),
        pictures=tuple(_pictures(item)),
    )


def _embargo(value: Any) -> str | None:
    """null is an empty one: the document speaks of an embargo and does not say until when."""
    return value if isinstance(value, str) else "" if value is not False else None


def _body(item: Item) -> tuple[str, bool]:
    """As HTML; and whether descriptions stand in for it, as in items that have nothing else."""
    if html := item.text("body_xhtml", "body_html"):
        return html, False
    if text := item.text("body_text"):
        return paragraphs_of(text), False
    rows = [row for row in item.rows("bodies") if row.text("value")]
    rows.sort(key=lambda row: "html" not in row.text("contenttype"))
    if rows:
        return _html_of(rows[0]), False
    texts = [row for row in item.rows("descriptions") if row.text("role") in {"text", "body"}]
    return "".join(_html_of(row) for row in texts), bool(texts)


def _html_of(row: Item) -> str:
    value = row.text("value")
    return value if "html" in row.text("contenttype") else paragraphs_of(value)


def _provider(item: Item) -> str:
    sources = [row.text("name") for row in item.rows("infosources", "infosource")]
    service = item.text("source", "copyrightholder")
    return next(iter([*filter(None, sources), service]), "")


def _rights(item: Item, name: str) -> str:
    return next((text for row in item.rows("rightsinfo") if (text := row.text(name))), "")


def _address(item: Item) -> str:
    own = item.text("url", "webcanonical", "canonical")
    uri = item.text("uri")
    return own or (uri if uri.startswith(("http://", "https://")) else "")


def _subjects(item: Item) -> tuple[Subject, ...]:
    rows = item.rows("subject", "subjects")
    return tuple(
        Subject(row.text("code", "uri", "qcode", "literal"), row.text("name")) for row in rows
    )


def _pictures(item: Item) -> Iterator[Picture]:
    for row in item.rows("associations"):
        if row.text("type") not in {"picture", "graphic"}:
            continue
        files = {each.text("name").casefold(): each.text("href") for each in row.rows("renditions")}
        address = next((files[size] for size in SIZES if files.get(size)), "")
        address = address or next(filter(None, files.values()), "") or row.text("href")
        if address:
            yield Picture(
                address=address,
                alt=row.text("alttext", "altText"),
                caption=row.text("description_text")
                or row.by_role("descriptions", ("caption", "")),
                credit=row.text("creditline", "byline", "by", "copyrightholder"),
            )
