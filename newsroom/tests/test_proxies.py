import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from newsroom import env
from newsroom.proxies import FORWARDED, TrustedProxiesMiddleware

PROXIES = "10.0.0.0/8 2001:db8::/32"


@pytest.fixture(autouse=True)
def _proxies(settings, monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", PROXIES)
    settings.TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")


def seen_by_a_view(**meta):
    """The request as it reaches what stands behind the middleware."""
    seen = []

    def view(request):
        seen.append(request)
        return HttpResponse()

    TrustedProxiesMiddleware(view)(RequestFactory().get("/", **meta))
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "reader"),
    [
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("2001:db8::5", "2001:db9::1", "2001:db9::1"),
        # Two proxies in a row.
        ("10.0.0.1", "192.0.2.1, 10.0.0.2", "192.0.2.1"),
        # The reader wrote the left part, to be taken for somebody else.
        ("10.0.0.1", "127.0.0.1, 198.51.100.9, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "10.9.9.9, 192.0.2.1", "192.0.2.1"),
        # Rubbish is believed no further.
        ("10.0.0.1", "192.0.2.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        # Strangers are not believed at all.
        ("198.51.100.9", "192.0.2.1", "198.51.100.9"),
        ("198.51.100.9", "10.0.0.1", "198.51.100.9"),
        ("", "192.0.2.1", ""),
    ],
)
def test_the_readers_address_is_the_first_stranger_from_the_right(peer, forwarded_for, reader):
    request = seen_by_a_view(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded_for)
    assert request.META["REMOTE_ADDR"] == reader


@pytest.mark.parametrize(
    ("peer", "forwarded_proto", "is_secure"),
    [
        ("10.0.0.1", "https", True),
        ("10.0.0.1", "http", False),
        ("10.0.0.1", "https, http", False),
        ("10.0.0.1", "javascript", False),
        ("198.51.100.9", "https", False),
    ],
)
def test_the_scheme_is_believed_of_a_trusted_proxy_alone(peer, forwarded_proto, is_secure):
    request = seen_by_a_view(REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO=forwarded_proto)
    assert request.is_secure() is is_secure


@pytest.mark.parametrize("peer", ["10.0.0.1", "198.51.100.9"])
def test_nothing_behind_sees_a_forwarded_header(peer):
    request = seen_by_a_view(REMOTE_ADDR=peer, **dict.fromkeys(FORWARDED, "203.0.113.9"))
    assert not [name for name in request.META if "FORWARDED" in name or "REAL_IP" in name]


def test_without_configured_proxies_nobody_is_believed(settings):
    settings.TRUSTED_PROXIES = ()
    request = seen_by_a_view(
        REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.1", HTTP_X_FORWARDED_PROTO="https"
    )
    assert request.META["REMOTE_ADDR"] == "127.0.0.1"
    assert not request.is_secure()


def test_a_site_on_https_answers_behind_its_proxy_and_redirects_strangers(settings):
    settings.SECURE_SSL_REDIRECT = True
    proxy = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_PROTO="https")
    assert proxy.get("/robots.txt").status_code == 200
    response = Client().get("/robots.txt", HTTP_X_FORWARDED_PROTO="https")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/robots.txt"


def test_a_forwarded_host_is_not_believed(settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/robots.txt", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil.example" not in response["Location"]
