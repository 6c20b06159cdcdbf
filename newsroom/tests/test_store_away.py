"""While the page store cannot be told of changes, none is made that readers would see."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from newsroom import health
from newsroom.models import SignOfLife
from newsroom.page_store import watching
from newsroom.page_store.generations import StoreAway
from newsroom.page_store.store import store
from newsroom.page_store.watching import Watch
from newsroom.tests.factories import make_superuser

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("pages"),
]


@pytest.fixture
def away(monkeypatch):
    """The store is there until the test begins to call this."""

    def refuse(slots):
        raise StoreAway("Redis cannot be told of a change: it is far away")

    return lambda: monkeypatch.setattr(store().generations, "mark", refuse)


@pytest.fixture
def editor(client):
    made = make_superuser(username="editor")
    client.force_login(made)
    return made


def test_a_form_of_the_admin_comes_back_with_all_that_was_typed(client, editor, away):
    away()
    fields, own = {"name": "Ferries & trains"}, {"Sec-Fetch-Site": "same-origin"}
    refused = client.post(reverse("admin:auth_group_add"), fields, headers=own)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["Cache-Control"] == "no-store"
    assert "Nothing has been changed" in refused.text
    assert 'name="name" value="Ferries &amp; trains"' in refused.text
    assert not Group.objects.filter(name="Ferries & trains").exists()


def test_a_password_is_not_repeated(client, editor, away):
    away()
    fields = {"old_password": "pw", "new_password1": "a long new one", "new_password2": "other"}
    fields["new_password2"] = fields["new_password1"]
    refused = client.post(reverse("admin:password_change"), fields)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert "a long new one" not in refused.text
    assert User.objects.get().check_password("pw")


def test_people_log_in_and_out_meanwhile(client, away):
    make_superuser(username="editor")
    away()
    fields = {"username": "editor", "password": "pw", "next": "/admin/"}
    assert client.post(reverse("admin:login"), fields).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
    assert User.objects.get().last_login
    assert client.post(reverse("admin:logout")).status_code == 200


def test_workers_give_signs_of_life_meanwhile(away):
    away()
    SignOfLife.objects.give("worker")
    assert SignOfLife.objects.get().at <= timezone.now()


def test_what_shows_what_is_never_shown_is_not_stored():
    with watching.watching(Watch(store().generations.clock())) as watch:
        SignOfLife.objects.exists()
    assert watch.ends <= watch.begun


def test_operators_are_told(settings, client, monkeypatch):
    settings.HEALTH_CHECKS = ("newsroom.page_store.health.store_of_pages",)
    (report,) = health.look()
    assert (report.name, report.state) == ("pages", health.State.READY)
    assert report.words == "kept on this machine"
    monkeypatch.setattr(store().generations, "trouble", lambda: "it is far away")
    (report,) = health.look()
    assert report.state == health.State.DEGRADED
    assert report.words == "nothing that readers see can be changed: it is far away"
    assert client.get("/readyz", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_a_place_where_no_page_can_be_kept_is_told(monkeypatch, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    monkeypatch.setattr(store().shelf, "folder", in_the_way)
    assert store().shelf.trouble().startswith("no page can be kept")
    monkeypatch.undo()
    assert store().shelf.trouble() == ""
