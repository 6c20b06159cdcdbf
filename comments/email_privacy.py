"""Readers' email addresses: sealed when they come in, and matched without being read.

Sealing is HPKE (RFC 9180: X25519, HKDF-SHA-256, ChaCha20-Poly1305) to a public key. The private
key is a file of its own that only the mail worker is told of, so nothing that answers requests
can read an address. Matching ("has this sender been here before?") goes through a fingerprint,
HMAC-SHA-256 with a key of its own; neither it nor anything else made from an address may leave
the database.

The files of the private key and of the fingerprint's hold the current key first, then former ones
that something may still need (see comments/key_rotation.py). A file that was replaced is read
anew: processes that run meanwhile need no restart.

This is the only module that imports the crypto library.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Callable, Iterable
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
ON_ITS_WAY = b"newsroom: address on its way to the mail worker, version 1"


class NoPrivateKey(Exception):
    """This process was not given the private key; only the mail worker is."""


class CannotUnseal(Exception):
    """Sealed to another key, for another commenter, or damaged."""


def normalise(address: str) -> str:
    """The form of an address that is matched: NFC, without surrounding space, lower case."""
    return unicodedata.normalize("NFC", address).strip().lower()


def fingerprint(address: str) -> str:
    """64 hexadecimal digits, the same for every spelling of an address that normalises alike."""
    return fingerprints(address)[0]


def fingerprints(address: str) -> tuple[str, ...]:
    """All that an address may be known by: under the current key, then under former ones."""
    normal = normalise(address).encode()
    return tuple(hmac.new(key, normal, sha256).hexdigest() for key in fingerprint_keys())


def seal(address: str, *, bound_to: str = "") -> bytes:
    """The address as only the holder of the private key can read it.

    It is bound to its own fingerprint: moved to another commenter's row it no longer opens.
    `bound_to` is that fingerprint where it is to stand beside it: keys may change in between.
    """
    return _seal(address, PURPOSE + (bound_to or fingerprint(address)).encode())


def seal_on_its_way(address: str) -> bytes:
    """The same for an address of which nothing is known yet, and nothing is to be kept."""
    return _seal(address, ON_ITS_WAY)


def _seal(address: str, info: bytes) -> bytes:
    address = unicodedata.normalize("NFC", address).strip()
    return SUITE.encrypt(address.encode(), public_key(), info=info)


def unseal(sealed: bytes | memoryview, *, fingerprint: str | None) -> str:
    """The address that was sealed. For the mail worker alone.

    Raises NoPrivateKey in any other process, CannotUnseal for what does not belong together.
    """
    return _unseal(sealed, PURPOSE + (fingerprint or "").encode(), private_keys())


def unseal_on_its_way(sealed: bytes | memoryview) -> str:
    """What seal_on_its_way() sealed; raises as unseal() does."""
    return _unseal(sealed, ON_ITS_WAY, private_keys())


def unseal_with(
    keys: Iterable[X25519PrivateKey], sealed: bytes | memoryview, *, fingerprint: str | None
) -> str:
    """The same with these keys, for the command that rotates them. Raises CannotUnseal."""
    return _unseal(sealed, PURPOSE + (fingerprint or "").encode(), keys)


def _unseal(sealed: bytes | memoryview, info: bytes, keys: Iterable[X25519PrivateKey]) -> str:
    for key in keys:
        try:
            return SUITE.decrypt(sealed, key, info=info).decode()
        except (InvalidTag, ValueError):
            continue
    raise CannotUnseal


def key_for(purpose: bytes) -> bytes:
    """A key derived from that of the fingerprints, for something else that is matched unread."""
    return hmac.new(fingerprint_keys()[0], purpose, sha256).digest()


def make_keys(private_key_file: Path) -> None:
    """Make the key pair and the fingerprint key where there are none yet.

    The private key is written first: a crash in between leaves no public key without it.
    """
    public_key_file: Path = settings.ADDRESS_PUBLIC_KEY_FILE
    if not public_key_file.exists():
        write_once(private_key_file, private_pem([new_private_key()]))
        write_once(public_key_file, public_pem(read_private_keys(private_key_file)[0]))
    write_once(settings.ADDRESS_FINGERPRINT_KEY_FILE, secrets.token_hex(32).encode())


def new_private_key() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


def private_pem(keys: Iterable[X25519PrivateKey]) -> bytes:
    """What the file of the private key holds: one PEM block a key, the current one first."""
    return b"".join(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        for key in keys
    )


def public_pem(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def fingerprint_file(keys: Iterable[bytes]) -> bytes:
    """What the file of the fingerprints' key holds: a line a key, the current one first."""
    return "\n".join(key.hex() for key in keys).encode()


def name_of(key: X25519PrivateKey | X25519PublicKey | bytes) -> str:
    """By which two keys can be told apart, and nothing else."""
    content = key if isinstance(key, bytes) else b""
    if isinstance(key, X25519PrivateKey):
        content = key.public_key().public_bytes_raw()
    elif isinstance(key, X25519PublicKey):
        content = key.public_bytes_raw()
    return sha256(b"newsroom: name of a key" + content).hexdigest()[:16]


def fingerprint_keys() -> tuple[bytes, ...]:
    return _parsed(settings.ADDRESS_FINGERPRINT_KEY_FILE, _parse_fingerprint_keys)


def public_key() -> X25519PublicKey:
    return _parsed(settings.ADDRESS_PUBLIC_KEY_FILE, _parse_public_key)


def private_keys() -> tuple[X25519PrivateKey, ...]:
    """Raises NoPrivateKey in all processes but the mail worker."""
    if settings.ADDRESS_PRIVATE_KEY_FILE is None:
        raise NoPrivateKey
    return read_private_keys(settings.ADDRESS_PRIVATE_KEY_FILE)


def read_private_keys(file: Path) -> tuple[X25519PrivateKey, ...]:
    return _parsed(file, _parse_private_keys, mend="rotate_keys --private-key-lost")


def _parse_fingerprint_keys(content: bytes) -> tuple[bytes, ...]:
    return _not_empty(bytes.fromhex(line) for line in content.decode().split())


def _parse_public_key(content: bytes) -> X25519PublicKey:
    key = serialization.load_pem_public_key(content)
    assert isinstance(key, X25519PublicKey)
    return key


def _parse_private_keys(content: bytes) -> tuple[X25519PrivateKey, ...]:
    end = b"-----END PRIVATE KEY-----"
    blocks = [block + end for block in content.split(end) if block.strip()]
    keys = [serialization.load_pem_private_key(block, password=None) for block in blocks]
    return _not_empty(key for key in keys if isinstance(key, X25519PrivateKey))


def _not_empty[Key](keys: Iterable[Key]) -> tuple[Key, ...]:
    if found := tuple(keys):
        return found
    raise ValueError


type Version = tuple[int, int, int]
_read_before: dict[Path, tuple[Version, object]] = {}


def _parsed[Key](file: Path, parse: Callable[[bytes], Key], *, mend: str = "make_keys") -> Key:
    """What is in the file, read once for each version. `mend` is the command that makes another."""
    try:
        state = file.stat()
        version = (state.st_ino, state.st_mtime_ns, state.st_size)
        known = _read_before.get(file)
        if known is None or known[0] != version:
            known = version, parse(file.read_bytes())
            _read_before[file] = known
    except OSError as error:
        raise ImproperlyConfigured(
            f"The key {file} cannot be read ({error.strerror}); `manage.py {mend}` makes another."
        ) from None
    except ValueError:
        raise ImproperlyConfigured(f"The key {file} is damaged.") from None
    key: Key = known[1]  # type: ignore[assignment]
    return key
