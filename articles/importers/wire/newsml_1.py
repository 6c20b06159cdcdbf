"""NewsML 1.0 to 1.2 (IPTC), with what AFP has made of it: advisory and product lines, NITF without
a head in the DataContent."""

from typing import Any

from articles.importers.closed_xml import attribute, below, find, find_all, first_below, text_of
from articles.importers.wire import nitf
from articles.importers.wire.document import Picture, PubStatus, Subject, WireDocument
from articles.importers.wire.kept_back import parted
from articles.importers.wire.moments import embargo_of, moment_of
from articles.importers.wire.wording import (
    KILLS,
    paragraphs_of,
    signal_of,
    status_of,
    urgency_of,
    version_of,
)

FORMAT = "NewsML 1"
SUBJECTS = ("SubjectDetail", "SubjectMatter", "Subject")
FOR_THE_DESK = frozenset({"AdvisoryLine", "ProductLine"})


def read(root: Any) -> list[WireDocument]:
    return [_document(root, item) for item in find_all(root, "NewsItem")]


def _document(root: Any, item: Any) -> WireDocument:
    name = first_below(item, "NewsIdentifier")
    management = find(item, "NewsManagement")
    advisory = _for_the_desk(item)
    html, kept = parted(_html(item))
    genres = [attribute(each, "FormalName") for each in below(item, "Genre")]
    status = attribute(first_below(item, "Status"), "FormalName")
    pub_status = status_of(status)
    if any(KILLS.match(line) for line in advisory):
        pub_status = PubStatus.CANCELED
    moment, is_unclear = embargo_of(*_embargoes(management, status))
    return WireDocument(
        format=FORMAT,
        guid=_guid(name),
        version=version_of(text_of(find(name, "RevisionId")) if name is not None else ""),
        provider=_provider(item, name),
        pub_status=pub_status,
        signal=signal_of(genres, advisory),
        embargo=moment,
        embargo_is_unclear=is_unclear,
        urgency=urgency_of(attribute(first_below(item, "Urgency"), "FormalName")),
        sent_at=moment_of(text_of(first_below(item, "ThisRevisionCreated"))),
        first_sent_at=moment_of(text_of(first_below(item, "FirstCreated"))),
        slugline=_line(item, "SlugLine") or text_of(first_below(item, "NameLabel")),
        headline=_line(item, "HeadLine"),
        standfirst=_line(item, "SubHeadLine"),
        dateline=_line(item, "DateLine"),
        byline=_line(item, "ByLine") or _creators(item),
        credit=_line(item, "CreditLine"),
        body=html,
        kept_back=kept,
        advisory=advisory,
        language=attribute(first_below(item, "Language"), "FormalName") or attribute(item, "lang"),
        rights=_line(item, "CopyrightLine") or _line(item, "RightsLine"),
        usage_terms=text_of(first_below(item, "UsageRights")),
        subjects=_subjects(item),
        keywords=_keywords(item),
        pictures=_pictures(item),
    )


def _guid(name: Any | None) -> str:
    """Without the number of the revision, which the public identifier ends with."""
    if name is None:
        return ""
    parts = [text_of(find(name, part)) for part in ("ProviderId", "DateId", "NewsItemId")]
    return ":".join(["urn:newsml", *parts]) if parts[2] else text_of(find(name, "PublicIdentifier"))


def _provider(item: Any, name: Any | None) -> str:
    party = first_below(item, "Provider")
    own = attribute(first_below(party, "Party"), "FormalName") if party is not None else ""
    return own or (text_of(find(name, "ProviderId")) if name is not None else "")


def _line(item: Any, name: str) -> str:
    return text_of(first_below(item, name))


def _for_the_desk(item: Any) -> tuple[str, ...]:
    lines = []
    for line in below(item, "NewsLine"):
        kind = attribute(find(line, "NewsLineType"), "FormalName")
        if kind in FOR_THE_DESK:
            lines += [text_of(each) for each in find_all(line, "NewsLineText")]
    notes = [text_of(each) for each in below(item, "EdNote", "Instruction")]
    return tuple(line for line in [*lines, *notes] if line)


def _creators(item: Any) -> str:
    creator = first_below(item, "Creator")
    if creator is None:
        return ""
    return ", ".join(
        name for each in below(creator, "Party") if (name := attribute(each, "FormalName"))
    )


def _embargoes(management: Any | None, status: str) -> list[str | None]:
    """Status “Embargoed”, with or without the moment at which it changes."""
    told: list[str | None] = []
    changes = find_all(management, "StatusWillChange") if management is not None else []
    for change in changes:
        to = attribute(find(change, "FutureStatus"), "FormalName")
        if not to or to.casefold() == "usable":
            told.append(text_of(find(change, "DateAndTime")))
    if status.casefold() == "embargoed" and not told:
        told.append("")
    return told if status.casefold() == "embargoed" else []


def _html(item: Any) -> str:
    for content in below(item, "DataContent"):
        body = first_below(content, "body.content", "body")
        inner = first_below(content, "body.content")
        element = inner if inner is not None else body if body is not None else content
        if not len(element):
            if words := "".join(element.itertext()).strip("\n"):
                return paragraphs_of(words)
        elif html := nitf.html_of(element).strip():
            return html
    return ""


def _subjects(item: Any) -> tuple[Subject, ...]:
    codes = [attribute(each, "FormalName") for each in below(item, *SUBJECTS)]
    return tuple(Subject(code) for code in dict.fromkeys(codes) if code)


def _keywords(item: Any) -> tuple[str, ...]:
    rows = below(item, "Property")
    words = [attribute(row, "Value") for row in rows if attribute(row, "FormalName") == "Keyword"]
    return tuple(dict.fromkeys(word for word in words if word))


def _pictures(item: Any) -> tuple[Picture, ...]:
    """Those whose files the document names: the widest of each component."""
    pictures = []
    for component in below(item, "NewsComponent"):
        files = [
            each
            for each in find_all(component, "ContentItem")
            if attribute(each, "Href")
            and attribute(find(each, "MediaType"), "FormalName").casefold() == "photo"
        ]
        if files:
            best = max(files, key=_width)
            caption = text_of(find(component, "NewsLines", "HeadLine"))
            credit = text_of(find(component, "NewsLines", "CreditLine"))
            pictures.append(Picture(attribute(best, "Href"), "", caption, credit))
    return tuple(pictures)


def _width(content: Any) -> int:
    rows = below(content, "Property")
    widths = [attribute(row, "Value") for row in rows if attribute(row, "FormalName") == "Width"]
    return max((int(width) for width in widths if width.isdecimal()), default=0)
