import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from newsroom.tests.browsing import dom
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db

PICTURE = "abcdefghijklmnopqrstuv.png"

# What every answer says, whoever gives it: a view, an error, the static files.
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

PUBLIC_PAGES = ["/", "/no/such/page/", "/robots.txt", "/healthz", "/static/css/site.css"]


@pytest.fixture(autouse=True)
def _static_files(settings):
    settings.WHITENOISE_USE_FINDERS = True


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    default_storage.save(PICTURE, ContentFile(b"pixels"))
    return f"/media/{PICTURE}"


def policy_of(response):
    """The content policy as {directive: sources}."""
    directives = response["Content-Security-Policy"].split(";")
    return {name: set(sources) for name, *sources in map(str.split, directives)}


@pytest.mark.parametrize("path", [*PUBLIC_PAGES, "/admin/login/"])
def test_every_answer_carries_the_headers(client, path):
    response = client.get(path)
    assert {name: response.get(name) for name in EVERYWHERE} == EVERYWHERE


def test_the_desk_tells_its_addresses_to_no_other_site(client):
    response = client.get("/admin/")
    expected = EVERYWHERE | {"Referrer-Policy": "same-origin"}
    assert {name: response.get(name) for name in expected} == expected


def test_the_static_files_are_served_here(client):
    assert client.get("/static/css/site.css")["Content-Type"].startswith("text/css")


def test_a_picture_and_a_refusal_carry_the_headers_too(client, picture):
    refusal = client.post("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert refusal.status_code == 403
    for response in (client.get(picture), refusal):
        assert {name: response.get(name) for name in EVERYWHERE} == EVERYWHERE


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_may_load_what_is_its_own_and_nothing_else(client, path):
    policy = policy_of(client.get(path))
    assert policy["default-src"] == {"'none'"}
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == {"'self'"}
    assert policy["form-action"] == {"'self'"}
    assert policy["base-uri"] == policy["frame-ancestors"] == policy["object-src"] == {"'none'"}
    assert set().union(*policy.values()) == {"'self'", "'none'"}


def test_a_picture_that_is_opened_alone_can_do_nothing(client, picture):
    assert policy_of(client.get(picture)) == {"default-src": {"'none'"}, "sandbox": set()}


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_sets_no_cookie_and_is_the_same_with_any(client, path):
    client.cookies["sessionid"] = "anything"
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_the_admin_allows_its_own_inline_parts_by_a_nonce_that_is_new_each_time(client):
    nonces = set()
    for _ in range(2):
        response = client.get("/admin/login/")
        [nonce] = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])[:1]
        used = {each.get("nonce") for each in dom(response).iter() if each.get("nonce")}
        assert used == {nonce}
        nonces.add(nonce)
    assert len(nonces) == 2


def test_the_admins_policy_allows_no_script_without_nonce_and_no_other_host(client):
    client.force_login(make_superuser())
    policy = policy_of(client.get("/admin/"))
    sources = set().union(*policy.values())
    assert not sources & {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"}
    assert {each for each in sources if "." in each} == set()
    assert "data:" not in policy["script-src"] | policy["style-src"]


def test_every_script_and_style_sheet_of_the_admin_has_a_place_in_its_policy(client):
    client.force_login(make_superuser())
    response = client.get("/admin/")
    nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])
    for element in dom(response).iter("script"):
        if not element.get("src"):
            assert nonce and element.get("nonce") == nonce[1]
        else:
            assert element.attrib["src"].startswith("/static/")
    assert not list(dom(response).iter("style"))
