import pytest
from django.test import Client


def test_health_is_told_without_asking_the_database():
    response = Client().get("/healthz")  # pytest refuses any query here
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response["Cache-Control"] == "no-store"


def test_robots_are_kept_from_what_is_not_for_them():
    response = Client().get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert {"Disallow: /admin/", "Disallow: /comments/status/"} <= set(
        response.content.decode().splitlines()
    )


def test_the_icon_is_where_browsers_look_for_it(settings):
    settings.WHITENOISE_USE_FINDERS = True
    client = Client()
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert client.get(response["Location"]).headers["Content-Type"] == "image/svg+xml"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/robots.txt", "/favicon.ico"])
def test_they_are_only_read(client, path):
    assert client.head(path).status_code in {200, 302}
    assert client.post(path).status_code == 405
