"""Links for people without an account, as the desk makes and revokes them."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.models import PreviewLink
from articles.preview_links import address_of
from articles.tests.factories import make_article, make_draft, make_staff
from articles.tests.previews import (
    make_link,
    make_one,
    post,
    preview_of,
    recorded,
    take_from_readers,
)
from newsroom.tests.browsing import dom, fill_in, text_at, text_of, the

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_staff("Editors")
    client.force_login(user)
    return user


@pytest.fixture
def reporter(client):
    user = make_staff("Reporters")
    client.force_login(user)
    return user


def test_an_editor_makes_a_link_to_the_version_on_the_screen(client, editor, settings):
    article = recorded(editor, headline="For the lawyer")
    with time_machine.travel("2026-05-03T09:00:00Z", tick=False):
        response = fill_in(client, preview_of(article))
        assert response.status_code == 405  # the page itself takes nothing
        response = make_one(client, article)
        link = PreviewLink.objects.get()
        assert response.status_code == 302
        assert response["Location"] == f"{preview_of(article)}#links"
        page = client.get(preview_of(article))
        field = the(page, ".//span[@class='preview-copy']/input")
        assert field.attrib["value"] == settings.SITE_URL + address_of(link)
        client.logout()
        assert "For the lawyer" in text_at(client.get(address_of(link)))
    assert link.made_by == editor
    assert link.expires_at - link.made_at == timedelta(days=3)  # unless another is chosen


def test_the_form_offers_an_hour_to_thirty_days_and_three_days_at_first(client, editor):
    page = client.get(preview_of(recorded(editor)))
    options = dom(page).findall(".//select[@name='hours']/option")
    assert [option.attrib["value"] for option in options] == ["1", "24", "72", "168", "336", "720"]
    assert [each.attrib["value"] for each in options if "selected" in each.attrib] == ["72"]


@pytest.mark.parametrize("hours", ["1", "24", "720"])
def test_the_time_is_chosen(client, editor, hours):
    assert make_one(client, recorded(editor), hours=hours).status_code == 302
    link = PreviewLink.objects.get()
    assert link.expires_at - link.made_at == timedelta(hours=int(hours))


@pytest.mark.parametrize(
    "data",
    [
        {"hours": "2"},
        {"hours": "721"},
        {"hours": ""},
        {"hours": "x"},
        {"revision": "2"},
        {"revision": "0"},
        {"revision": "x"},
        {"revision": ""},
        {"revision": "9" * 30},
    ],
)
def test_what_can_not_be_made_is_refused_with_the_reason(client, editor, data):
    response = make_one(client, recorded(editor), **data)
    assert response.status_code == 422
    assert text_at(response, ".//*[@role='alert']")
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("how", ["close", "erase"])
def test_no_link_is_made_to_a_closed_version(client, editor, how):
    article = recorded(editor)
    take_from_readers(article, how, editor)
    response = make_one(client, article, revision=1)
    assert response.status_code == 422
    assert "This version is closed." in text_at(response, ".//*[@role='alert']")


def test_the_list_tells_of_each_link_who_made_it_until_when_and_what_became_of_it(client, editor):
    article, colleague = recorded(editor), make_staff(username="colleague")
    with time_machine.travel("2026-05-03T09:00:00Z", tick=False) as clock:
        make_link(article, editor, lasts=timedelta(hours=1))
        make_link(article, colleague).revoke(by=colleague)
        clock.move_to("2026-05-03T10:30:00Z")
        make_link(article, colleague)
        rows = dom(client.get(preview_of(article))).findall(".//tbody/tr")
        shown = [text_of(row) for row in rows]
    newest, revoked, expired = shown
    assert "4 May 2026, 10:30 UTC" in newest and "colleague" in newest and "open" in newest
    assert "revoked" in revoked and "3 May 2026, 09:00, colleague" in revoked
    assert "expired" in expired and editor.username in expired
    assert [row.find(".//input[@readonly]") is not None for row in rows] == [True, False, False]


def test_links_of_other_pieces_are_not_listed(client, editor):
    make_link(make_draft(), editor)
    assert not dom(client.get(preview_of(recorded(editor)))).findall(".//tbody/tr")


def test_a_link_is_revoked_with_a_button(client, editor):
    article = recorded(editor)
    link = make_link(article, make_staff())
    page = client.get(preview_of(article))
    [form] = [
        form.attrib["action"]
        for form in dom(page).iter("form")
        if form.get("action", "").endswith("/revocation/")
    ]
    assert client.post(form).status_code == 302
    assert client.get(address_of(link)).status_code == 410
    assert PreviewLink.objects.get().revoked_by == editor
    assert client.post(form).status_code == 302  # again: nothing more happens
    assert not dom(client.get(preview_of(article))).findall(".//td//form")


def test_a_link_is_revoked_on_the_page_of_its_own_piece_alone(client, editor):
    link = make_link(make_draft(), editor)
    assert post(client, recorded(editor), f"links/{link.pk}/revocation/").status_code == 404
    assert PreviewLink.objects.get().is_open


def test_a_reporter_makes_a_link_to_what_is_not_out_yet(client, reporter):
    assert make_one(client, recorded(reporter)).status_code == 302


def test_a_reporter_makes_and_revokes_no_link_of_a_published_piece(client, reporter):
    editor = make_staff()
    article = make_article(by=editor)
    link = make_link(article, editor)
    page = client.get(preview_of(article))
    assert not dom(page).findall(".//section[@id='links']//form")
    assert make_one(client, article).status_code == 403
    assert post(client, article, f"links/{link.pk}/revocation/").status_code == 403
    assert PreviewLink.objects.get().is_open


def test_a_reporter_still_revokes_an_own_link_once_the_piece_is_out(client, reporter):
    article = recorded(reporter)
    link = make_link(article, reporter)
    article.publish(by=make_staff(), at=timezone.now())
    assert post(client, article, f"links/{link.pk}/revocation/").status_code == 302
    assert not PreviewLink.objects.get().is_open


def test_the_page_costs_the_same_however_many_links_and_versions_there_are(
    client, editor, django_assert_max_num_queries
):
    article = recorded(editor)
    for number in range(6):
        article.headline = f"Version {number}"
        article.save()
        make_link(article, editor)
    client.get(preview_of(article))
    with django_assert_max_num_queries(9):
        client.get(preview_of(article))
