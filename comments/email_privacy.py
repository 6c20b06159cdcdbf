"""Readers' email addresses: sealed when they come in, and matched without being read.

Sealing is HPKE (RFC 9180: X25519, HKDF-SHA-256, ChaCha20-Poly1305) to a public key. The private
key is a file of its own that only the mail worker is told of, so nothing that answers requests
can read an address. Matching ("has this sender been here before?") goes through a fingerprint,
HMAC-SHA-256 with a key of its own; neither it nor anything else made from an address may leave
the database.

This is the only module that imports the crypto library.
"""

import hmac
import secrets
import unicodedata
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from newsroom.state import write_once

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
PURPOSE = b"newsroom: address of a commenter, version 1, "


class NoPrivateKey(Exception):
    """This process was not given the private key; only the mail worker is."""


class CannotUnseal(Exception):
    """Sealed to another key, for another commenter, or damaged."""


def normalise(address: str) -> str:
    """The form of an address that is matched: NFC, without surrounding space, lower case."""
    return unicodedata.normalize("NFC", address).strip().lower()


def fingerprint(address: str) -> str:
    """64 hexadecimal digits, the same for every spelling of an address that normalises alike."""
    key = _fingerprint_key(settings.ADDRESS_FINGERPRINT_KEY_FILE)
    return hmac.new(key, normalise(address).encode(), sha256).hexdigest()


def seal(address: str) -> bytes:
    """The address as only the holder of the private key can read it.

    It is bound to its own fingerprint: moved to another commenter's row it no longer opens.
    """
    address = unicodedata.normalize("NFC", address).strip()
    public_key = _public_key(settings.ADDRESS_PUBLIC_KEY_FILE)
    info = PURPOSE + fingerprint(address).encode()
    return SUITE.encrypt(address.encode(), public_key, info=info)


def unseal(sealed: bytes | memoryview, *, fingerprint: str) -> str:
    """The address that was sealed. For the mail worker alone.

    Raises NoPrivateKey in any other process, CannotUnseal for what does not belong together.
    """
    if settings.ADDRESS_PRIVATE_KEY_FILE is None:
        raise NoPrivateKey
    private_key = _private_key(settings.ADDRESS_PRIVATE_KEY_FILE)
    try:
        return SUITE.decrypt(sealed, private_key, info=PURPOSE + fingerprint.encode()).decode()
    except (InvalidTag, ValueError):
        raise CannotUnseal from None


def make_keys(private_key_file: Path) -> None:
    """Make the key pair and the fingerprint key where there are none yet.

    The private key is written first: a crash in between leaves no public key without it.
    """
    for read_before in (_fingerprint_key, _public_key, _private_key):
        read_before.cache_clear()
    public_key_file: Path = settings.ADDRESS_PUBLIC_KEY_FILE
    if not public_key_file.exists():
        write_once(
            private_key_file,
            X25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        write_once(
            public_key_file,
            _private_key(private_key_file)
            .public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
        )
    write_once(settings.ADDRESS_FINGERPRINT_KEY_FILE, secrets.token_hex(32).encode())


@cache
def _fingerprint_key(file: Path) -> bytes:
    return bytes.fromhex(_read(file).decode())


@cache
def _public_key(file: Path) -> X25519PublicKey:
    key = serialization.load_pem_public_key(_read(file))
    assert isinstance(key, X25519PublicKey)
    return key


@cache
def _private_key(file: Path) -> X25519PrivateKey:
    key = serialization.load_pem_private_key(_read(file), password=None)
    assert isinstance(key, X25519PrivateKey)
    return key


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The key {file} cannot be read ({error.strerror}); `manage.py make_keys` makes keys."
        ) from None
