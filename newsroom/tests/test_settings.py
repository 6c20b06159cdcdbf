"""The settings as a start-up reads them, from environments other than this test run's."""

import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom import settings as settings_module

UNSET = ("DATABASE_URL", "SITE_URL", "PORT", "ADDRESS_PRIVATE_KEY_FILE", "SITE_LANGUAGE")


@pytest.fixture
def settings_with(monkeypatch, tmp_path):
    def read(**environment):
        for name in UNSET:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("NEWSROOM_STATE", str(tmp_path))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(settings_module.__file__)

    return read


def test_an_empty_environment_means_production_on_one_machine(settings_with, tmp_path):
    settings = settings_with()
    assert settings["DEBUG"] is False
    assert settings["DATABASES"]["default"]["NAME"] == tmp_path / "db.sqlite3"
    assert settings["MEDIA_ROOT"] == tmp_path / "media"
    assert settings["SITE_URL"] == "http://localhost:8000"


def test_plain_http_works_on_the_machine_itself(settings_with):
    settings = settings_with(PORT="8123")
    assert settings["SITE_URL"] == "http://localhost:8123"
    assert set(settings["ALLOWED_HOSTS"]) == {"localhost", "127.0.0.1", "[::1]"}
    assert settings["SECURE_SSL_REDIRECT"] is False
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is False


def test_https_turns_the_secure_settings_on(settings_with):
    settings = settings_with(SITE_URL="https://news.example.org")
    assert settings["ALLOWED_HOSTS"] == ["news.example.org"]
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] >= 31536000
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert settings["CSRF_COOKIE_NAME"].startswith("__Host-")


def test_the_interface_is_english_or_what_is_configured(settings_with, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "de:ja")  # of the desktop of whoever starts it
    assert settings_with()["LANGUAGE_CODE"] == "en-gb"
    assert settings_with(SITE_LANGUAGE="ja")["LANGUAGE_CODE"] == "ja"
    with pytest.raises(ImproperlyConfigured, match="SITE_LANGUAGE=fr .* en-gb, ja"):
        settings_with(SITE_LANGUAGE="fr")


def test_the_host_is_the_configured_one_alone(settings_with):
    settings = settings_with(SITE_URL="http://news.example.org:8080")
    assert settings["ALLOWED_HOSTS"] == ["news.example.org"]


@pytest.mark.parametrize(("processors", "workers"), [(None, 1), (1, 1), (2, 1), (3, 2), (16, 2)])
def test_a_second_server_process_is_for_a_third_processor(
    settings_with, monkeypatch, processors, workers
):
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    monkeypatch.delenv("WORKERS", raising=False)
    assert settings_with()["WORKERS"] == workers
    assert settings_with(WORKERS="5")["WORKERS"] == 5


def test_the_secret_key_stays_the_same_from_start_to_start(settings_with):
    first = settings_with()["SECRET_KEY"]
    assert len(first) >= 50
    assert settings_with()["SECRET_KEY"] == first
    assert settings_with(SECRET_KEY="given")["SECRET_KEY"] == "given"


def test_only_a_process_that_is_told_knows_where_the_private_key_is(settings_with, tmp_path):
    assert settings_with()["ADDRESS_PRIVATE_KEY_FILE"] is None
    told = settings_with(ADDRESS_PRIVATE_KEY_FILE=str(tmp_path / "private.pem"))
    assert told["ADDRESS_PRIVATE_KEY_FILE"] == tmp_path / "private.pem"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("WORKERS", "0"),
        ("NEWSROOM_DEBUG", "perhaps"),
        ("NEWSROOM_DEMO", "2"),
        ("SITE_URL", "news.example.org"),
        ("TRUSTED_PROXIES", "proxy"),
        ("DATABASE_URL", "sqlite:///news"),
        ("SMTP_URL", "mail.example.org"),
    ],
)
def test_a_mistyped_variable_stops_the_start_and_is_named(settings_with, name, value):
    with pytest.raises(ImproperlyConfigured, match=rf"\A{name}\b"):
        settings_with(**{name: value})
