"""What every test gets: a state directory of its own, keys, and quick passwords.

Loaded with `-p` before Django's settings are, which read the environment once.
"""

import atexit
import gc
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
from django.db import connection, connections, transaction
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
    "REDIS_URL",
):
    os.environ.pop(name, None)
# Playwright's sync API leaves an event loop running in the tests' thread. There Django would refuse
# to ask the database, and then use other connections than the one that the tests' was set up with.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
connections._connections = threading.local()  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Each process has its database of SQLite in memory: pytest-django sees only by the name of
    Django's own backend that it needs no file for each."""
    from django.conf import settings  # noqa: PLC0415

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith(".sqlite3"):
        database.setdefault("TEST", {})["NAME"] = ":memory:"


def pytest_collection_finish() -> None:
    """The tests themselves and all modules stay to the end: nobody need look for garbage there."""
    gc.collect()
    gc.freeze()


def pytest_report_header() -> str:
    return f"seed: {soak.SEED} (SEED={soak.SEED} does the same again)"


@pytest.fixture(scope="session", autouse=True)
def _flushes_leave_what_migrations_made() -> Iterator[None]:
    """A test with real transactions empties the tables behind it, also those that the database
    keeps from being emptied. Rows that migrations had made are put there again at once, so that
    tests can come in any order.

    Such tests ask for `serialized_rollback`: else Django makes rows of its own.
    """
    from django.test import TransactionTestCase  # noqa: PLC0415 - settings must be loaded

    final = import_module("comments.migrations.0003_append_only")
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_and_fill(case: Any) -> None:
        _execute(final.dropping(connection.vendor))
        flush(case)
        rows = connection._test_serialized_contents  # type: ignore[attr-defined]
        connection.creation.deserialize_db_from_string(rows)
        _execute(final.making(connection.vendor))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_and_fill)
        yield


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def _installation() -> None:
    from django.conf import settings  # noqa: PLC0415

    from comments import email_privacy  # noqa: PLC0415

    settings.STATE.prepare()
    email_privacy.make_keys(settings.STATE.keys / "address-private.pem")


@pytest.fixture(scope="session", autouse=True)
def _for_tests() -> Iterator[None]:
    """Once for all of them: each setting that is changed is told to all of Django."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from articles.reading import Reads  # noqa: PLC0415

    quick = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES=settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        WHITENOISE_AUTOREFRESH=True,
    )
    with quick, pytest.MonkeyPatch.context() as patch:
        # A thread of its own would not be in the test's transaction.
        patch.setattr(Reads, "start", lambda self: None)
        yield


@pytest.fixture(scope="module")
def for_all_tests(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database, for what all tests of a file find there and each can change for itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Of what another test has read, and rolled back."""
    from newsroom.page_store.remembering import forget  # noqa: PLC0415

    forget()


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The newsroom as its server has it: a PageStore with nothing in it (newsroom.tests.asking)."""
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415

    from newsroom.page_store.declared import declared_at  # noqa: PLC0415
    from newsroom.page_store.store import store  # noqa: PLC0415
    from newsroom.page_store.wrapper import PageStore  # noqa: PLC0415
    from newsroom.state import State  # noqa: PLC0415

    monkeypatch.setattr(State, "pages", tmp_path / "pages")
    for kept in (store, declared_at):
        kept.cache_clear()
    yield PageStore(WSGIHandler())
    for kept in (store, declared_at):
        kept.cache_clear()


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
def server(mail_through: Callable[[str], None]) -> Iterator[Any]:
    """A newsroom.tests.mail.MailServer, through which mail leaves."""
    from newsroom.tests.mail import mail_server  # noqa: PLC0415 - settings must be loaded

    with mail_server() as server:
        mail_through(server.url)
        yield server


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller]:
    """Stands at noon, or at the NOW of the test's file, until the test moves it."""
    moment = getattr(request.module, "NOW", NOON)
    with time_machine.travel(moment, tick=False) as clock:
        yield clock
