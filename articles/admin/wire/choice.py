"""What somebody wants to see of the wire desk: read from the address, whatever stands there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import PubStatus, WireItem
from articles.models.wire_item import WireItemQuerySet

STATES: dict[str, str | Promise] = {
    "new": _("new"),
    "waiting": _("waiting for a decision"),
    "taken": _("taken"),
    "left": _("left"),
    "all": _("all"),
}
HOLDS: dict[str, str | Promise] = {
    "": _("any"),
    "embargoed": _("under embargo"),
    "unclear": _("unclear embargo"),
    "withheld": _("withheld"),
    "canceled": _("killed"),
}
ORDERS: dict[str, str | Promise] = {"": _("newest first"), "urgency": _("most urgent first")}
URGENCIES: dict[str, str | Promise] = {
    "": _("any"),
    "2": _("1 and 2: at once"),
    "4": _("up to 4"),
    "8": _("up to 8"),
}
MOST_PAGES = 200
MOST_WORDS = 200  # characters of a search


@dataclass(frozen=True)
class Choice:
    """Empty values are the usual ones. `stream` is the key of a wire."""

    state: str = "new"
    stream: int | None = None
    urgency: str = ""
    hold: str = ""
    order: str = ""
    words: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """What cannot be meant counts as not said."""
        return cls(
            state=_one_of(query.get("state", ""), STATES, "new"),
            stream=_number(query.get("wire", "")),
            urgency=_one_of(query.get("urgency", ""), URGENCIES, ""),
            hold=_one_of(query.get("hold", ""), HOLDS, ""),
            order=_one_of(query.get("order", ""), ORDERS, ""),
            words=" ".join(query.get("q", "").replace("\0", " ").split())[:MOST_WORDS],
            page=min(_number(query.get("page", "")) or 1, MOST_PAGES),
        )

    @property
    def items(self) -> WireItemQuerySet:
        found = WireItem.objects.filter(self._is_in_state)
        if self.stream:
            found = found.filter(stream=self.stream)
        if self.urgency:
            found = found.filter(urgency__lte=int(self.urgency))
        if self.hold:
            found = found.filter(self._is_held)
        for word in self.words.casefold().split():
            found = found.filter(search_text__contains=word)
        newest = ("-received_at", "-pk")
        return found.order_by(*(("urgency",) if self.order else ()), *newest)

    @property
    def _is_in_state(self) -> Q:
        if self.state == "all":
            return Q()
        return Q(needs_person=True) if self.state == "waiting" else Q(state=self.state)

    @property
    def _is_held(self) -> Q:
        if self.hold == "embargoed":
            return Q(embargo_until__gt=timezone.now())
        if self.hold == "unclear":
            return Q(embargo_is_unclear=True)
        return Q(pub_status=PubStatus(self.hold))

    @property
    def query(self) -> str:
        """As it stands in an address, without what is usual."""
        values: dict[str, Any] = {
            "state": "" if self.state == "new" else self.state,
            "wire": self.stream or "",
            "urgency": self.urgency,
            "hold": self.hold,
            "order": self.order,
            "q": self.words,
            "page": self.page if self.page > 1 else "",
        }
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return replace(self, page=1, order="") != type(self)()

    def at(self, page: int) -> Self:
        return replace(self, page=page)


def _one_of(value: str, known: Iterable[str], usual: str) -> str:
    return value if value in known else usual


def _number(value: str) -> int | None:
    is_one = value.isascii() and value.isdecimal() and len(value) < 19
    return int(value) or None if is_one else None
