"""Who may do what at which address of the desk, as tables.

The addresses come from the resolver: one that the table doesn't name makes a test fail. A role is
named by its letter, as in ROLES; whoever is not named is refused, and nothing changes.
"""

from dataclasses import dataclass

import pytest
from django.test import Client

from articles.tests.pictures import media_root as media_root
from articles.tests.whole_desk import (
    CHANGE,
    PAGES,
    ROLES,
    STATES,
    Allowed,
    Desk,
    allowed,
    forged,
    log_in,
    make_desk,
    stored,
    undone,
)
from tests.leak.routes import routes

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    """Which roles may open an address, and which may send something there; by state where that
    matters. `of_a_piece`: it is asked for in every state of the piece."""

    get: Allowed
    post: Allowed
    of_a_piece: bool = False

    def allowed(self, method: str, state: str) -> str:
        return allowed(self.get if method == "GET" else self.post, state)


def model_pages(name: str, *, view: str, add: str, change: Allowed, delete: str) -> dict[str, Row]:
    """What Django's admin has for each model. It redirects from <key>/ before it asks who it is."""
    of_a_piece = isinstance(change, dict)
    return {
        f"{name}/": Row(view, view),
        f"{name}/add/": Row(add, add),
        f"{name}/<path:object_id>/change/": Row(view, change, of_a_piece),
        f"{name}/<path:object_id>/delete/": Row(delete, delete, of_a_piece),
        f"{name}/<path:object_id>/history/": Row(view, view, of_a_piece),
        f"{name}/<path:object_id>/": Row("REMS", "REMS"),
    }


def of_a_piece(get: Allowed, post: Allowed) -> Row:
    return Row(get, post, of_a_piece=True)


PIECE = "article/<int:article_id>/"
WIRE = "wireitem/<int:item_id>/"

TABLE: dict[str, Row] = {
    **model_pages("article", view="RES", add="RES", change=CHANGE, delete="S"),
    **model_pages("section", view="RES", add="ES", change="ES", delete="S"),
    **model_pages("topic", view="RES", add="RES", change="ES", delete="S"),
    **model_pages("author", view="RES", add="ES", change="ES", delete="S"),
    **model_pages("source", view="RES", add="ES", change="ES", delete="S"),
    **model_pages("standingpage", view="ES", add="ES", change="ES", delete="S"),
    # A redirect leads readers from it; an administrator alone can release it.
    **model_pages("formerslug", view="ES", add="", change="", delete="S"),
    # Looked at, never changed.
    **model_pages("movereport", view="ES", add="", change="", delete=""),
    "movereport/<int:report_id>/lines.csv": Row("ES", "ES"),  # POST is no method of it: 405
    **model_pages("image", view="RES", add="RES", change="RES", delete="S"),
    # One wire. Nobody fills in a form; GET is no method of its deeds, nor POST of a download: 405.
    **model_pages("wireitem", view="RES", add="", change="RES", delete=""),
    "wireitem/": Row("RES", "REMS"),
    "wireitem/decisions/": Row("REMS", "RES"),
    **model_pages("wirestream", view="ES", add="ES", change="ES", delete="S"),
    **model_pages("mediatopic", view="ES", add="", change="ES", delete=""),
    f"{WIRE}decision/": Row("REMS", "RES"),
    f"{WIRE}embargo/": Row("REMS", "ES"),
    f"{WIRE}compare/": of_a_piece(CHANGE, CHANGE),
    f"{WIRE}original/<int:number>/": Row("RES", "REMS"),
    "section/": Row("RES", "ES"),  # the list is a form as well
    "image/library.json": Row("RES", "RES"),
    "image/<int:image_id>/withdraw/": Row("ES", "ES"),
    "image/<int:image_id>/bring-back/": Row("REMS", "ES"),  # GET is no method of it: 405
    "frontplace/": Row("ES", "ES"),
    # Everybody's own windows.
    "article/autosave/": of_a_piece("REMS", CHANGE),
    "article/unsaved/": Row("REMS", "REMS"),
    "article/unsaved/<slug:window>/": Row("REMS", "REMS"),
    f"{PIECE}withdrawal/": of_a_piece("ES", "ES"),
    f"{PIECE}return/": of_a_piece("ES", "ES"),
    f"{PIECE}sending-back/": of_a_piece("ES", "ES"),
    f"{PIECE}corrections/": of_a_piece("ES", "ES"),
    f"{PIECE}related/": of_a_piece("ES", "ES"),
    f"{PIECE}corrections/<int:correction_id>/taking-back/": of_a_piece("ES", "ES"),
    "article/many/publish/": Row("ES", "ES"),
    "article/many/send-back/": Row("ES", "ES"),
    "article/many/move/": Row("ES", "ES"),
    "article/many/withdraw/": Row("ES", "ES"),
    f"{PIECE}revisions/": of_a_piece("RES", "RES"),
    f"{PIECE}revisions/compare/": of_a_piece("RES", "RES"),
    f"{PIECE}revisions/<int:number>/restore/": of_a_piece(CHANGE, CHANGE),
    f"{PIECE}revisions/<int:number>/close/": of_a_piece("ES", "ES"),
    f"{PIECE}revisions/<int:number>/reopen/": of_a_piece("ES", "ES"),
    f"{PIECE}revisions/<int:number>/erase/": of_a_piece("S", "S"),
    f"{PIECE}preview/": of_a_piece("RES", "RES"),
    f"{PIECE}preview/page/": of_a_piece("RES", "RES"),
    f"{PIECE}preview/links/": of_a_piece(CHANGE, CHANGE),
    f"{PIECE}preview/links/<int:link_id>/revocation/": of_a_piece("RES", CHANGE),
}


def addresses() -> set[str]:
    return {
        route.pattern.removeprefix(PAGES)
        for route in routes()
        if route.pattern.startswith(PAGES) and "(?P" not in route.pattern
    }


# The way through the whole desk is long. Every address is asked for on both databases while the
# piece is published; what its other states change is decided in Python, alike on both.
EACH_STATE = [
    state if state == "published" else pytest.param(state, marks=pytest.mark.sqlite_only)
    for state in STATES
]


# --- The tables -------------------------------------------------------------------------------


def test_every_address_of_the_desk_is_in_the_table_and_no_other():
    assert sorted(addresses()) == sorted(TABLE)


def answer(client: Client, method: str, url: str, desk: Desk) -> str:
    """What becomes of the request: allowed, refused, or asked to log in."""
    with undone():
        response = client.get(url) if method == "GET" else client.post(url, forged(desk))
        after = stored()
    if response.status_code == 401 or "/admin/login/" in response.get("Location", ""):
        result = "log in"
    elif response.status_code == 403:
        result = "refused"
    else:
        known = {200, 302, 303, 400, 405, 409, 422}
        assert response.status_code in known, f"{method} {url}: {response.status_code}"
        return "allowed"
    assert after == desk.stored, f"{method} {url} changed something"
    return result


@pytest.mark.parametrize("state", EACH_STATE)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_the_table_gives_it_and_nothing_else(client, media_root, role, state):
    desk = make_desk(state)
    log_in(client, role, desk)
    asked = {
        (method, pattern): row
        for pattern, row in TABLE.items()
        for method in ("GET", "POST")
        if row.of_a_piece or state == "published"
    }
    expected = {
        (method, pattern): "allowed" if role in row.allowed(method, state) else "refused"
        for (method, pattern), row in asked.items()
    }
    got = {
        (method, pattern): answer(client, method, desk.url(pattern), desk)
        for method, pattern in asked
    }
    assert got == expected


@pytest.mark.parametrize("state", EACH_STATE)
def test_a_reader_is_asked_to_log_in_at_every_address(client, media_root, state):
    desk = make_desk(state)
    got = {
        (method, pattern): answer(client, method, desk.url(pattern), desk)
        for pattern in TABLE
        for method in ("GET", "POST")
    }
    assert set(got.values()) == {"log in"}
    assert len(got) > 50
