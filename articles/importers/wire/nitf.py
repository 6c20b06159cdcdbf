"""NITF (IPTC's News Industry Text Format, 3.x), as a document of its own or within NewsML."""

from typing import Any

from articles.html_tree import Element, write
from articles.importers.closed_xml import (
    attribute,
    below,
    find,
    find_all,
    first_below,
    local,
    text_of,
)
from articles.importers.wire.document import Picture, PubStatus, Subject, WireDocument
from articles.importers.wire.kept_back import parted
from articles.importers.wire.moments import embargo_of, moment_of
from articles.importers.wire.wording import (
    KILLS,
    signal_of,
    status_of,
    urgency_of,
    version_of,
)

FORMAT = "NITF"
# Tags of NITF that have another name in HTML; all others that HTML has stay.
TAGS = {"hl2": "h2", "lang": "span", "q": "q", "bq": "blockquote", "block": "div", "fn": "small"}
LEFT_OUT = frozenset({"media", "media-reference", "media-metadata", "nitf-table-metadata"})


def read(root: Any) -> list[WireDocument]:
    head, body = find(root, "head"), find(root, "body")
    data = first_below(root, "docdata")
    html, kept = parted(html_of(find(body, "body.content") if body is not None else None))
    advisory = _advisory(data)
    return [
        WireDocument(
            format=FORMAT,
            guid=_guid(data, head),
            version=_version(data),
            provider=_provider(data, body),
            pub_status=_status(data, advisory),
            signal=signal_of([attribute(data, "management-status")], advisory),
            **_embargo(data),
            urgency=urgency_of(attribute(first_below(root, "urgency"), "ed-urg")),
            sent_at=moment_of(attribute(first_below(root, "date.issue"), "norm")),
            slugline=_slugline(data),
            body=html,
            kept_back=kept,
            advisory=advisory,
            rights=_rights(data),
            subjects=subjects_of(root),
            keywords=tuple(attribute(each, "key") for each in below(root, "keyword")),
            pictures=pictures_of(root),
            language=attribute(root, "lang"),
            **lines_of(root),
        )
    ]


def lines_of(root: Any) -> dict[str, Any]:
    """headline, standfirst, byline, dateline and credit of the head of the body."""
    top = first_below(root, "body.head")
    headline = text_of(first_below(root, "hl1")) or text_of(find(root, "head", "title"))
    if top is None:
        return {"headline": headline}
    return {
        "headline": headline or text_of(find(top, "hedline")),
        "standfirst": text_of(find(top, "abstract")),
        "byline": _byline(find(top, "byline")),
        "dateline": text_of(find(top, "dateline")),
        "credit": text_of(find(top, "distributor")),
    }


def _byline(byline: Any | None) -> str:
    """The people without their titles, which stand in an element of their own."""
    if byline is None:
        return ""
    people = [text_of(each) for each in find_all(byline, "person")]
    if people:
        return ", ".join(people)
    titles = [text_of(each) for each in below(byline, "byttl")]
    words = text_of(byline)
    for title in titles:
        words = words.replace(title, "") if title else words
    return words.strip(" ,;-")


def html_of(content: Any | None) -> str:
    """The body.content as HTML that is not cleaned yet. Pictures stand apart: `pictures_of()`."""
    if content is None:
        return ""
    return write(*_nodes(content))


def _nodes(element: Any) -> list[Element | str]:
    nodes: list[Element | str] = [element.text or ""]
    for child in element:
        name = local(child)
        if name and name not in LEFT_OUT:
            attributes = {}
            if name == "a" and (href := attribute(child, "href")):
                attributes["href"] = href
            nodes.append(Element(TAGS.get(name, name), attributes, _nodes(child)))
        nodes.append(child.tail or "")
    return [node for node in nodes if node]


def _guid(data: Any | None, head: Any | None) -> str:
    own = attribute(find(data, "doc-id"), "id-string") if data is not None else ""
    key = attribute(find(data, "du-key"), "key") if data is not None else ""
    return own or key or (attribute(find(head, "meta"), "content") if head is not None else "")


def _version(data: Any | None) -> int:
    if data is None:
        return 1
    key = find(data, "du-key")
    return version_of(attribute(key, "version") or attribute(data, "revision") or "1")


def _provider(data: Any | None, body: Any | None) -> str:
    if data is None:
        return ""
    source = attribute(find(data, "doc-id"), "regsrc")
    return source or attribute(find(data, "doc.copyright"), "holder")


def _status(data: Any | None, advisory: tuple[str, ...]) -> PubStatus:
    if any(KILLS.match(line) for line in advisory):
        return PubStatus.CANCELED
    return status_of(attribute(data, "management-status"))


def _advisory(data: Any | None) -> tuple[str, ...]:
    if data is None:
        return ()
    return tuple(line for each in find_all(data, "ed-msg") if (line := attribute(each, "info")))


def _embargo(data: Any | None) -> dict[str, Any]:
    found = find_all(data, "date.release") if data is not None else []
    status = attribute(data, "management-status").casefold()
    told: list[str | None] = [attribute(each, "norm") for each in found]
    if status == "embargoed" and not told:
        told = [""]
    moment, is_unclear = embargo_of(*told)
    return {"embargo": moment, "embargo_is_unclear": is_unclear}


def _slugline(data: Any | None) -> str:
    if data is None:
        return ""
    fixture = attribute(find(data, "fixture"), "fix-id")
    return fixture or attribute(find(data, "du-key"), "key")


def _rights(data: Any | None) -> str:
    holder = find(data, "doc.copyright") if data is not None else None
    if holder is None:
        return ""
    year, name = attribute(holder, "year"), attribute(holder, "holder")
    return " ".join(part for part in ("©", year, name) if part) if year or name else ""


def subjects_of(root: Any) -> tuple[Subject, ...]:
    subjects = []
    for each in below(root, "tobject.subject"):
        names = [
            attribute(each, f"tobject.subject.{part}") for part in ("detail", "matter", "type")
        ]
        code = attribute(each, "tobject.subject.refnum")
        subjects.append(Subject(code, next((name for name in names if name), "")))
    return tuple(subjects)


def pictures_of(root: Any) -> tuple[Picture, ...]:
    pictures = []
    for media in below(root, "media"):
        reference = find(media, "media-reference")
        source = attribute(reference, "source")
        if attribute(media, "media-type").casefold() in {"image", "photo", "picture"} and source:
            caption, credit = find(media, "media-caption"), find(media, "media-producer")
            alt = attribute(reference, "alternate-text")
            pictures.append(Picture(source, alt, text_of(caption), text_of(credit)))
    return tuple(pictures)
