"""What every test gets: a state directory of its own, keys, and quick passwords.

Loaded with `-p` before Django's settings are, which read the environment once.
"""

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import AppConfig
from django.apps.registry import Apps
from django.db import connections
from django.db.models.signals import post_migrate
from pytest_django import Settings

from newsroom import env
from newsroom.tests.clock import NOON
from tests import soak

_state = Path(tempfile.mkdtemp(prefix="newsroom-tests-"))
atexit.register(shutil.rmtree, _state, ignore_errors=True)
os.environ["NEWSROOM_STATE"] = str(_state)
for name in (
    *("SITE_URL", "SMTP_URL", "TRUSTED_PROXIES", "SECRET_KEY", "NEWSROOM_DEBUG", "PORT"),
    *("BOUNCE_ADDRESS", "BOUNCE_MAILBOX", "BOUNCE_SECRET"),
    *("WEBSUB_HUB", "SECURITY_CONTACT", "OPERATOR_TOKEN", "AKISMET_URL", "AKISMET_KEY"),
):
    os.environ.pop(name, None)
# Playwright's sync API leaves an event loop running in the tests' thread. There Django would refuse
# to ask the database, and then use other connections than the one that the tests' was set up with.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
connections._connections = threading.local()  # type: ignore[attr-defined]


def pytest_report_header() -> str:
    return f"seed: {soak.SEED} (SEED={soak.SEED} does the same again)"


@pytest.fixture(scope="session", autouse=True)
def _groups_outlive_flushes() -> Iterator[None]:
    """A test with real transactions empties the tables behind it; what migrations had put there
    is put there again, so that tests can come in any order."""
    post_migrate.connect(_make_groups)
    yield
    post_migrate.disconnect(_make_groups)


def _make_groups(sender: AppConfig, apps: Apps, **told: Any) -> None:
    if sender.label == "comments":  # the last one
        for app in ("newsroom", "articles", "comments"):
            import_module(f"{app}.migrations.0002_groups").make_groups(apps, None)


@pytest.fixture(scope="session", autouse=True)
def _installation() -> None:
    from django.conf import settings  # noqa: PLC0415

    from comments import email_privacy  # noqa: PLC0415

    settings.STATE.prepare()
    email_privacy.make_keys(settings.STATE.keys / "address-private.pem")


@pytest.fixture(autouse=True)
def _for_tests(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from articles.reading import Reads  # noqa: PLC0415

    # A thread of its own would not be in the test's transaction.
    monkeypatch.setattr(Reads, "start", lambda self: None)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def mail_worker(settings: Settings) -> None:
    """This process, told where the private key is."""
    settings.ADDRESS_PRIVATE_KEY_FILE = settings.STATE.keys / "address-private.pem"


@pytest.fixture
def mail_through(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], None]:
    """Mail leaves through the server of this address."""

    def use(url: str) -> None:
        monkeypatch.setenv("SMTP_URL", url)
        settings.MAILERS = {"default": env.mailer("SMTP_URL", folder=tmp_path)}

    return use


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller]:
    """Stands at noon, or at the NOW of the test's file, until the test moves it."""
    moment = getattr(request.module, "NOW", NOON)
    with time_machine.travel(moment, tick=False) as clock:
        yield clock
