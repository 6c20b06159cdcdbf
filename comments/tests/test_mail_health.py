"""What /readyz says of mail to readers, as the mail worker found it."""

import pytest
from django.core.management import call_command
from django.test import Client

from comments import health, key_rotation, tasks
from newsroom.models import SignOfLife
from newsroom.state import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.STATE = State(tmp_path / "state")
    settings.ADDRESS_PUBLIC_KEY_FILE = settings.STATE.keys / "address-public.pem"
    settings.ADDRESS_FINGERPRINT_KEY_FILE = settings.STATE.keys / "address-fingerprint.key"
    settings.ADDRESS_PRIVATE_KEY_FILE = settings.STATE.keys / "address-private.pem"
    settings.HEALTH_CHECKS = ("newsroom.health.database", "comments.health.mail")
    call_command("make_keys")
    return settings.STATE.keys


def readyz(**options):
    return Client().get("/readyz", **options)


def mail():
    return readyz().json()["checks"]["mail"]


def test_mail_is_ready_while_the_mail_worker_can_read_what_is_sealed():
    tasks.look_at_keys.call()
    assert mail()["state"] == "ready"
    assert readyz(REMOTE_ADDR="203.0.113.9").content == b"ready\n"


def test_it_is_the_mail_worker_that_looks():
    assert tasks.look_at_keys.queue_name == "mail"
    assert "no sign of life" in mail()["details"]


def test_a_lost_private_key_is_told_and_readers_are_served(keys):
    (keys / "address-private.pem").unlink()
    tasks.look_at_keys.call()
    told = mail()
    assert told["state"] == "degraded"
    assert "no mail is sent to readers" in told["details"]
    assert "address-private.pem cannot be read" in told["details"]
    response = readyz(REMOTE_ADDR="203.0.113.9")
    assert (response.status_code, response.content) == (200, b"degraded\n")


def test_a_worker_that_was_told_of_no_key_is_told_of(settings):
    settings.ADDRESS_PRIVATE_KEY_FILE = None
    tasks.look_at_keys.call()
    assert "was given no private key" in mail()["details"]


def test_a_key_that_does_not_fit_is_told_and_mending_it_is_seen(keys, settings):
    other = keys / "other.pem"
    other.write_bytes((keys / "address-private.pem").read_bytes())
    for file in ("address-private.pem", "address-public.pem"):
        (keys / file).unlink()
    call_command("make_keys")
    settings.ADDRESS_PRIVATE_KEY_FILE = other
    tasks.look_at_keys.call()
    assert "doesn't fit the public key" in mail()["details"]
    settings.ADDRESS_PRIVATE_KEY_FILE = keys / "address-private.pem"
    tasks.look_at_keys.call()
    assert mail()["state"] == "ready"


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nx"])
def test_a_damaged_key_is_told(keys, content):
    (keys / "address-private.pem").write_bytes(content)
    tasks.look_at_keys.call()
    assert "is damaged" in mail()["details"]


def test_a_rotation_is_noticed_without_a_restart():
    tasks.look_at_keys.call()
    list(key_rotation.rotate())
    tasks.look_at_keys.call()
    assert mail()["state"] == "ready"


@pytest.mark.parametrize("missing", ["address-public.pem", "address-fingerprint.key"])
def test_a_key_without_which_no_reply_is_taken_is_told(keys, settings, missing):
    settings.HEALTH_CHECKS = ("comments.health.keys",)
    assert readyz().json()["checks"]["keys"]["state"] == "ready"
    (keys / missing).unlink()
    told = readyz().json()["checks"]["keys"]
    assert told["state"] == "degraded"
    assert missing in told["details"]


def test_nothing_personal_is_told():
    tasks.look_at_keys.call()
    assert health.PROBE not in str(SignOfLife.objects.values_list()) + str(mail())
