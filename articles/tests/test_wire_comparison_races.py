"""A comparison while the piece or the wire moves on; and who may make one."""

import pytest

from articles.importers.wire.document import Signal
from articles.models import WireItem
from articles.tests.wire_comparing import (
    CLASH,
    OURS,
    article_of,
    compare,
    edit,
    open_places,
    send,
    waiting,
)
from articles.tests.wire_desk import bring
from newsroom.tests.browsing import dom, fields_of, text_at, text_of
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make_staff("Editors")
    client.force_login(editor)
    return editor


# --- What moves on meanwhile --------------------------------------------------------------------


def test_where_the_piece_was_saved_meanwhile_nothing_is_and_the_choices_are_kept(client, editor):
    item = waiting(editor)
    page = client.get(compare(item))
    (place,) = open_places(page)
    edit(article_of(item), editor, standfirst="Somebody else was here.")
    before = article_of(item).version
    response = client.post(compare(item), fields_of(page) | {place: "new", "_save": "x"})
    assert response.status_code == 409
    assert "has changed while you were choosing" in text_at(response)
    assert fields_of(response)[place] == "new"
    assert article_of(item).version == before
    again = client.post(compare(item), fields_of(response) | {"_save": "x"})
    assert again.status_code == 303
    assert article_of(item).standfirst == "Somebody else was here."


def test_where_the_wire_moved_on_meanwhile_nothing_is_saved(client, editor):
    item = waiting(editor)
    page = client.get(compare(item))
    (place,) = open_places(page)
    bring(guid=item.guid, version=3, headline="Barrier closes", body=CLASH + "<p>More.</p>")
    for button in ("_save", "_preview", "_keep_ours"):
        response = client.post(compare(item), fields_of(page) | {place: "ours", button: "x"})
        assert response.status_code == 409
        assert fields_of(response)[place] == "ours"
        assert "More." in text_at(response)
    assert article_of(item).body == OURS


def test_two_who_save_at_once_save_once(client, editor):
    item = waiting(editor)
    page = client.get(compare(item))
    fields = fields_of(page) | dict.fromkeys(open_places(page), "ours") | {"_save": "x"}
    assert client.post(compare(item), fields).status_code == 303
    version = article_of(item).version
    second = client.post(compare(item), fields)
    assert second.status_code == 303  # to the wire, which says that nothing waits
    assert "Nothing waits to be compared." in text_of(dom(client.get(second["Location"])))
    assert article_of(item).version == version


# --- Who may ------------------------------------------------------------------------------------


def test_a_reporter_compares_a_draft_and_not_what_is_out(client, editor):
    draft, public = waiting(editor), waiting(editor, is_public=True)
    client.force_login(make_staff("Reporters"))
    assert client.get(compare(draft)).status_code == 200
    assert client.get(compare(public)).status_code == 403
    assert client.post(compare(public), {"_keep_ours": "x"}).status_code == 403
    assert WireItem.objects.get(pk=public.pk).needs_person


def test_a_moderator_and_a_stranger_compare_nothing(client, editor):
    item = waiting(editor)
    client.force_login(make_staff("Moderators"))
    assert client.get(compare(item)).status_code == 403
    client.logout()
    assert "/admin/login/" in client.get(compare(item))["Location"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"_save": "x"},
        {"version": "x", "wire_version": "\x00", "_save": "x"},
        {"version": "9" * 400, "wire_version": "-1", "_keep_ours": "x"},
        {"headline": "<script>", "body": "<p>Forged.</p>", "_save": "x"},
    ],
)
def test_junk_saves_nothing(client, editor, sent):
    item = waiting(editor)
    assert client.post(compare(item), sent).status_code == 409
    assert article_of(item).body == OURS


def test_hostile_text_of_a_wire_is_shown_as_text(client, editor):
    hostile = "<script>alert(1)</script>\u202e"
    item = waiting(
        editor,
        headline=hostile,
        advisory=(hostile,),
        body=f"{CLASH}<p>{hostile}</p><p>&lt;script&gt;alert(2)&lt;/script&gt;</p>",
        signal=Signal.CORRECTION,
        correction=hostile,
        is_public=True,
    )
    for page in (client.get(compare(item)), send(client, item, "_preview", choose="new")):
        assert page.status_code == 200
        written = "".join(each.text or "" for each in dom(page).iter("script"))
        assert "alert(" not in written
        assert "<script>alert(2)</script>" in text_at(page)
