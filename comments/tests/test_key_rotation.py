"""New keys while the site runs: nobody is lost, nobody is taken for another, kill -9 included."""

import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from articles.tests.factories import make_staff
from comments import email_privacy, key_rotation
from comments.email_privacy import CannotUnseal, fingerprint, fingerprints, seal, unseal
from comments.models import Comment, Commenter, DataRequest, Standing
from comments.tests.factories import make_comment, sender_of
from newsroom.state import State, write_over

pytestmark = pytest.mark.django_db

ADDRESS = "hana@example.org"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    """An installation of its own, in which this process is told where the private key is."""
    settings.STATE = State(tmp_path / "state")
    settings.ADDRESS_PUBLIC_KEY_FILE = settings.STATE.keys / "address-public.pem"
    settings.ADDRESS_FINGERPRINT_KEY_FILE = settings.STATE.keys / "address-fingerprint.key"
    settings.ADDRESS_PRIVATE_KEY_FILE = settings.STATE.keys / "address-private.pem"
    call_command("make_keys")
    return settings.STATE.keys


def rotate(*options):
    out, err = StringIO(), StringIO()
    call_command("rotate_keys", *options, stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def senders(count):
    for number in range(count):
        make_comment(email=f"reader-{number}@example.org")
    return [f"reader-{number}@example.org" for number in range(count)]


def all_open_with(key_file_content, monkeypatch, settings, tmp_path):
    file = tmp_path / "only.pem"
    file.write_bytes(key_file_content)
    settings.ADDRESS_PRIVATE_KEY_FILE = file
    return [
        unseal(each.sealed_address, fingerprint=each.fingerprint)
        for each in Commenter.objects.order_by("pk")
    ]


def only_the_current(file):
    end = b"-----END PRIVATE KEY-----\n"
    return file.read_bytes().split(end)[0] + end


def test_every_sender_is_sealed_and_fingerprinted_anew(keys, monkeypatch, settings, tmp_path):
    addresses = senders(3)
    before = {each.pk: (each.fingerprint, each.sealed_address) for each in Commenter.objects.all()}
    files = {file.name: file.read_bytes() for file in keys.iterdir()}
    told = rotate()
    assert "New keys are in place for 3 senders." in told
    for each in Commenter.objects.all():
        assert each.fingerprint != before[each.pk][0]
        assert each.sealed_address != before[each.pk][1]
    assert (keys / "address-public.pem").read_bytes() != files["address-public.pem"]
    current = only_the_current(keys / "address-private.pem")
    assert all_open_with(current, monkeypatch, settings, tmp_path) == addresses
    marks = set(Commenter.objects.values_list("fingerprint", flat=True))
    assert marks == {fingerprint(address) for address in addresses}


def test_the_files_stay_their_owners_alone(keys):
    rotate()
    assert {file.stat().st_mode & 0o777 for file in keys.iterdir()} == {0o600}


def test_a_sender_stays_the_same_one(clock):
    first = make_comment(email=ADDRESS)
    rotate()
    clock.shift(60)
    second = make_comment(email=ADDRESS)
    assert second.commenter_id == first.commenter_id
    assert Commenter.objects.count() == 1


def test_while_it_goes_on_senders_are_found_by_either_fingerprint(clock, monkeypatch):
    first = make_comment(email=ADDRESS)
    rotation = key_rotation.rotate()
    monkeypatch.setattr(key_rotation, "_pass", lambda: iter([(0, key_rotation.Progress(0, 1, 0))]))
    next(rotation)  # the new keys are in place, and no sender was moved
    assert Commenter.objects.get().fingerprint != fingerprint(ADDRESS)
    clock.shift(60)
    assert make_comment(email=ADDRESS).commenter_id == first.commenter_id
    sender = Commenter.objects.get()
    assert unseal(sender.sealed_address, fingerprint=sender.fingerprint) == ADDRESS


def test_whom_a_slow_request_adds_under_the_former_key_becomes_one_with_the_other(clock):
    former = fingerprint(ADDRESS)
    sealed = seal(ADDRESS, bound_to=former)
    rotate()
    kept = sender_of(make_comment(email=ADDRESS))
    late = Commenter.objects.create(fingerprint=former, sealed_address=sealed)
    Comment.objects.filter(pk=make_comment().pk).update(commenter=late)
    assert Commenter.objects.known_by(fingerprints(ADDRESS)).first() == kept
    rotate()
    found = Commenter.objects.known_by(fingerprints(ADDRESS))
    assert found.count() == 1
    assert found.get().comments.count() == 2


def test_a_block_is_known_again_and_outlives_its_sender_over_several_rotations():
    moderator = make_staff("Moderators")
    staying, leaving = make_comment(email=ADDRESS), make_comment(email="gone@example.org")
    for comment in (staying, leaving):
        sender_of(comment).block(by=moderator)
    leaving.erase(rule="erased_by_its_author")
    for _again in range(2):
        rotate()
        for address in (ADDRESS, "gone@example.org"):
            standings = Standing.objects.in_force()
            assert standings.filter(fingerprint__in=fingerprints(address)).count() == 1
    told = rotate("--forget-former")
    assert "1 blocks of erased senders" in told
    standing = Standing.objects.get(sender=None)
    assert standing.fingerprint in fingerprints("gone@example.org")


def test_former_keys_are_forgotten_once_nothing_needs_them(keys):
    senders(2)
    rotate()
    request = DataRequest.objects.take(ADDRESS, network="")
    assert "1 requests wait" in rotate("--forget-former")
    assert len(email_privacy.private_keys()) == 2
    request.answered()
    rotate("--forget-former")
    assert len(email_privacy.private_keys()) == 1
    assert len(email_privacy.fingerprint_keys()) == 1
    assert Commenter.objects.filter(fingerprint=fingerprint("reader-0@example.org")).exists()


def test_what_was_on_its_way_under_the_former_key_is_still_read():
    request = DataRequest.objects.take(ADDRESS, network="")
    rotate()
    assert email_privacy.unseal_on_its_way(request.sealed_address) == ADDRESS


def test_stopped_after_any_step_it_goes_on_with_the_same_keys(keys, monkeypatch):
    """Each write of a file and each batch is a place where it may end."""
    addresses = senders(5)
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    real, writes = write_over, list[str]()

    def stop_at(number):
        def write(file, content):
            if len(writes) == number:
                raise KeyboardInterrupt
            writes.append(file.name)
            real(file, content)

        return write

    for number in range(3):
        monkeypatch.setattr(key_rotation, "write_over", stop_at(number))
        with pytest.raises(KeyboardInterrupt):
            rotate()
        assert (keys / "rotation").read_text()
        for address in addresses:
            assert Commenter.objects.known_by(fingerprints(address)).count() == 1
            assert unseal(seal(address), fingerprint=fingerprint(address)) == address
    monkeypatch.setattr(key_rotation, "write_over", real)
    rotation = key_rotation.rotate()
    next(rotation)
    rotation.close()
    assert writes == ["address-private.pem", "address-public.pem"]
    rotate()
    assert len(email_privacy.private_keys()) == len(email_privacy.fingerprint_keys()) == 2
    assert not (keys / "rotation").read_text()
    marks = set(Commenter.objects.values_list("fingerprint", flat=True))
    assert marks == {fingerprint(address) for address in addresses}


def test_on_a_terminal_a_bar_shows_how_far_it_is(monkeypatch):
    senders(4)
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    terminal = StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    call_command("rotate_keys", stdout=terminal)
    half, full = "#" * 15 + "." * 15, "#" * 30
    assert f"\r[{half}] 2 of 4 senders" in terminal.getvalue()
    assert f"\r[{full}] 4 of 4 senders" in terminal.getvalue()


def test_two_do_not_rotate_at_once():
    senders(1)
    first = key_rotation.rotate()
    next(first)
    with pytest.raises(CommandError, match="by another process"):
        rotate()
    first.close()


# --- The private key is lost ------------------------------------------------------------------


def test_without_the_private_key_nothing_changes(keys):
    senders(1)
    (keys / "address-private.pem").unlink()
    before = {file.name: file.read_bytes() for file in keys.glob("address-*")}
    with pytest.raises(CommandError, match="address-private.pem"):
        rotate()
    assert {file.name: file.read_bytes() for file in keys.glob("address-*")} == before


def test_losing_the_private_key_loses_mails_only(keys, clock):
    first = make_comment(email=ADDRESS)
    (keys / "address-private.pem").unlink()
    told = rotate("--private-key-lost")
    assert "1 addresses can't be read" in told
    sender = Commenter.objects.get()
    with pytest.raises(CannotUnseal):
        unseal(sender.sealed_address, fingerprint=sender.fingerprint)
    clock.shift(60)
    assert make_comment(email=ADDRESS).commenter_id == first.commenter_id
    other = sender_of(make_comment(email="new@example.org"))
    assert unseal(other.sealed_address, fingerprint=other.fingerprint) == "new@example.org"


def test_a_private_key_that_is_there_is_not_thrown_away(keys):
    senders(1)
    before = (keys / "address-private.pem").read_bytes()
    with pytest.raises(CommandError, match="is there, and fits"):
        rotate("--private-key-lost")
    assert (keys / "address-private.pem").read_bytes() == before


def test_a_lost_fingerprint_key_is_mended_with_the_private_key(keys, clock):
    first = make_comment(email=ADDRESS)
    (keys / "address-fingerprint.key").unlink()
    call_command("make_keys")
    assert not Commenter.objects.known_by(fingerprints(ADDRESS)).exists()
    clock.shift(60)
    second = make_comment(email=ADDRESS)
    rotate()
    sender = Commenter.objects.get()
    assert sender.fingerprint in fingerprints(ADDRESS)
    assert set(sender.comments.all()) == {first, second}


# --- With real processes ----------------------------------------------------------------------

SENDERS = 400
SETUP = "import django; django.setup()\n"
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("make_keys")
from comments import email_privacy
from comments.models import Commenter
for number in range(400):
    address = f"reader-{number}@example.org"
    mark, sealed = email_privacy.fingerprint(address), email_privacy.seal(address)
    Commenter.objects.create(fingerprint=mark, sealed_address=sealed)
"""
FINISH = """
from django.core.management import call_command
call_command("rotate_keys")
from comments import email_privacy
from comments.models import Commenter
addresses = set()
for each in Commenter.objects.all():
    keys = email_privacy.private_keys()[:1]
    address = email_privacy.unseal_with(keys, each.sealed_address, fingerprint=each.fingerprint)
    assert each.fingerprint == email_privacy.fingerprint(address)
    addresses.add(address)
print(len(addresses), len(email_privacy.private_keys()))
"""


@pytest.mark.sqlite_only
def test_killed_in_the_middle_it_is_finished_by_running_it_again(tmp_path):
    state = tmp_path / "real"
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {
        "NEWSROOM_STATE": str(state),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "ADDRESS_PRIVATE_KEY_FILE": str(state / "keys/address-private.pem"),
    }

    def run(*arguments):
        return subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            cwd=project.BASE_DIR,
            env=environment,
            text=True,
        )

    def finish(code):
        process = run("-c", SETUP + code)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return out.splitlines()

    finish(PREPARE)
    process = run("manage.py", "rotate_keys")
    assert process.stdout is not None
    assert process.stdout.readline() == f"50 of {SENDERS} senders\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert Path(state / "keys/rotation").read_text(), "it was killed in the middle"
    assert finish(FINISH)[-1] == f"{SENDERS} 2"
