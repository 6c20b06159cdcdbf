import ast
import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.tests.factories import make_article
from comments import email_privacy
from comments.email_privacy import CannotUnseal, NoPrivateKey, fingerprint, normalise, seal, unseal
from comments.forms import ReplyForm
from comments.models import Comment, Commenter
from comments.moderation.gather import submission_of
from comments.moderation.pipeline import judge
from comments.posting import ParentGone, RepliesClosed, SameTextAgain, TooManyPosts
from comments.taking_in import surroundings
from comments.tests.factories import form_data, make_draft
from newsroom.state import State

ADDRESS = "canary.hana@example.org"


@pytest.fixture
def keys(settings, tmp_path):
    """An installation of its own that has no keys yet; the value is its folder of keys."""
    settings.STATE = State(tmp_path / "state")
    settings.ADDRESS_PUBLIC_KEY_FILE = settings.STATE.keys / "address-public.pem"
    settings.ADDRESS_FINGERPRINT_KEY_FILE = settings.STATE.keys / "address-fingerprint.key"
    return settings.STATE.keys


# --- Sealing ----------------------------------------------------------------------------------


def test_the_mail_worker_reads_what_was_sealed(mail_worker):
    assert unseal(seal(ADDRESS), fingerprint=fingerprint(ADDRESS)) == ADDRESS


@given(st.emails())
@settings(max_examples=50, deadline=None)
def test_any_address_comes_back_as_it_was_typed(address):
    with override_settings(ADDRESS_PRIVATE_KEY_FILE=project.STATE.keys / "address-private.pem"):
        assert unseal(seal(f" {address} "), fingerprint=fingerprint(address)) == address


def test_sealing_is_hpke_as_rfc_9180_has_it():
    """Opened here by hand with the library, to the key in the file."""
    pem = (project.STATE.keys / "address-private.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, X25519PrivateKey)
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    info = email_privacy.PURPOSE + fingerprint(ADDRESS).encode()
    sealed = seal(ADDRESS)
    assert suite.decrypt(sealed, key, info=info) == ADDRESS.encode()
    assert len(sealed) == 32 + len(ADDRESS) + 16  # encapsulated key, text, tag


def test_sealing_twice_gives_different_bytes():
    assert seal(ADDRESS) != seal(ADDRESS)


def test_no_form_of_the_address_is_in_the_sealed_bytes():
    sealed = seal(ADDRESS)
    for trace in (b"canary", b"hana", b"example", base64.b64encode(ADDRESS.encode())[:8]):
        assert trace not in sealed


def test_a_sealed_address_opens_only_with_its_own_fingerprint(mail_worker):
    sealed = seal(ADDRESS)
    for other in ("mallory@example.org", "canary.hana@example.com", ""):
        with pytest.raises(CannotUnseal):
            unseal(sealed, fingerprint=fingerprint(other))
    with pytest.raises(CannotUnseal):
        unseal(sealed, fingerprint="")


def test_damaged_bytes_do_not_open(mail_worker):
    sealed, mark = seal(ADDRESS), fingerprint(ADDRESS)
    damaged = [
        sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        for place in (0, 31, 32, -1)
    ]
    for each in [*damaged, sealed[:-1], sealed + b"\0", b"", b"x", sealed[:32], bytes(100)]:
        with pytest.raises(CannotUnseal):
            unseal(each, fingerprint=mark)


def test_what_was_sealed_to_another_key_does_not_open(mail_worker, tmp_path, settings):
    sealed, mark = seal(ADDRESS), fingerprint(ADDRESS)
    pem = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    settings.ADDRESS_PRIVATE_KEY_FILE = tmp_path / "other.pem"
    settings.ADDRESS_PRIVATE_KEY_FILE.write_bytes(pem)
    with pytest.raises(CannotUnseal):
        unseal(sealed, fingerprint=mark)


def test_only_the_mail_worker_can_unseal():
    assert project.ADDRESS_PRIVATE_KEY_FILE is None, "no other process is told where the key is"
    with pytest.raises(NoPrivateKey):
        unseal(seal(ADDRESS), fingerprint=fingerprint(ADDRESS))


@pytest.mark.django_db
def test_a_stored_address_opens_in_the_mail_worker_alone(mail_worker, settings):
    Comment.objects.submit(make_draft(email=ADDRESS))
    sender = Commenter.objects.get()
    assert unseal(sender.sealed_address, fingerprint=sender.fingerprint) == ADDRESS
    settings.ADDRESS_PRIVATE_KEY_FILE = None
    with pytest.raises(NoPrivateKey):
        unseal(sender.sealed_address, fingerprint=sender.fingerprint)


@pytest.mark.django_db
def test_an_address_moved_to_another_senders_row_does_not_open(mail_worker):
    for email in (ADDRESS, "maud@example.org"):
        Comment.objects.submit(make_draft(email=email))
    first, second = Commenter.objects.order_by("pk")
    with pytest.raises(CannotUnseal):
        unseal(first.sealed_address, fingerprint=second.fingerprint)


# --- Matching ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("hana@example.org", "hana@example.org"),
        ("  hana@example.org\n", "hana@example.org"),
        ("Hana@Example.ORG", "hana@example.org"),
        ("HANA+News@example.org", "hana+news@example.org"),
        ("e\u0301mile@example.org", "émile@example.org"),
        ("HANA@BU\u0308CHER.example", "hana@bücher.example"),
        ("\u212ael@example.org", "kel@example.org"),  # the Kelvin sign
    ],
)
def test_spellings_that_reach_the_same_mailbox_match(typed, normal):
    assert normalise(typed) == normal
    assert normalise(normal) == normal
    assert fingerprint(typed) == fingerprint(normal)


@pytest.mark.parametrize(
    "other",
    [
        "hana@example.com",
        "hana@example.org.",
        "ha.na@example.org",
        "hana+x@example.org",
        "hanna@example.org",
        "hаna@example.org",  # Cyrillic а
        "hana@example.org\u200b",
        "",
    ],
)
def test_other_addresses_do_not_match(other):
    assert fingerprint(other) != fingerprint("hana@example.org")


def test_a_fingerprint_cannot_be_made_without_the_key(keys):
    """Else anybody could try addresses against a stolen database."""
    first = fingerprint_of_a_new_installation(keys)
    for file in keys.iterdir():
        file.unlink()
    assert fingerprint_of_a_new_installation(keys) != first


def fingerprint_of_a_new_installation(keys):
    call_command("make_keys")
    mark = fingerprint(ADDRESS)
    assert len(mark) == 64
    assert int(mark, 16)
    return mark


# --- Keys -------------------------------------------------------------------------------------


def test_keys_are_made_for_their_owner_alone(keys):
    call_command("make_keys")
    files = sorted(keys.iterdir())
    names = ["address-fingerprint.key", "address-private.pem", "address-public.pem"]
    assert [file.name for file in files] == names
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert keys.stat().st_mode & 0o777 == 0o700


def test_making_keys_again_changes_none(keys):
    call_command("make_keys")
    before = {file: file.read_bytes() for file in keys.iterdir()}
    call_command("make_keys")
    assert {file: file.read_bytes() for file in keys.iterdir()} == before


@pytest.mark.parametrize("left", ["private", "private and public", "public", "fingerprint"])
def test_making_keys_goes_on_where_it_was_interrupted(keys, left, settings):
    call_command("make_keys")
    mark = fingerprint(ADDRESS)
    for file in keys.iterdir():
        if file.stem.removeprefix("address-") not in left.split(" and "):
            file.unlink()
    kept = {file: file.read_bytes() for file in keys.iterdir()}
    call_command("make_keys")
    assert {file: file.read_bytes() for file in kept} == kept
    assert (keys / "address-public.pem").exists()
    assert (keys / "address-fingerprint.key").exists()
    # A public key whose private key was taken elsewhere is no reason for a new pair.
    assert (keys / "address-private.pem").exists() == (left != "public")
    if left != "public":
        settings.ADDRESS_PRIVATE_KEY_FILE = keys / "address-private.pem"
        pem = (keys / "address-public.pem").read_bytes()
        private = serialization.load_pem_private_key(
            (keys / "address-private.pem").read_bytes(), password=None
        )
        assert private.public_key() == serialization.load_pem_public_key(pem)
    assert (fingerprint(ADDRESS) == mark) == (left == "fingerprint")


@pytest.mark.parametrize("missing", ["address-public.pem", "address-fingerprint.key"])
def test_a_missing_key_is_named_with_the_way_to_make_it(keys, missing):
    call_command("make_keys")
    (keys / missing).unlink()
    with pytest.raises(ImproperlyConfigured) as error:
        seal(ADDRESS)
    assert missing in str(error.value)
    assert "make_keys" in str(error.value)
    assert ADDRESS not in str(error.value)


def test_a_missing_private_key_is_named(keys, settings):
    call_command("make_keys")
    settings.ADDRESS_PRIVATE_KEY_FILE = keys / "moved-away.pem"
    with pytest.raises(ImproperlyConfigured, match="moved-away.pem"):
        unseal(seal(ADDRESS), fingerprint=fingerprint(ADDRESS))


# --- Nothing shows an address -----------------------------------------------------------------


def python_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=project.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    files = [Path(project.BASE_DIR, name) for name in listed.split("\0") if name]
    return [file for file in files if file.exists()]


def imports_of(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            argument = node.args[0]
            if name in {"import_module", "__import__"} and isinstance(argument, ast.Constant):
                yield str(argument.value)


def test_one_module_alone_imports_the_crypto_library():
    files = python_files()
    assert len(files) > 100
    importing = {
        file.relative_to(project.BASE_DIR).as_posix()
        for file in files
        if any(name.split(".")[0] == "cryptography" for name in imports_of(file))
        and "tests" not in file.relative_to(project.BASE_DIR).parts
    }
    assert importing == {"comments/email_privacy.py"}


def test_only_the_mail_workers_code_may_unseal():
    """Nothing that answers requests does; this list grows with the mail worker alone, and with
    what is run where the private key is."""
    naming = {
        file.relative_to(project.BASE_DIR).as_posix()
        for file in python_files()
        if "unseal" in file.read_text() and "tests" not in file.relative_to(project.BASE_DIR).parts
    }
    assert naming == {
        "comments/email_privacy.py",
        "comments/health.py",
        "comments/key_rotation.py",
        "comments/notices/sending.py",
        "comments/rights/mailing.py",
    }


@pytest.mark.django_db
def test_nothing_that_is_printed_shows_an_address():
    article = make_article()
    draft = make_draft(article=article, email=ADDRESS)
    receipt = Comment.objects.submit(draft)
    form = ReplyForm(article, form_data(email=ADDRESS))
    assert form.is_valid()
    sender = Commenter.objects.get()
    around = surroundings(draft)
    submission = submission_of(draft, [str(sender.fingerprint)], html="<p>Text</p>", **vars(around))
    decision, finding = receipt.comment.decisions.get(), receipt.comment.findings.get()
    things = [draft, form.draft(), receipt, receipt.comment, sender, decision, finding, submission]
    things += [judge(submission), SameTextAgain(), ParentGone(), RepliesClosed("")]
    things += [TooManyPosts(), around, Comment.objects.all()]
    things += [Commenter.objects.all(), NoPrivateKey(), CannotUnseal()]
    shown = [text for thing in things for text in (repr(thing), str(thing), f"{thing}")]
    shown += [repr(form), repr(vars(submission)), repr(vars(receipt)), repr(vars(receipt.comment))]
    secrets = [ADDRESS, "canary", str(sender.fingerprint), repr(bytes(sender.sealed_address))]
    for text in shown:
        for secret in secrets:
            assert secret not in text
