"""How a document of an agency comes in: once, whoever reads it and however often."""

import logging
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import html_tree
from articles.body_html import clean
from articles.importers.errors import Refused
from articles.importers.wire.document import WireDocument
from articles.media_topics import topics_for
from articles.models import WireEvent, WireItem, WireStream, WireVersion
from articles.wire import auto_publish, updating
from articles.wire.grouping import group_of
from newsroom.clean_html import plain
from newsroom.line_field import NOT_IN_A_LINE

USUAL_URGENCY = 5
MOST_SEARCHED = 20_000  # characters of a text that the desk can find it by

log = logging.getLogger(__name__)


class Outcome(Enum):
    NEW = "new"
    UPDATED = "updated"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Received:
    """What became of a document: `version` is None where it was ignored."""

    item: WireItem
    version: WireVersion | None
    outcome: Outcome


def receive(
    document: WireDocument, *, stream: WireStream, original: bytes, name: str = ""
) -> Received:
    """Keep the document as a version of its item, and let what follows from it follow.

    A version that is not higher than the one that is there is ignored and noted in the log. Raises
    Refused for a text that is too long to be kept. Runs in one transaction.
    """
    fields = _fields(document, original=original, name=name)
    topics = topics_for(document.subjects)
    provider = _line(document.provider or stream.source.name, 120)
    with transaction.atomic():
        there, is_new = WireItem.objects.get_or_create(
            provider=provider, guid=document.guid[:500], defaults={"stream": stream}
        )
        item = WireItem.objects.select_for_update().get(pk=there.pk)
        if not is_new and document.version <= item.version:
            return _ignored(item, document, fields["digest"])
        version = WireVersion.objects.create(item=item, number=document.version, **fields)
        version.topics.set(topics)
        _show(item, version, is_new=is_new)
        WireEvent.objects.create(
            item=item, kind=WireEvent.Kind.RECEIVED, version=version.number, note=name[:300]
        )
        if item.is_taken:
            updating.follow(item, version)
        else:
            auto_publish.let_out(item)
    return Received(item, version, Outcome.NEW if is_new else Outcome.UPDATED)


def _fields(document: WireDocument, *, original: bytes, name: str) -> dict[str, Any]:
    """Cleaned before the transaction: a long text takes a while."""
    try:
        body = clean(document.body)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    return {
        "original": original,
        "original_name": name[:300],
        "digest": sha256(original).hexdigest(),
        "format": document.format[:20],
        "pub_status": document.pub_status.value,
        "signal": document.signal.value,
        "embargo_until": document.embargo,
        "embargo_is_unclear": document.embargo_is_unclear,
        "urgency": document.urgency,
        "sent_at": document.sent_at,
        "slugline": _line(document.slugline, 160),
        "headline": _line(document.headline, 300),
        "standfirst": plain(document.standfirst),
        "dateline": _line(document.dateline, 160),
        "byline": _line(document.byline, 300),
        "credit": _line(document.credit, 300),
        "body": body,
        "language": document.language[:20],
        "address": document.address if len(document.address) <= 500 else "",
        "advisory": plain("\n".join(document.advisory)),
        "kept_back": plain("\n".join(document.kept_back)),
        "correction": plain(document.correction),
        "rights": plain(document.rights),
        "usage_terms": plain(document.usage_terms),
        "subjects": [{"code": each.code, "name": each.name} for each in document.subjects],
        "keywords": list(document.keywords),
        "pictures": [
            {"address": each.address, "alt": each.alt, "caption": each.caption}
            | {"credit": each.credit}
            for each in document.pictures
        ],
    }


def _line(text: str, most: int) -> str:
    return " ".join(NOT_IN_A_LINE.sub(" ", text).split())[:most]


def _show(item: WireItem, version: WireVersion, *, is_new: bool) -> None:
    """What the desk's list says of it. A kill comes without a headline: the one before stays."""
    item.newest, item.version = version, version.number
    item.headline = version.headline or item.headline or version.slugline or _("(no headline)")
    item.slugline = version.slugline or item.slugline
    item.urgency = version.urgency or USUAL_URGENCY
    item.pub_status = version.pub_status
    item.embargo_until = version.embargo_until
    item.embargo_is_unclear = version.embargo_is_unclear
    item.received_at = timezone.now()
    item.search_text = _search_text(version, item)
    if is_new or not item.group:
        item.group = group_of(item.headline, other_than=item.pk)
    if item.is_forgotten:
        item.state = WireItem.State.NEW
    item.save()


def _search_text(version: WireVersion, item: WireItem) -> str:
    text = html_tree.read(version.body).text
    words = " ".join([item.headline, item.slugline, version.standfirst, text])
    return " ".join(words.casefold().split())[:MOST_SEARCHED]


def _ignored(item: WireItem, document: WireDocument, digest: str) -> Received:
    log.info("Ignored %s of %s: %s is here.", document.version, item.guid, item.version)
    # A feed says the same each minute: what differs is told to the desk, once a version.
    is_same = item.versions.filter(number=document.version, digest=digest).exists()
    told = {"kind": WireEvent.Kind.IGNORED, "version": document.version}
    if not is_same and not item.events.filter(**told).exists():
        WireEvent.objects.create(item=item, **told)
    return Received(item, None, Outcome.IGNORED)
