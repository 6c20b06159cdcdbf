"""IPTC's Media Topics, and the topics of this newsroom that wires with them get.

The table MediaTopic holds the vocabulary. An editor may say which topic a term means here; a term
without one means the topic of the same name, if there is any, else what its broader term means.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from articles.importers.errors import Place, Refused
from articles.importers.wire.document import Subject
from articles.models import MediaTopic, Topic

SHIPPED = Path(__file__).parent / "data/media_topics.tsv"
CODE = re.compile(r"(?:\A|[:/])(?P<code>\d{8})\Z")
OLDER = re.compile(r"(?:0[1-9]|1[0-7])\d{6}")  # subject codes: the first two digits are a topic
DEEPEST = 8  # terms above each other


class Term(NamedTuple):
    code: str
    name: str
    broader: str = ""
    subject_code: str = ""
    is_retired: bool = False


class Loaded(NamedTuple):
    """How many terms were new, changed, and retired since the vocabulary does not have them."""

    new: int
    changed: int
    retired: int


# --- What a wire is about -----------------------------------------------------------------------


def topics_for(subjects: Iterable[Subject]) -> list[Topic]:
    """The topics here of what a wire says it is about, each once. New ones are never made."""
    wanted = list(subjects)
    terms = _terms_of(wanted)
    found: dict[int, Topic] = {}
    for subject in wanted:
        topic = _topic_of(subject, terms)
        if topic is not None:
            found.setdefault(topic.pk, topic)
    return list(found.values())


def code_of(written: str) -> str:
    """The eight digits in “medtop:20000002”, “http://cv.iptc.org/newscodes/mediatopic/20000002”
    or “04000000”; empty where there are none."""
    match = CODE.search(written.strip())
    return match["code"] if match else ""


def _terms_of(subjects: list[Subject]) -> dict[str, MediaTopic]:
    """By code and by older subject code, with those above them."""
    terms: dict[str, MediaTopic] = {}
    wanted = {code for each in subjects if (code := code_of(each.code))}
    wanted |= {f"{code[:2]}000000" for code in wanted if OLDER.fullmatch(code)}
    rows = MediaTopic.objects.select_related("topic")
    for each in rows.filter(subject_code__in=wanted):
        terms[each.subject_code] = each
    for _level in range(DEEPEST):
        known = {each.code for each in terms.values()}
        terms |= {each.code: each for each in rows.filter(code__in=wanted - known)}
        wanted = {each.broader for each in terms.values() if each.broader} - terms.keys()
        if not wanted:
            break
    return terms


def _topic_of(subject: Subject, terms: dict[str, MediaTopic]) -> Topic | None:
    code = code_of(subject.code)
    term = terms.get(code) or (terms.get(f"{code[:2]}000000") if OLDER.fullmatch(code) else None)
    names = [subject.name]
    for _level in range(DEEPEST):
        if term is None:
            break
        if term.topic is not None:
            return term.topic
        names.append(term.name)
        term = terms.get(term.broader)
    for name in filter(None, names):
        if topic := Topic.objects.filter(name__iexact=name[:60]).order_by("pk").first():
            return topic
    return None


# --- The vocabulary -----------------------------------------------------------------------------


def load(data: bytes, name: str = "") -> Loaded:
    """Make the table say what the vocabulary in `data` does. What editors have given terms stays.

    Takes our own table (see data/) and IPTC's JSON (a concept set). Raises Refused.
    """
    terms = {term.code: term for term in _terms_in(data, name)}
    if not terms:
        raise Refused(_("There is no term in it."), Place(name))
    with transaction.atomic():
        there = {each.code: each for each in MediaTopic.objects.select_for_update()}
        new = [term for code, term in terms.items() if code not in there]
        MediaTopic.objects.bulk_create(MediaTopic(**term._asdict()) for term in new)
        changed = [row for code, row in there.items() if code in terms and _say(row, terms[code])]
        gone = [row for code, row in there.items() if code not in terms and not row.is_retired]
        for row in gone:
            row.is_retired = True
        fields = ["name", "broader", "subject_code", "is_retired"]
        MediaTopic.objects.bulk_update([*changed, *gone], fields, batch_size=500)
    return Loaded(len(new), len(changed), len(gone))


def _say(row: MediaTopic, term: Term) -> bool:
    """Whether the row had to be changed. A code of the old kind that is known is not forgotten."""
    said = term._replace(subject_code=term.subject_code or row.subject_code)
    was = Term(row.code, row.name, row.broader, row.subject_code, row.is_retired)
    for field, value in said._asdict().items():
        setattr(row, field, value)
    return said != was


def _terms_in(data: bytes, name: str) -> Iterator[Term]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("This is no text in UTF-8."), Place(name)) from None
    return _of_json(text, name) if text.lstrip().startswith("{") else _of_table(text, name)


def _of_table(text: str, name: str) -> Iterator[Term]:
    for number, line in enumerate(text.splitlines(), 1):
        cells = line.split("\t")
        if number == 1 or not line.strip():
            continue
        if len(cells) != 5 or not CODE.fullmatch(cells[0]) or not cells[1].strip():
            reason = _("A line has code, name, broader term, subject code and status.")
            raise Refused(reason, Place(name, number))
        code, label, broader, subject_code, status = (cell.strip() for cell in cells)
        yield Term(code, label[:160], broader, subject_code, status == "retired")


def _of_json(text: str, name: str) -> Iterator[Term]:
    try:
        rows = json.loads(text)["conceptSet"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(_("This is no concept set of IPTC."), Place(name)) from None
    for row in rows if isinstance(rows, list) else []:
        code = code_of(str(row.get("qcode", "") or row.get("uri", "")))
        label = _english(row.get("prefLabel"))
        if code and label:
            broader = next((code_of(str(each)) for each in row.get("broader") or []), "")
            older = next(
                (found for each in row.get("exactMatch") or [] if (found := _older(each))), ""
            )
            yield Term(code, label[:160], broader, older, bool(row.get("retired")))


def _english(labels: Any) -> str:
    if isinstance(labels, str):
        return labels
    found = labels if isinstance(labels, dict) else {}
    language = next((each for each in found if each.lower().startswith("en")), None)
    return str(found[language]) if language else ""


def _older(address: Any) -> str:
    return code_of(str(address)) if "subjectcode" in str(address) else ""
