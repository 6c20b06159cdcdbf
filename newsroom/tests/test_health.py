from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import DatabaseError
from django.tasks import TaskResultStatus
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from newsroom import health
from newsroom.models import SignOfLife
from newsroom.tasks import give_sign_of_life

pytestmark = pytest.mark.django_db

TOKEN = "a-token-that-nobody-guesses-1234"


@pytest.fixture(autouse=True)
def checks_of_this_app(settings):
    settings.HEALTH_CHECKS = (
        "newsroom.health.database",
        "newsroom.health.worker",
        "newsroom.health.waiting_tasks",
    )


def readyz(**options):
    """As somebody from elsewhere asks."""
    options.setdefault("REMOTE_ADDR", "203.0.113.9")
    return Client().get("/readyz", **options)


def details():
    """As the operator asks, at the machine itself."""
    return readyz(REMOTE_ADDR="127.0.0.1").json()


def test_an_installation_that_works_is_ready():
    give_sign_of_life.call()
    response = readyz()
    assert response.status_code == 200
    assert response.content == b"ready\n"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == "text/plain"
    assert "Set-Cookie" not in response.headers


def test_without_a_database_it_is_not_ready(monkeypatch):
    give_sign_of_life.call()

    def fail():
        raise DatabaseError("could not connect as newsroom:secret")

    monkeypatch.setattr(health, "database", fail)
    fail.__name__ = "database"
    response = readyz()
    assert response.status_code == 503
    assert response.content == b"not ready\n"
    told = readyz(REMOTE_ADDR="::1")
    assert told.status_code == 503
    database = {"state": "not ready", "details": "DatabaseError"}
    assert told.json() == {"state": "not ready", "checks": {"database": database}}


def test_readers_are_served_while_the_worker_is_silent(clock):
    assert readyz().content == b"degraded\n"
    assert readyz().status_code == 200
    assert "no sign of life" in details()["checks"]["worker"]["details"]
    give_sign_of_life.call()
    assert readyz().content == b"ready\n"
    clock.shift(health.SILENT_AFTER + timedelta(seconds=1))
    assert readyz().content == b"degraded\n"
    assert "601 seconds ago" in details()["checks"]["worker"]["details"]


def test_a_trouble_that_a_worker_tells_of_is_told():
    SignOfLife.objects.give("worker", trouble="it is cold")
    assert details()["checks"]["worker"]["details"].startswith("it is cold; last sign of life 0")
    SignOfLife.objects.give("worker")
    assert details()["state"] == "ready"


def test_tasks_that_wait_long_or_never_end_are_seen(clock):
    later = give_sign_of_life.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    first = give_sign_of_life.enqueue()
    assert details()["checks"]["tasks"] == {
        "state": "ready",
        "details": "1 waiting, 0 late, 0 stuck",
    }
    clock.shift(health.LONG_WAIT + timedelta(seconds=1))
    assert details()["checks"]["tasks"] == {
        "state": "degraded",
        "details": "1 waiting, 1 late, 0 stuck",
    }
    row = DBTaskResult.objects.get(pk=first.id)
    row.status, row.started_at = TaskResultStatus.RUNNING, timezone.now()
    row.save()
    assert details()["checks"]["tasks"]["state"] == "ready"
    clock.shift(health.LONG_RUN)
    clock.shift(1)
    told = details()["checks"]["tasks"]
    assert told == {"state": "degraded", "details": "1 waiting, 1 late, 1 stuck"}
    assert later.id


@pytest.mark.parametrize(
    ("options", "sees"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "203.0.113.9"}, False),
        ({"REMOTE_ADDR": ""}, False),
        # A proxy on this machine that nobody told us of, for somebody who may say anything.
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.9"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "203.0.113.9"}, False),
        ({"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, True),
        ({"HTTP_AUTHORIZATION": f"Bearer {TOKEN}x"}, False),
        ({"HTTP_AUTHORIZATION": "Bearer "}, False),
        ({"HTTP_AUTHORIZATION": "Bearer \xe9"}, False),
        ({"QUERY_STRING": f"token={TOKEN}"}, False),
    ],
)
def test_details_are_for_operators(settings, options, sees):
    settings.OPERATOR_TOKEN = TOKEN
    response = readyz(**options)
    assert (response.headers["Content-Type"] == "application/json") == sees
    assert (b"checks" in response.content) == sees


def test_where_there_is_no_token_none_counts(settings):
    settings.OPERATOR_TOKEN = ""
    for sent in ("", "Bearer ", "Bearer"):
        assert b"checks" not in readyz(HTTP_AUTHORIZATION=sent).content


def test_behind_a_trusted_proxy_the_reader_is_who_asks(settings):
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)
    for forwarded in ("203.0.113.9", "127.0.0.1"):
        response = readyz(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
        assert b"checks" not in response.content


def test_it_asks_a_constant_number_of_questions(django_assert_num_queries):
    for _ in range(20):
        give_sign_of_life.enqueue()
    with django_assert_num_queries(5):
        readyz()


def test_only_reading_is_answered():
    assert Client().post("/readyz").status_code == 405
