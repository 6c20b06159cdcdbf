"""NewsML-G2 (IPTC, 2.x): a newsItem alone, or several in a newsMessage. Text as NITF, XHTML or
plain; what else a message brings (packages, concepts) is passed over."""

from typing import Any

from articles.importers.closed_xml import (
    attribute,
    below,
    find,
    find_all,
    first_below,
    local,
    text_of,
)
from articles.importers.wire import nitf
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

FORMAT = "NewsML-G2"
DESCRIPTIONS = ("standfirst", "summary", "lead", "deck", "")
RENDITIONS = ("rnd:highRes", "rnd:hires", "rnd:web", "rnd:preview", "")


def read(root: Any) -> list[WireDocument]:
    items = [root] if local(root) == "newsItem" else below(root, "newsItem")
    pictures = tuple(each for item in items if _is_picture(item) for each in _pictures(item))
    texts = [item for item in items if not _is_picture(item)]
    documents = [_document(item) for item in texts]
    if len(documents) == 1 and pictures and not documents[0].pictures:
        documents = [_document(texts[0], pictures)]  # sent together: they belong together
    return documents


def _is_picture(item: Any) -> bool:
    kind = attribute(find(item, "itemMeta", "itemClass"), "qcode")
    return kind.endswith((":picture", ":graphic"))


def _document(item: Any, pictures: tuple[Picture, ...] = ()) -> WireDocument:
    meta, about = find(item, "itemMeta"), find(item, "contentMeta")
    inside = first_below(item, "nitf")
    html, kept = parted(_html(item))
    lines: dict[str, str] = nitf.lines_of(inside) if inside is not None else {}
    advisory = tuple(text for each in _all(meta, "edNote") if (text := text_of(each)))
    signals = [attribute(each, "qcode") for each in _all(meta, "signal")]
    genres = [attribute(each, "qcode") for each in _all(about, "genre")]
    moment, is_unclear = embargo_of(*(text_of(each) for each in _all(meta, "embargoed")))
    own = {
        "headline": _headline(about),
        "standfirst": _by_role(about, "description", DESCRIPTIONS),
        "byline": _one(about, "by") or _creators(about),
        "dateline": _one(about, "dateline"),
        "credit": _one(about, "creditline"),
    }
    return WireDocument(
        format=FORMAT,
        guid=attribute(item, "guid"),
        version=version_of(attribute(item, "version") or "1"),
        provider=_provider(meta),
        pub_status=status_of(attribute(find_in(meta, "pubStatus"), "qcode")),
        signal=signal_of([*signals, *genres], advisory),
        embargo=moment,
        embargo_is_unclear=is_unclear,
        urgency=urgency_of(_one(about, "urgency")),
        sent_at=moment_of(_one(meta, "versionCreated")),
        first_sent_at=moment_of(_one(meta, "firstCreated")),
        slugline=_one(about, "slugline"),
        body=html,
        kept_back=kept,
        advisory=advisory,
        language=attribute(find_in(about, "language"), "tag") or attribute(item, "lang"),
        rights=_rights(item, "copyrightNotice") or _holder(item),
        usage_terms=_rights(item, "usageTerms"),
        subjects=_subjects(about),
        keywords=tuple(text_of(each) for each in _all(about, "keyword")),
        pictures=pictures or _pictures(item),
        **_either(own, lines),
    )


def _either(own: dict[str, str], others: dict[str, str]) -> dict[str, Any]:
    return {name: value or others.get(name, "") for name, value in own.items()}


def find_in(element: Any | None, name: str) -> Any | None:
    return find(element, name) if element is not None else None


def _all(element: Any | None, name: str) -> list[Any]:
    return find_all(element, name) if element is not None else []


def _one(element: Any | None, name: str) -> str:
    return text_of(find_in(element, name))


def _headline(about: Any | None) -> str:
    main = [each for each in _all(about, "headline") if not attribute(each, "role")]
    return text_of(next(iter(main or _all(about, "headline")), None))


def _by_role(about: Any | None, name: str, roles: tuple[str, ...]) -> str:
    """The first that has one of these roles, the best of them first."""
    found = {attribute(each, "role").rpartition(":")[2]: each for each in _all(about, name)}
    return text_of(next((found[role] for role in roles if role in found), None))


def _creators(about: Any | None) -> str:
    names = [text_of(find(each, "name")) for each in _all(about, "creator")]
    return ", ".join(name for name in names if name)


def _provider(meta: Any | None) -> str:
    provider = find_in(meta, "provider")
    name = text_of(find(provider, "name")) if provider is not None else ""
    code = attribute(provider, "literal") or attribute(provider, "qcode").rpartition(":")[2]
    return name or code


def _rights(item: Any, name: str) -> str:
    return "\n".join(text_of(each) for each in find_all(item, "rightsInfo", name))


def _holder(item: Any) -> str:
    return text_of(find(item, "rightsInfo", "copyrightHolder"))


def _subjects(about: Any | None) -> tuple[Subject, ...]:
    return tuple(
        Subject(attribute(each, "qcode") or attribute(each, "uri"), text_of(find(each, "name")))
        for each in _all(about, "subject")
    )


def _html(item: Any) -> str:
    """The first content that says anything: NITF, XHTML, or plain."""
    for content in find_all(item, "contentSet", "inlineXML"):
        inner = first_below(content, "body.content")
        body = inner if inner is not None else first_below(content, "body")
        if html := nitf.html_of(body if body is not None else content).strip():
            return html
    for content in find_all(item, "contentSet", "inlineData"):
        if words := "".join(content.itertext()).strip("\n"):
            kind = attribute(content, "contenttype")
            return words if "html" in kind else paragraphs_of(words)
    return ""


def _pictures(item: Any) -> tuple[Picture, ...]:
    about = find(item, "contentMeta")
    remote = [
        each
        for each in find_all(item, "contentSet", "remoteContent")
        if attribute(each, "contenttype").startswith("image/") and attribute(each, "href")
    ]
    if not remote:
        return ()
    best = min(remote, key=_rank)
    caption = _by_role(about, "description", ("caption", ""))
    alt = _by_role(about, "description", ("altText", "alt"))
    return (Picture(attribute(best, "href"), alt, caption, _one(about, "creditline")),)


def _rank(content: Any) -> int:
    rendition = attribute(content, "rendition")
    return RENDITIONS.index(rendition) if rendition in RENDITIONS else len(RENDITIONS)
