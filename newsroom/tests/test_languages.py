"""The language of the interface: the site's, by a setting, or that of a piece."""

import json
import re

import pytest
from django.conf import settings as site_settings
from django.test import Client, RequestFactory
from django.utils import translation
from django.views import defaults

from newsroom.language import interface_language, speaking, speaking_as_the_site
from newsroom.tests.browsing import dom, text_at
from newsroom.tests.factories import make_superuser

CATALOGUE = "/admin/jsi18n/"


@pytest.fixture
def japanese(settings):
    """A site in Japanese."""
    settings.LANGUAGE_CODE = "ja"


@pytest.fixture
def desk(db, client):
    client.force_login(make_superuser())
    return client


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("JA", "ja"),
        ("en", "en-gb"),
        ("en-US", "en-gb"),
        ("en-GB", "en-gb"),
        ("fr", "en-gb"),
        ("zh-Hant-TW", "en-gb"),
        ("jam", "en-gb"),
        ("ar", "en-gb"),
        ("", "en-gb"),
        ("x" * 600, "en-gb"),
    ],
)
def test_a_piece_is_spoken_of_in_its_language_or_in_the_sites(tag, code):
    assert interface_language(tag) == code


def test_what_has_no_translation_is_spoken_of_in_the_language_of_the_site(japanese):
    assert interface_language("fr") == "ja"
    assert interface_language("en-US") == "en-gb"


def test_afterwards_the_language_is_what_it_was():
    before = translation.get_language()
    with pytest.raises(ZeroDivisionError), speaking("ja"):
        assert translation.get_language() == "ja"
        with speaking_as_the_site():
            assert translation.get_language() == site_settings.LANGUAGE_CODE
        raise ZeroDivisionError
    assert translation.get_language() == before


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "skip"), [("en-gb", "Skip to the content"), ("ja", "本文へ移動")])
def test_the_setting_says_what_the_site_speaks(client, settings, code, skip):
    settings.LANGUAGE_CODE = code
    page = client.get("/")
    assert dom(page).get("lang") == code
    assert skip in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/corrections/", "/no-such-page/"])
def test_what_a_browser_prefers_changes_nothing(client, path):
    plain = client.get(path)
    asked = Client(headers={"Accept-Language": "ja"})
    asked.cookies["django_language"] = "ja"
    page = asked.get(path)
    assert page.content == plain.content
    assert "Accept-Language" not in page.headers.get("Vary", "")


# --- Errors --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_address_with_nothing_at_it_says_so_in_the_language_of_the_site(client, japanese):
    page = client.get("/no-such-page/")
    assert page.status_code == 404
    assert dom(page).get("lang") == "ja"
    assert "このアドレスにページはありません" in text_at(page)


@pytest.mark.parametrize(
    ("view", "english", "other"),
    [
        (defaults.server_error, "Something went wrong", "問題が発生しました"),
        (
            lambda request: defaults.bad_request(request, ValueError()),
            "This was not understood",
            "リクエストを処理できませんでした",
        ),
    ],
    ids=["500", "400"],
)
def test_a_failure_is_told_in_the_language_of_the_site_without_a_database(
    settings, view, english, other
):
    request = RequestFactory().get("/")
    assert english in view(request).content.decode()
    settings.LANGUAGE_CODE = "ja"
    page = view(request)
    assert dom(page).get("lang") == "ja"
    assert other in text_at(page)


# --- The desk ------------------------------------------------------------------------------------


def test_the_desk_speaks_the_language_of_the_site(desk, japanese):
    page = desk.get("/admin/articles/article/add/")
    assert dom(page).get("lang") == "ja"
    text = text_at(page, ".//body")
    assert "見出し" in text
    assert "リード" in text
    assert "Headline" not in text


def texts_of(response):
    """The catalogue that a script gets."""
    found = re.search(r"const newcatalog = (\{.*?\});\n", response.content.decode(), re.DOTALL)
    return json.loads(found[1]) if found else {}


def test_the_scripts_of_the_desk_are_told_their_texts(desk, japanese):
    texts = texts_of(desk.get(CATALOGUE))
    assert texts["Choose a picture"] == "画像を選ぶ"
    assert texts["%(number)s word"] == ["%(number)s語"]
    assert texts["Choose a Date"] == "日付を選択"  # Django's own


def test_an_english_desk_needs_no_catalogue_for_its_scripts(desk):
    assert "Choose a picture" not in texts_of(desk.get(CATALOGUE))


def test_a_browser_keeps_the_texts_of_scripts_and_asks_whether_they_still_hold(desk, japanese):
    first = desk.get(CATALOGUE)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = desk.get(CATALOGUE, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_nobody_else_is_told_the_texts_of_scripts(client):
    assert client.get(CATALOGUE).status_code == 302


@pytest.mark.parametrize("path", ["article/add/", "image/", "image/add/"])
def test_pages_whose_scripts_speak_load_their_texts_before(desk, path):
    scripts = dom(desk.get(f"/admin/articles/{path}")).iter("script")
    addresses = [each.get("src", "") for each in scripts]
    ours = [number for number, src in enumerate(addresses) if "picture-" in src or "editor" in src]
    assert ours
    assert addresses.index(CATALOGUE) < min(ours)
