"""Each verb of the desk, as it is sent by each role to a piece in each state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from articles.models import (
    Article,
    Byline,
    Correction,
    FormerSlug,
    FrontPlace,
    Image,
    PreviewLink,
    Revision,
    Section,
    WireItem,
)
from articles.tests import factories
from articles.tests.pictures import media_root as media_root
from articles.tests.whole_desk import (
    CHANGE,
    NOT_OUT,
    OUT,
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
from newsroom.tests.browsing import fields_of
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db

type Send = Callable[[Client, Desk], Any]

ONE = "article/<int:article_id>/"
FORM = "article/<path:object_id>/change/"
WIRE = "wireitem/<int:item_id>/"


@dataclass(frozen=True)
class Verb:
    """Who may; and the states in which something comes of it. Elsewhere, nothing does."""

    send: Send
    who: Allowed
    does: tuple[str, ...] = STATES


def at(pattern: str, **fields: str) -> Send:
    return lambda client, desk: client.post(desk.url(pattern), fields)


def button(name: str, **changes: str) -> Send:
    """Pressed in the form, in which all stands that an administrator's has."""

    def press(client: Client, desk: Desk) -> Any:
        return client.post(desk.url(FORM), form_of(desk) | changes | {name: "pressed"})

    return press


def form_of(desk: Desk) -> dict[str, Any]:
    """The form of the piece as an administrator has it, in which everything stands."""
    if "form" not in vars(desk):
        chief = Client()
        chief.force_login(make_superuser())
        vars(desk)["form"] = fields_of(chief.get(desk.url(FORM)))  # type: ignore[arg-type]
    return dict(vars(desk)["form"])


def take_back(client: Client, desk: Desk) -> Any:
    page = desk.url(f"{ONE}corrections/<int:correction_id>/taking-back/")
    return client.post(page, {f"take-back-{desk.correction.pk}-reason": "Not so"})


def arrange(client: Client, desk: Desk) -> Any:
    chief = Client()
    chief.force_login(make_superuser())
    page: Any = chief.get(desk.url("frontplace/"))
    lead = {"first-0-piece": str(desk.article.pk)}
    return client.post(desk.url("frontplace/"), fields_of(page) | lead)


def restore(client: Client, desk: Desk) -> Any:
    version = Article.objects.get().version
    url = desk.url(f"{ONE}revisions/<int:number>/restore/")
    return client.post(url, {"version": version})


def reopen(client: Client, desk: Desk) -> Any:
    """The second one, which is closed."""
    url = desk.url(f"{ONE}revisions/<int:number>/reopen/").replace("revisions/1/", "revisions/2/")
    return client.post(url, {"reason": "It may"})


def many(verb: str, **fields: str) -> Send:
    def decide(client: Client, desk: Desk) -> Any:
        sent = {"piece": str(desk.article.pk), "section": str(Section.objects.latest("pk").pk)}
        return client.post(desk.url(f"article/many/{verb}/"), sent | fields)

    return decide


def keep_ours(client: Client, desk: Desk) -> Any:
    """Of the two texts of the piece that a wire was made."""
    sent = {"version": Article.objects.get().version, "wire_version": "2", "_keep_ours": "x"}
    return client.post(desk.url(f"{WIRE}compare/"), sent)


def on_incoming(page: str, **fields: str) -> Send:
    """About the wire that nobody has decided on."""

    def decide(client: Client, desk: Desk) -> Any:
        item = WireItem.objects.incoming().get()
        return client.post(f"/admin/articles/wireitem/{item.pk}/{page}", fields)

    return decide


VERBS: dict[str, Verb] = {
    "save": Verb(button("_save", headline="New"), CHANGE),
    "submit": Verb(button("_submit"), CHANGE, ("draft",)),
    "send back with the button": Verb(
        button("_send_back", note="Why?"), "ES", ("in review", "scheduled")
    ),
    "publish": Verb(button("_publish"), "ES", ("draft", "in review", "withdrawn")),
    "publish now": Verb(button("_publish_now"), "ES", ("scheduled",)),
    "send back": Verb(at(f"{ONE}sending-back/", note="Why?"), "ES", ("in review", "scheduled")),
    "withdraw": Verb(at(f"{ONE}withdrawal/", reason="Not true"), "ES", ("published", "scheduled")),
    "bring back": Verb(at(f"{ONE}return/"), "ES", ("withdrawn",)),
    "correct": Verb(
        at(f"{ONE}corrections/", kind="correction", text="Was wrong."), "ES", ("published",)
    ),
    "take a correction back": Verb(take_back, "ES"),
    "make a preview link": Verb(at(f"{ONE}preview/links/", revision="1", hours="72"), CHANGE),
    "revoke a preview link": Verb(at(f"{ONE}preview/links/<int:link_id>/revocation/"), CHANGE),
    "restore a version": Verb(restore, CHANGE),
    "close a version": Verb(at(f"{ONE}revisions/<int:number>/close/", reason="Libel"), "ES"),
    "open a version again": Verb(reopen, "ES"),
    "erase a version": Verb(at(f"{ONE}revisions/<int:number>/erase/", reason="Libel"), "S"),
    "publish many": Verb(many("publish"), "ES", NOT_OUT),
    "send many back": Verb(many("send-back", note="Why?"), "ES", ("in review", "scheduled")),
    "move many": Verb(many("move"), "ES"),
    "withdraw many": Verb(many("withdraw", reason="x"), "ES", ("published", "scheduled")),
    "arrange the front page": Verb(arrange, "ES", ("published", "scheduled")),
    "withdraw a picture": Verb(at("image/<int:image_id>/withdraw/", reason="Killed"), "ES"),
    "take a wire": Verb(on_incoming("decision/", _take="x"), "RES"),
    "leave a wire": Verb(on_incoming("decision/", _leave="x"), "RES"),
    "decide an embargo": Verb(on_incoming("embargo/", kind="none"), "ES"),
    "keep our text beside a wire": Verb(keep_ours, CHANGE),
    "delete": Verb(at("article/<path:object_id>/delete/", post="yes"), "S", ()),
}


def facts() -> list[Any]:
    """What verbs change, and a mere saving of the same does not."""
    return [
        list(Article.objects.values_list("headline", "status", "published_at", "changed_at")),
        list(Article.objects.values_list("section")),
        list(Revision.objects.order_by("pk").values_list("pk", "closed_at", "erased_at")),
        list(Correction.objects.order_by("pk").values_list("pk", "taken_back_at")),
        list(PreviewLink.objects.order_by("pk").values_list("pk", "revoked_at")),
        list(Image.objects.values_list("pk", "withdrawn_at")),
        list(FrontPlace.objects.order_by("pk").values_list("position", "article")),
        list(WireItem.objects.order_by("pk").values_list("state", "needs_person")),
        list(WireItem.objects.order_by("pk").values_list("embargo_is_unclear")),
    ]


# What may come of a verb.
REFUSED, NOTHING, DONE = "refused", "nothing came of it", "done"


def expected(verb: Verb, role: str, state: str) -> str:
    if role not in allowed(verb.who, state):
        return REFUSED
    return DONE if state in verb.does else NOTHING


def came_of(verb: Verb, client: Client, desk: Desk) -> str:
    """What comes of the verb, which is undone again."""
    with undone():
        before = facts()
        response = verb.send(client, desk)
        after, unchanged = facts(), stored() == desk.stored
    if response.status_code == 403:
        return REFUSED if unchanged else "refused, and done all the same"
    assert response.status_code in {200, 302, 303, 422}, response.status_code
    return DONE if after != before else NOTHING


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_a_verb_is_done_by_those_who_may_and_by_nobody_else(client, media_root, role, state):
    desk = make_desk(state)
    log_in(client, role, desk)
    got = {name: came_of(verb, client, desk) for name, verb in VERBS.items()}
    assert got == {name: expected(verb, role, state) for name, verb in VERBS.items()}


def test_a_reader_does_none_of_them(client, media_root):
    desk = make_desk("published")
    for name, verb in VERBS.items():
        with undone():
            response: HttpResponse = verb.send(client, desk)
            assert "/admin/login/" in response["Location"], name
            assert stored() == desk.stored, name


# --- What is sent beside the form -------------------------------------------------------------


@pytest.mark.parametrize("state", OUT)
@pytest.mark.parametrize(
    "extra",
    [
        {"_continue": "x"},
        {"_addanother": "x"},
        {"_popup": "1"},
        {"_popup": "1", "_to_field": "id"},
        {"_to_field": "slug"},
    ],
    ids=str,
)
def test_no_other_button_or_popup_lets_a_reporter_into_a_piece_that_is_out(
    client, media_root, state, extra
):
    desk = make_desk(state)
    log_in(client, "R", desk)
    response = client.post(desk.url(FORM), forged(desk) | extra)
    assert response.status_code in {400, 403}
    assert stored() == desk.stored


def test_a_copy_that_a_reporter_makes_of_a_published_piece_is_a_draft_of_the_reporters(
    client, media_root
):
    desk = make_desk("published")
    reporter = log_in(client, "R", desk)
    before = Article.objects.values().get()
    client.post(desk.url(FORM), forged(desk) | {"_saveasnew": "x", "slug": "copy"})
    assert Article.objects.values().get(pk=desk.article.pk) == before
    for copy in Article.objects.exclude(pk=desk.article.pk):
        assert (copy.status, copy.published_at, copy.begun_by) == ("draft", None, reporter)


def byline_of(desk: Desk, **fields: Any) -> dict[str, Any]:
    row = Byline.objects.get(article=desk.article)
    return {
        "bylines-TOTAL_FORMS": "1",
        "bylines-INITIAL_FORMS": "1",
        "bylines-0-id": row.pk,
        "bylines-0-article": desk.article.pk,
        "bylines-0-author": row.author_id,
        "bylines-0-position": "0",
    } | fields


@pytest.mark.parametrize("fields", [{"bylines-0-DELETE": "on"}, {"bylines-0-position": "7"}])
def test_a_reporter_does_not_change_the_byline_of_a_published_piece_through_another_form(
    client, media_root, fields
):
    """Rows of a form name their own keys: those of another piece must not be taken."""
    desk = make_desk("published")
    log_in(client, "R", desk)
    own = factories.make_draft()
    before = list(Byline.objects.filter(article=desk.article).values())
    url = f"/admin/articles/article/{own.pk}/change/"
    form = fields_of(client.get(url)) | byline_of(desk, **fields)
    client.post(url, form | {"_save": "x"})
    client.post(url, form | {"_save": "x", "bylines-0-article": str(own.pk)})
    assert list(Byline.objects.filter(article=desk.article).values()) == before


def test_a_reporter_sets_nothing_that_the_form_does_not_offer(client, media_root):
    desk = make_desk("draft")
    log_in(client, "R", desk)
    forced = {
        "status": "published",
        "published_at": "2020-01-01 00:00",
        "published_at_0": "2020-01-01",
        "published_at_1": "00:00:00",
        "embargo_until_0": "2020-01-01",
        "embargo_until_1": "00:00:00",
        "begun_by": "1",
        "version": "99",
        "body_html": "<script>x</script>",
        "withdrawn_reason": "x",
        "changed_at": "2020-01-01",
        "bylines-TOTAL_FORMS": "0",
        "bylines-INITIAL_FORMS": "0",
    }
    before: dict[str, Any] = dict(Article.objects.values().get())
    response = button("_save", **forced)(client, desk)
    assert response.status_code == 302
    after: dict[str, Any] = dict(Article.objects.values().get())
    saved = {"updated_at"}
    assert {name for name in after if after[name] != before[name]} <= saved


@pytest.mark.parametrize(
    "query",
    [
        "app_label=articles&model_name=article&field_name=begun_by&term=",
        "app_label=articles&model_name=revision&field_name=by&term=",
        "app_label=articles&model_name=byline&field_name=author&term=",
        "app_label=articles&model_name=previewlink&field_name=revision&term=",
        "app_label=auth&model_name=user&field_name=groups&term=",
    ],
)
def test_moderators_and_readers_learn_nothing_by_completion(client, media_root, query):
    desk = make_desk("draft")
    address = f"/admin/autocomplete/?{query}"
    assert client.get(address).status_code in {302, 403}
    log_in(client, "M", desk)
    assert client.get(address).status_code in {403, 404}


@pytest.mark.parametrize("role", "RE")
def test_completion_tells_no_staff_and_no_revision(client, media_root, role):
    log_in(client, role, make_desk("draft"))
    for model, field in [("article", "begun_by"), ("revision", "by"), ("previewlink", "made_by")]:
        query = f"app_label=articles&model_name={model}&field_name={field}&term="
        assert client.get(f"/admin/autocomplete/?{query}").status_code == 403


@pytest.mark.parametrize("rows", ["section", "standingpage"])
def test_a_list_that_is_a_form_takes_nothing_from_those_who_may_not_change_it(
    client, media_root, rows
):
    desk = make_desk("draft")
    log_in(client, "R", desk)
    data = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": desk.key_of(rows),
        "form-0-position": "42",
        "_save": "Save",
    }
    assert client.post(desk.url(f"{rows}/"), data).status_code == 403
    assert stored() == desk.stored


# --- Nothing is deleted outright --------------------------------------------------------------


@pytest.mark.parametrize("role", "REM")
def test_nobody_but_an_administrator_deletes_anything(client, media_root, role):
    from django.contrib import admin  # noqa: PLC0415

    desk = make_desk("draft")
    log_in(client, role, desk)
    listed = [
        model._meta.model_name or ""
        for model in admin.site._registry
        if model._meta.app_label == "articles" and model is not FrontPlace
    ]
    assert {"article", "image", "formerslug", "standingpage"} <= set(listed)
    for model in listed:
        url = desk.url(f"{model}/<path:object_id>/delete/")
        assert client.post(url, {"post": "yes"}).status_code == 403, url
        chosen = {"action": "delete_selected", "_selected_action": [desk.key_of(model)]}
        client.post(desk.url(f"{model}/"), chosen | {"post": "yes", "index": "0"})
        assert stored() == desk.stored, model


def test_no_group_may_delete_but_what_is_part_of_something_else():
    """The rows of a byline, which is kept in the revisions, and places of the front page."""
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    granted = Permission.objects.filter(
        content_type__app_label="articles", codename__startswith="delete_", group__isnull=False
    )
    assert set(granted.values_list("codename", flat=True)) == {
        "delete_byline",
        "delete_frontplace",
    }


def test_an_editor_takes_nothing_away_with_an_emptied_form(client, media_root):
    """A piece that is saved with everything empty is refused, and stays what it was."""
    desk = make_desk("published")
    log_in(client, "E", desk)
    response = client.post(desk.url(FORM), {"_save": "x"})
    assert response.status_code in {200, 400, 422}
    desk.article.refresh_from_db()
    assert desk.article.headline == "As it was"
    assert FormerSlug.objects.exists()
