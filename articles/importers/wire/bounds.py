"""No document says more than there is room for, nor anything that no page can hold."""

from dataclasses import fields, replace

from django.utils.translation import gettext as _

from articles.importers.errors import Place, Refused
from articles.importers.wire.document import Picture, Subject, WireDocument
from newsroom.clean_html import plain

# In characters, as articles/models/wire_item.py has room for; what is longer is cut.
LINES = {
    "provider": 120,
    "slugline": 160,
    "headline": 300,
    "standfirst": 5000,
    "dateline": 160,
    "byline": 300,
    "credit": 300,
    "language": 20,
    "address": 500,
    "correction": 5000,
    "rights": 5000,
    "usage_terms": 5000,
}
MOST_GUID = 500
HIGHEST_VERSION = 2**53
MOST_OF_A_KIND = 100  # subjects, keywords, pictures, lines for the desk
MOST_OF_A_LINE = 5000


def bounded(document: WireDocument, place: Place) -> WireDocument:
    """The same within bounds. Raises Refused where it names itself by nothing, or too much."""
    guid = " ".join(plain(document.guid).split())
    if not guid or len(guid) > MOST_GUID:
        raise Refused(_("The document has no identifier that can be kept."), place)
    values: dict[str, object] = {"guid": guid}
    warnings = list(document.warnings)
    for name, most in LINES.items():
        text = plain(getattr(document, name)).strip()
        if len(text) > most:
            warnings.append(name)
            text = "" if name == "address" else text[:most]
        values[name] = text
    for name in ("advisory", "kept_back", "keywords"):
        lines = (plain(each).strip()[:MOST_OF_A_LINE] for each in getattr(document, name))
        values[name] = tuple(line for line in lines if line)[:MOST_OF_A_KIND]
    values["body"] = plain(document.body)
    values["version"] = min(max(document.version, 1), HIGHEST_VERSION)
    values["urgency"] = document.urgency if document.urgency in range(1, 10) else None
    values["subjects"] = tuple(_subject(each) for each in document.subjects[:MOST_OF_A_KIND])
    values["pictures"] = tuple(_picture(each) for each in document.pictures[:MOST_OF_A_KIND])
    values["warnings"] = tuple(warnings)
    assert values.keys() <= {each.name for each in fields(document)}
    return replace(document, **values)  # type: ignore[arg-type]


def _subject(subject: Subject) -> Subject:
    return Subject(plain(subject.code)[:200], plain(subject.name)[:200])


def _picture(picture: Picture) -> Picture:
    return Picture(
        address=plain(picture.address)[:1000],
        alt=plain(picture.alt)[:300],
        caption=plain(picture.caption)[:1000],
        credit=plain(picture.credit)[:160],
    )
