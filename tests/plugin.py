"""What every test gets: a state directory of its own, keys, and quick passwords.

Loaded with `-p` before Django's settings are, which read the environment once.
"""

import atexit
import os
import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from django.db import connections
from pytest_django import Settings

_state = Path(tempfile.mkdtemp(prefix="newsroom-tests-"))
atexit.register(shutil.rmtree, _state, ignore_errors=True)
os.environ["NEWSROOM_STATE"] = str(_state)
for name in ("SITE_URL", "SMTP_URL", "TRUSTED_PROXIES", "SECRET_KEY", "NEWSROOM_DEBUG", "PORT"):
    os.environ.pop(name, None)
# Playwright's sync API leaves an event loop running in the tests' thread. There Django would refuse
# to ask the database, and then use other connections than the one that the tests' was set up with.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
connections._connections = threading.local()  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _installation() -> None:
    from django.conf import settings  # noqa: PLC0415

    from comments import email_privacy  # noqa: PLC0415

    settings.STATE.prepare()
    email_privacy.make_keys(settings.STATE.keys / "address-private.pem")


@pytest.fixture(autouse=True)
def _for_tests(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = True
