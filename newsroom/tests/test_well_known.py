from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client


def test_health_is_told_without_asking_the_database():
    response = Client().get("/healthz")  # pytest refuses any query here
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response["Cache-Control"] == "no-store"


def test_robots_are_kept_from_what_is_not_for_them():
    response = Client().get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert {"Disallow: /admin/", "Disallow: /comments/status/", "Disallow: /preview/"} <= set(lines)


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        *((path, True) for path in ("/", "/articles/fish/", "/search/?q=fish", "/media/a.jpg")),
        *((path, True) for path in ("/feeds/latest.rss", "/sitemap.xml", "/static/css/site.css")),
        *((path, False) for path in ("/admin/", "/preview/token/", "/comments/status/token/")),
    ],
)
def test_robots_read_the_rules_as_they_are_meant(path, is_open):
    rules = RobotFileParser()
    rules.parse(Client().get("/robots.txt").content.decode().splitlines())
    assert rules.can_fetch("Googlebot", path) is is_open


@pytest.mark.django_db
def test_robots_are_led_to_both_sitemaps(client, settings):
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())
    named = rules.site_maps()
    assert named == [f"{settings.SITE_URL}/sitemap.xml", f"{settings.SITE_URL}/sitemap-news.xml"]
    for address in named:
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200


def test_the_icon_is_where_browsers_look_for_it(settings):
    settings.WHITENOISE_USE_FINDERS = True
    client = Client()
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert client.get(response["Location"]).headers["Content-Type"] == "image/svg+xml"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/healthz", "/robots.txt", "/favicon.ico", "/.well-known/security.txt"]
)
def test_they_are_only_read(client, path):
    assert client.head(path).status_code in {200, 302}
    assert client.post(path).status_code == 405
