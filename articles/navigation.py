"""The links around every page: the menu at its head and the standing pages at its foot."""

from typing import Any, NamedTuple

from django.db.models import F, Value
from django.urls import reverse

from articles.models import Section, StandingPage
from newsroom.models import MenuItem
from newsroom.page_store import remembered


class Link(NamedTuple):
    label: str
    address: str


class Navigation(NamedTuple):
    """Each in its order: the sections, the menu's own links after them, the standing pages."""

    sections: tuple[Link, ...]
    menu: tuple[Link, ...]
    pages: tuple[Link, ...]


@remembered
def navigation() -> Navigation:
    """Read with one query, for it stands on every page."""
    parts = [
        _rows("menu", MenuItem, F("label"), F("address")),
        _rows("pages", StandingPage, F("title"), F("slug")),
    ]
    rows = _rows("sections", Section, F("name"), F("slug")).union(*parts, all=True).order_by()
    found: dict[str, list[Any]] = {name: [] for name in Navigation._fields}
    for kind, position, pk, label, address in rows:
        second = pk if kind == "menu" else label  # as the models order their rows
        found[kind].append((position, second, Link(label, _address(kind, address))))
    return Navigation(
        **{kind: tuple(link for *_, link in sorted(of)) for kind, of in found.items()}
    )


def _rows(kind: str, model: Any, label: F, address: F) -> Any:
    rows = model.objects.order_by()
    return rows.values_list(Value(kind), F("position"), F("pk"), label, address)


def _address(kind: str, address: str) -> str:
    if kind == "menu":
        return address
    return reverse("articles:section" if kind == "sections" else "articles:page", args=[address])
