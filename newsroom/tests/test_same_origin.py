import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from newsroom.models import SiteSettings
from newsroom.same_origin import SameOriginMiddleware, Sender, proof_in_address, sender
from newsroom.tests.browsing import fill_in
from newsroom.tests.factories import make_superuser

SITE = "https://news.example.org"
SETTINGS_PAGE = "/admin/newsroom/sitesettings/1/change/"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, Sender.THIS_SITE),
        ({"Sec-Fetch-Site": "same-site"}, Sender.ELSEWHERE),
        ({"Sec-Fetch-Site": "cross-site"}, Sender.ELSEWHERE),
        ({"Sec-Fetch-Site": "none"}, Sender.ELSEWHERE),
        ({"Sec-Fetch-Site": ""}, Sender.ELSEWHERE),
        # What a browser says of the site weighs more than the origin it names.
        ({"Sec-Fetch-Site": "cross-site", "Origin": SITE}, Sender.ELSEWHERE),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, Sender.THIS_SITE),
        ({"Origin": SITE}, Sender.THIS_SITE),
        ({"Origin": "http://testserver"}, Sender.THIS_SITE),
        ({"Origin": "null"}, Sender.ELSEWHERE),
        ({"Origin": ""}, Sender.ELSEWHERE),
        ({"Origin": "http://news.example.org"}, Sender.ELSEWHERE),
        ({"Origin": f"{SITE}:8443"}, Sender.ELSEWHERE),
        ({"Origin": f"{SITE}.evil.example"}, Sender.ELSEWHERE),
        ({"Referer": f"{SITE}/"}, Sender.UNKNOWN),
        ({}, Sender.UNKNOWN),
    ],
)
def test_who_sent_a_request_is_what_the_browser_says(settings, headers, expected):
    settings.SITE_URL = SITE
    assert sender(RequestFactory().post("/", headers=headers)) is expected


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_another_site_sends_is_refused_before_anything_reads_it(client, method, headers):
    response = client.generic(method, "/admin/login/", headers=headers)
    assert response.status_code == 403
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": SITE}, {}])
def test_a_form_of_this_site_is_taken(client, settings, headers):
    settings.SITE_URL = SITE
    site = SiteSettings.objects.create(name="Old name")
    client.force_login(make_superuser())
    fill_in(client, SETTINGS_PAGE, headers=headers, name="New name")
    site.refresh_from_db()
    assert site.name == "New name"


@pytest.mark.django_db
def test_somebody_who_is_logged_in_changes_nothing_from_another_site(client):
    site = SiteSettings.objects.create(name="Old name")
    client.force_login(make_superuser())
    response = fill_in(
        client, SETTINGS_PAGE, headers={"Sec-Fetch-Site": "cross-site"}, name="New name"
    )
    assert response.status_code == 403
    site.refresh_from_db()
    assert site.name == "Old name"


@pytest.mark.django_db
def test_a_link_on_another_site_may_be_followed(client):
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_an_origin_that_is_hidden_is_taken_where_the_address_itself_is_the_proof(rf):
    def view(request):
        return HttpResponse("done")

    middleware = SameOriginMiddleware(view)
    for headers, is_hidden in (
        ({"Origin": "null"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "https://elsewhere.example"}, False),
    ):
        request = rf.post("/", headers=headers)
        if not is_hidden:
            with pytest.raises(PermissionDenied):
                middleware(request)
            continue
        assert middleware(request).status_code == 200
        middleware.process_view(request, proof_in_address(view), (), {})
        with pytest.raises(PermissionDenied):
            middleware.process_view(request, view, (), {})
