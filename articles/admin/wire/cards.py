"""The cards of the wire desk: what came in, those that tell of the same in one."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models.functions import Substr

from articles.admin.wire.choice import Choice
from articles.html_tree import read
from articles.models import WireItem

ON_A_PAGE = 30
MOST_ALIKE = 10
BEGINNING = 600  # characters of HTML of which the first lines are shown
FIRST_WORDS = 40


@dataclass
class Card:
    item: WireItem
    beginning: str
    advisory: list[str]
    alike: list[WireItem] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """`number_of_items` are those on it, before what tells of the same was put together."""

    cards: list[Card]
    choice: Choice
    has_next: bool

    @property
    def earlier(self) -> str:
        return self.choice.at(self.choice.page - 1).query if self.choice.page > 1 else ""

    @property
    def has_earlier(self) -> bool:
        return self.choice.page > 1

    @property
    def later(self) -> str:
        return self.choice.at(self.choice.page + 1).query


def page_of(choice: Choice) -> Page:
    """Three queries, however many there are."""
    first = (choice.page - 1) * ON_A_PAGE
    rows = list(
        choice.items.select_related("stream__source", "article", "newest")
        .only(
            *("stream__name", "stream__source__name", "article__headline", "article__status"),
            *("article__published_at", "article__embargo_until", "newest__advisory"),
            *("newest__standfirst", "newest__language", "newest__number"),
            *("provider", "guid", "version", "state", "needs_person", "headline", "slugline"),
            *("urgency", "pub_status", "embargo_until", "embargo_is_unclear", "group"),
            "received_at",
        )
        .annotate(beginning=Substr("newest__body", 1, BEGINNING))[first : first + ON_A_PAGE + 1]
    )
    shown = rows[:ON_A_PAGE]
    alike = _alike(shown)
    cards, seen = [], set()
    for item in shown:
        if item.pk in seen:
            continue
        others = alike.get(item.group, [])
        seen |= {each.pk for each in others}
        cards.append(_card(item, [each for each in others if each.pk != item.pk]))
    return Page(cards, choice, has_next=len(rows) > ON_A_PAGE)


def _alike(items: list[WireItem]) -> dict[str, list[WireItem]]:
    """The wires of each group on the page in the same states, the newest of them."""
    groups = {item.group for item in items if item.group}
    states = {item.state for item in items}
    found: dict[str, list[WireItem]] = defaultdict(list)
    rows = WireItem.objects.filter(group__in=groups, state__in=states).select_related("stream")
    fields = ("group", "headline", "provider", "state", "urgency", "received_at", "stream__name")
    for row in rows.only(*fields).order_by("-received_at", "-pk")[: ON_A_PAGE * MOST_ALIKE]:
        found[row.group].append(row)
    return found


def _card(item: WireItem, alike: list[WireItem]) -> Card:
    newest = item.newest
    words = (newest.standfirst if newest else "") or _text(item.beginning)  # type: ignore[attr-defined]
    first = words.split()
    short = " ".join(first[:FIRST_WORDS]) + (" …" if len(first) > FIRST_WORDS else "")
    return Card(item, short, newest.advisory.splitlines() if newest else [], alike[:MOST_ALIKE])


def _text(html: str | None) -> str:
    """The beginning of a text may end within a tag."""
    whole = (html or "").rpartition("<")[0] if (html or "").count("<") else html or ""
    return " ".join(" ".join(read(part).text for part in whole.split("</p>")).split())
