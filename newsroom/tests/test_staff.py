"""Staff in the admin. How they get their mails: test_staff_mail.py."""

import pytest
from django.contrib.auth.models import Group, User

from newsroom.tests.browsing import fields_of, fill_in, text_at
from newsroom.tests.factories import make_staff, make_superuser

pytestmark = pytest.mark.django_db

LIST = "/admin/auth/user/"
ADD = f"{LIST}add/"
ADDRESS = "maud.canary@reader.example"


def page_of(user):
    return f"{LIST}{user.pk}/change/"


@pytest.fixture
def superuser(client):
    client.force_login(make_superuser())
    return client


def errors(response):
    return text_at(response, ".//ul[@class='errorlist']")


def test_somebody_is_invited_with_a_group_and_without_a_password(superuser):
    reporters = Group.objects.get(name="Reporters")
    fill_in(
        superuser, ADD, username="maud", email=ADDRESS, first_name="Maud", groups=[reporters.pk]
    )
    maud = User.objects.get(username="maud")
    assert maud.is_staff
    assert not maud.is_superuser
    assert not maud.has_usable_password()
    assert maud.email == ADDRESS
    assert list(maud.groups.all()) == [reporters]


def test_an_invitation_needs_an_address(superuser):
    response = fill_in(superuser, ADD, username="maud")
    assert response.status_code == 200
    assert errors(response) == "This field is required."
    assert not User.objects.filter(username="maud").exists()


@pytest.mark.parametrize("username", [ADDRESS, "maud@", "@maud"])
def test_nobody_is_invited_under_a_name_with_an_at_sign(superuser, username):
    response = fill_in(superuser, ADD, username=username, email=ADDRESS)
    assert errors(response) == "Choose a name without @: it is shown to others."
    assert not User.objects.filter(username=username).exists()


def test_nobody_is_given_a_name_with_an_at_sign_later(superuser):
    maud = make_staff(username="maud")
    response = fill_in(superuser, page_of(maud), username=ADDRESS)
    assert errors(response) == "Choose a name without @: it is shown to others."
    maud.refresh_from_db()
    assert maud.username == "maud"


def test_a_form_that_is_refused_comes_back_with_all_that_was_typed(superuser):
    response = fill_in(superuser, ADD, username="maud@", email=ADDRESS, first_name="Maud")
    fields = fields_of(response)
    assert (fields["username"], fields["email"], fields["first_name"]) == ("maud@", ADDRESS, "Maud")


def test_no_page_of_the_admin_shows_an_address(superuser):
    maud = make_staff(username="maud", email=ADDRESS)
    fill_in(superuser, page_of(maud), new_email=f"new-{ADDRESS}")
    for path in (LIST, page_of(maud), f"{LIST}{maud.pk}/history/", "/admin/", f"{LIST}?q=maud"):
        page = superuser.get(path)
        assert page.status_code == 200
        assert "maud" in page.content.decode()
        assert "canary" not in page.content.decode()


def test_an_address_is_written_without_being_read_back(superuser):
    maud = make_staff(username="maud", email=ADDRESS)
    page = superuser.get(page_of(maud))
    assert fields_of(page)["new_email"] == ""
    assert "email" not in fields_of(page)

    fill_in(superuser, page_of(maud), first_name="Maud")
    maud.refresh_from_db()
    assert (maud.first_name, maud.email) == ("Maud", ADDRESS)

    fill_in(superuser, page_of(maud), new_email="maud@elsewhere.example")
    maud.refresh_from_db()
    assert maud.email == "maud@elsewhere.example"


def test_an_address_can_neither_be_searched_for_nor_guessed_at(superuser):
    make_staff(username="maud", email=ADDRESS)
    assert "maud" not in text_at(superuser.get(f"{LIST}?q=canary"))
    for lookup in ("email", "email__startswith", "email__iregex", "email__in"):
        assert superuser.get(LIST, {lookup: ADDRESS}).status_code == 400


def test_an_address_that_is_none_is_refused(superuser):
    maud = make_staff(username="maud", email=ADDRESS)
    response = fill_in(superuser, page_of(maud), new_email="nowhere")
    assert errors(response) == "Enter a valid email address."
    maud.refresh_from_db()
    assert maud.email == ADDRESS


def test_people_who_leave_are_made_inactive_and_not_deleted(superuser):
    maud = make_staff(username="maud")
    assert superuser.post(f"{LIST}{maud.pk}/delete/", {"post": "yes"}).status_code == 403
    superuser.post(
        LIST, {"action": "delete_selected", "_selected_action": [maud.pk], "post": "yes"}
    )
    assert User.objects.filter(pk=maud.pk).exists()

    page = superuser.get(page_of(maud))
    fields = fields_of(page)
    del fields["is_active"]
    superuser.post(page_of(maud), fields)
    assert not User.objects.get(pk=maud.pk).is_active


def test_somebody_inactive_cannot_log_in(client):
    make_staff(username="maud", is_active=False)
    fill_in(client, "/admin/login/", username="maud", password="pw")
    assert client.get("/admin/").status_code == 302
