"""What the page of a wire shows of it, read with a few queries whatever it holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext

from articles.admin.times import spelled
from articles.changes import Row, Stretch, compare, stretches
from articles.models import MediaTopic, Topic, WireEvent, WireItem, WireVersion
from articles.models.wire_item import PubStatus
from newsroom.language import direction_of

MOST_EVENTS = 100
MOST_VERSIONS = 100
MOST_DUPLICATES = 20
NOT_IN_A_NAME = re.compile(r"[^\w.+-]+")
# What is compared between two versions, in the order of the page.
COMPARED = (
    *("pub_status", "headline", "standfirst", "byline", "dateline", "body", "credit"),
    *("slugline", "urgency", "advisory", "kept_back", "correction", "rights", "usage_terms"),
)


def original_name(version: WireVersion) -> str:
    """A name for the file: the one it came with, without what no file system likes."""
    name = version.original_name.replace("\\", "/").rpartition("/")[2]
    plain = NOT_IN_A_NAME.sub("-", name).strip("-.")
    return plain[-100:] or f"wire-{version.item_id}-{version.number}.bin"


@dataclass(frozen=True)
class SubjectLine:
    """A subject as the agency gave it, and the topic that this newsroom has for it."""

    code: str
    name: str
    topic: Topic | None


@dataclass(frozen=True)
class Change:
    label: str | Promise
    rows: list[Row]

    @property
    def stretches(self) -> list[Stretch]:
        return stretches(self.rows)


@dataclass(frozen=True)
class Shown:
    """A version of an item, the newest by default, and what stands around it."""

    item: WireItem
    version: WireVersion

    @classmethod
    def of(cls, item: WireItem, asked: str | None) -> "Shown":
        """Raises Http404 for a version that is none."""
        newest = item.newest
        assert newest is not None
        if not asked or asked == str(newest.number):
            return cls(item, newest)
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise Http404
        return cls(item, get_object_or_404(item.versions.defer("original"), number=int(asked)))

    @property
    def is_newest(self) -> bool:
        return self.version.pk == self.item.newest_id

    @property
    def body_html(self) -> str:
        """Its text, which was cleaned when it came in."""
        return str(self.version.body)

    @property
    def banners(self) -> list[str]:
        """What keeps the newest version from readers, a sentence each."""
        item, said = self.item, []
        if item.is_killed:
            said.append(gettext("The agency has killed this: it must not be published."))
        elif item.pub_status == PubStatus.WITHHELD:
            said.append(gettext("Withheld by the agency: not to be published until it is freed."))
        if item.embargo_is_unclear:
            said.append(
                gettext(
                    "It speaks of an embargo, and no moment could be read. Nobody can publish it "
                    "before an editor has decided."
                )
            )
        if item.is_embargoed and item.embargo_until:
            said.append(gettext("Under embargo until %s.") % spelled(item.embargo_until))
        return said

    @property
    def direction(self) -> str:
        return direction_of(self.version.language) if self.version.language else "auto"

    @property
    def advisory(self) -> list[str]:
        return self.version.advisory.splitlines()

    @property
    def kept_back(self) -> list[str]:
        return self.version.kept_back.splitlines()

    @property
    def pictures(self) -> list[dict[str, Any]]:
        return [each for each in self.version.pictures if isinstance(each, dict)]

    @cached_property
    def subjects(self) -> list[SubjectLine]:
        """With the topics of this newsroom, by one query."""
        given = [
            (str(each.get("code", "")), str(each.get("name", "")))
            for each in self.version.subjects
            if isinstance(each, dict)
        ]
        codes = {code.rpartition(":")[2] for code, _name in given if code}
        known: dict[str, MediaTopic] = {}
        if codes:
            found = MediaTopic.objects.filter(Q(code__in=codes) | Q(subject_code__in=codes))
            for term in found.select_related("topic"):
                known.setdefault(term.subject_code, term)
                known[term.code] = term
        return [_subject(code, name, known.get(code.rpartition(":")[2])) for code, name in given]

    @cached_property
    def topics(self) -> list[Topic]:
        """What a piece gets that is made of it."""
        return list(self.version.topics.all())

    @cached_property
    def versions(self) -> list[WireVersion]:
        listed: QuerySet[WireVersion] = self.item.versions.only(
            *("number", "headline", "signal", "pub_status", "sent_at", "received_at", "item")
        )
        return list(listed[:MOST_VERSIONS])

    @cached_property
    def before(self) -> WireVersion | None:
        """The version that came before the one shown."""
        earlier = [each for each in self.versions if each.number < self.version.number]
        if not earlier:
            return None
        found: WireVersion = self.item.versions.defer("original").get(pk=earlier[0].pk)
        return found

    @cached_property
    def changes(self) -> list[Change]:
        """What this version says otherwise than the one before."""
        return list(_changes(self.before, self.version)) if self.before else []

    @cached_property
    def events(self) -> list[WireEvent]:
        return list(self.item.events.select_related("by")[:MOST_EVENTS])

    @cached_property
    def duplicates(self) -> list[WireItem]:
        """Others that tell of the same."""
        if not self.item.group:
            return []
        same = WireItem.objects.filter(group=self.item.group).exclude(pk=self.item.pk)
        listed = same.select_related("stream").only(
            *("headline", "provider", "state", "received_at", "stream__name")
        )
        return list(listed.order_by("-received_at")[:MOST_DUPLICATES])


def _subject(code: str, name: str, term: MediaTopic | None) -> SubjectLine:
    return SubjectLine(code, name or (term.name if term else ""), term.topic if term else None)


def _changes(before: WireVersion, after: WireVersion) -> Iterator[Change]:
    for name in COMPARED:
        old, new = _text(before, name), _text(after, name)
        if old != new:
            field: Any = WireVersion._meta.get_field(name)
            rows = compare(old, new, is_html=name == "body")
            yield Change(field.verbose_name, rows)


def _text(version: WireVersion, name: str) -> str:
    if name == "pub_status":
        return version.get_pub_status_display()
    value = getattr(version, name)
    return "" if value is None else str(value)
