import zoneinfo

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from newsroom.models import MenuItem, SiteSettings
from newsroom.site import SiteMiddleware, without_site
from newsroom.tests.browsing import dom, fill_in, links, text_at, text_of
from newsroom.tests.factories import make_staff, make_superuser

pytestmark = pytest.mark.django_db

PAGE = "/admin/newsroom/sitesettings/1/change/"
ELSEWHERE = "https://elsewhere.example/"


@pytest.fixture
def editor(client):
    SiteSettings.objects.create()
    client.force_login(make_staff("Editors"))
    return client


def test_a_site_that_nobody_has_named_is_called_newsroom(client):
    assert "Newsroom" in text_at(client.get("/"), ".//title")
    assert not SiteSettings.objects.exists()


def test_what_an_editor_writes_stands_on_every_page_at_once(editor):
    response = fill_in(
        editor,
        PAGE,
        name="The Harbour Post",
        tagline="News & tides",
        publisher="Harbour Co-operative",
        contact="3 Quay Street",
    )
    assert response.status_code == 302
    for page in (editor.get("/"), editor.get("/no/such/page/")):
        text = text_of(dom(page))
        assert "The Harbour Post" in text
        assert "News & tides" in text
        assert "Published by Harbour Co-operative" in text
        assert "3 Quay Street" in text


def test_a_name_is_text_and_no_markup(editor):
    fill_in(editor, PAGE, name="<b>Post</b>", tagline='"><script>alert(1)</script>')
    page = editor.get("/").content.decode()
    assert "<b>Post" not in page
    assert "<script>alert" not in page


def test_the_list_of_the_settings_is_the_one_row_made_when_it_is_first_opened(client):
    client.force_login(make_superuser())
    response = client.get("/admin/newsroom/sitesettings/")
    assert response["Location"] == PAGE
    assert client.get(PAGE).status_code == 200


def test_nobody_can_add_a_second_row_or_delete_the_first(client):
    SiteSettings.objects.create()
    client.force_login(make_superuser())
    assert client.get("/admin/newsroom/sitesettings/add/").status_code == 403
    assert client.post(PAGE.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_saving_another_object_changes_the_one_row(client):
    SiteSettings.objects.create(name="First")
    SiteSettings(name="Second").save()
    assert [site.name for site in SiteSettings.objects.all()] == ["Second"]


def test_the_database_keeps_it_to_one_row():
    SiteSettings.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteSettings.objects.bulk_create([SiteSettings(pk=2)])


def test_the_menu_holds_the_links_in_their_order(editor):
    site = SiteSettings.objects.get()
    site.menu.create(label="Later", address="/later/", position=2)
    site.menu.create(label="Sooner", address="https://elsewhere.example/", position=1)
    in_menu = [link for link in links(editor.get("/")) if link in {"/later/", ELSEWHERE}]
    assert in_menu == [ELSEWHERE, "/later/"]


def add_to_menu(client, address):
    item = {"menu-0-label": "Click", "menu-0-address": address, "menu-0-position": "1"}
    return fill_in(client, PAGE, **{"menu-TOTAL_FORMS": "1"}, **item)


def test_an_editor_adds_a_link_to_the_menu(editor):
    assert add_to_menu(editor, "/about-us/").status_code == 302
    assert "/about-us/" in links(editor.get("/"))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//evil.example/", "/\\evil.example/", "about", "data:text/html,x"],
)
def test_a_menu_link_that_is_neither_a_path_nor_a_web_address_is_refused(editor, address):
    response = add_to_menu(editor, address)
    assert response.status_code == 200
    assert "Begin with / or https://." in text_of(dom(response))
    assert not MenuItem.objects.exists()


def test_the_time_zone_is_chosen_from_those_there_are(editor):
    assert fill_in(editor, PAGE, time_zone="Asia/Tokyo").status_code == 302
    assert SiteSettings.objects.get().zone == zoneinfo.ZoneInfo("Asia/Tokyo")
    assert fill_in(editor, PAGE, time_zone="Mars/Olympus").status_code == 200
    assert fill_in(editor, PAGE, time_zone="../../etc/passwd").status_code == 200
    assert SiteSettings.objects.get().time_zone == "Asia/Tokyo"


def zone_within(view):
    """The time zone in force while `view` answers."""

    def run(request):
        middleware.process_view(request, view, (), {})
        return HttpResponse(timezone.get_current_timezone_name())

    middleware = SiteMiddleware(run)
    return middleware(RequestFactory().get("/")).content.decode()


def test_the_sites_time_zone_is_in_force_for_a_request_and_no_longer():
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    assert zone_within(lambda request: None) == "Asia/Tokyo"
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_view_without_the_site_asks_no_question(django_assert_num_queries):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")

    @without_site
    def view(request):
        return HttpResponse()

    with django_assert_num_queries(0):
        assert zone_within(view) == "UTC"


def test_the_time_zone_is_put_away_when_a_view_fails():
    SiteSettings.objects.create(time_zone="Asia/Tokyo")

    def failing(request):
        middleware.process_view(request, failing, (), {})
        raise RuntimeError

    middleware = SiteMiddleware(failing)
    with pytest.raises(RuntimeError):
        middleware(RequestFactory().get("/"))
    assert timezone.get_current_timezone_name() == "UTC"
