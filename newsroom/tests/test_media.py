import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from newsroom.images import unguessable_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(settings, tmp_path):
    """The name of a stored picture. Beside the pictures' folder lies a file that is none."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "abcdefghijklmnopqrstuv.png").write_bytes(b"secret")
    return default_storage.save(unguessable_name("logo.png"), ContentFile(b"pixels"))


def test_a_picture_is_served_for_good_and_without_a_query(
    client, picture, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = client.get(f"/media/{picture}")
    assert response.getvalue() == b"pixels"
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


def test_a_picture_can_be_asked_for_without_its_content(client, picture):
    response = client.head(f"/media/{picture}")
    assert response.status_code == 200
    assert response["Content-Length"] == "6"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_picture_is_only_read(client, picture, method):
    assert getattr(client, method)(f"/media/{picture}").status_code == 405
    assert default_storage.exists(picture)


def test_a_name_that_another_picture_has_is_never_used_again(picture):
    second = default_storage.save(picture, ContentFile(b"others"))
    assert second != picture


def test_a_second_picture_of_the_same_name_is_served_too(client, picture):
    second = default_storage.save(picture, ContentFile(b"others"))
    assert client.get(f"/media/{second}").getvalue() == b"others"


@pytest.mark.parametrize(
    "name",
    [
        "nnnnnnnnnnnnnnnnnnnnnn.png",
        "",
        ".png",
        "short.png",
        "abcdefghijklmnopqrstuv.html",
        "abcdefghijklmnopqrstuv.svg",
        "abcdefghijklmnopqrstuv.png.html",
        "abcdefghijklmnopqrstuv.png%0a",
        "abcdefghijklmnopqrstuv.png%00",
        "../abcdefghijklmnopqrstuv.png",
        "%2e%2e%2fabcdefghijklmnopqrstuv.png",
        "..%5cabcdefghijklmnopqrstuv.png",
        "/abcdefghijklmnopqrstuv.png",
        "%ff%fe.png",
        "db.sqlite3",
        f"{'a' * 300}.png",
        f"{'a' * 5000}.png",
    ],
)
def test_anything_else_is_not_found(client, picture, name):
    assert client.get(f"/media/{name}").status_code == 404
