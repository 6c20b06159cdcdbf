"""An address in every disguise that has to be seen through, made independently of traces.py."""

import base64
import codecs
import gzip
import hashlib
import json
import quopri
from collections.abc import Callable
from urllib.parse import quote

from django.core import signing

type Disguise = Callable[[str], str]


def each(form: str) -> Disguise:
    """Every character written as `form` says, such as "&#{};"."""
    return lambda address: "".join(form.format(ord(letter)) for letter in address)


def digest(algorithm: str, change: Disguise = str) -> Disguise:
    return lambda address: hashlib.new(algorithm, change(address).encode()).hexdigest()


def base64_digest(algorithm: str) -> Disguise:
    return lambda address: base64.b64encode(
        hashlib.new(algorithm, address.lower().encode()).digest()
    ).decode()


def base64_of(change: Disguise = str) -> Disguise:
    return lambda address: base64.b64encode(change(address).encode()).decode()


def local_part(address: str) -> str:
    return address.partition("@")[0]


DISGUISES: dict[str, Disguise] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "the local part": local_part,
    "masked": lambda address: f"{address[0]}…@{address.partition('@')[2]}",
    "without punctuation": lambda address: "".join(filter(str.isalnum, address)),
    "reversed": lambda address: address[::-1],
    "rot13": lambda address: codecs.encode(address, "rot13"),
    "parted by tags": lambda address: "<wbr>".join(address),
    # Ways to write text
    "URL-coded": lambda address: quote(address, safe=""),
    "URL-coded twice": lambda address: quote(quote(address, safe=""), safe=""),
    "every letter URL-coded": each("%{:02x}"),
    "every letter URL-coded twice": each("%25{:02X}"),
    "an entity": lambda address: address.replace("@", "&commat;").replace(".", "&period;"),
    "decimal entities": each("&#{};"),
    "hexadecimal entities": each("&#x{:X};"),
    "entities within entities": each("&amp;#{};"),
    "JSON": lambda address: json.dumps({"sender": address}),
    "JSON escapes": each("\\u{:04x}"),
    "script escapes": each("\\x{:02x}"),
    "quoted-printable": each("={:02X}"),
    "quoted-printable in lines": lambda address: quopri.encodestring(
        ("x" * 70 + address).encode()
    ).decode(),
    # Codings
    "base64": base64_of(),
    "base64 without padding": lambda address: base64_of()(address).rstrip("="),
    "base64 after one byte": base64_of(lambda address: f"<{address}>"),
    "base64 after two bytes": base64_of(lambda address: f'{{"{address}"}}'),
    "base64 of lower case": base64_of(str.lower),
    "base64 of upper case": base64_of(str.upper),
    "base64 of the local part": base64_of(local_part),
    "base64 for URLs": lambda address: base64.urlsafe_b64encode(address.encode()).decode(),
    "base64 in lines": lambda address: base64.encodebytes(
        (f"{'x' * 50}{address}{'y' * 50}").encode()
    ).decode(),
    "base32": lambda address: base64.b32encode(address.encode()).decode(),
    "base32 after three bytes": lambda address: base64.b32encode(f"to {address}".encode()).decode(),
    "hexadecimal": lambda address: address.encode().hex(),
    "hexadecimal in upper case": lambda address: address.encode().hex().upper(),
    "hexadecimal of lower case": lambda address: address.lower().encode().hex(),
    "signed by Django": lambda address: signing.dumps({"sender": address}),
    "signed and packed by Django": lambda address: signing.dumps(
        {"sender": address, "comment": "well " * 9}, compress=True
    ),
    # Digests
    "MD5": digest("md5"),
    "MD5 for Gravatar": digest("md5", lambda address: address.strip().lower()),
    "MD5 in upper case": lambda address: digest("md5")(address).upper(),
    "the start of the MD5": lambda address: digest("md5")(address)[:16],
    "SHA-1": digest("sha1"),
    "SHA-224": digest("sha224"),
    "SHA-256": digest("sha256"),
    "SHA-256 of lower case": digest("sha256", str.lower),
    "SHA-256 with a line end": digest("sha256", lambda address: f"{address}\n"),
    "SHA-256 of the local part": digest("sha256", local_part),
    "SHA-512": digest("sha512"),
    "MD5 as base64": base64_digest("md5"),
    "SHA-1 as base64": base64_digest("sha1"),
    "SHA-256 as base64": base64_digest("sha256"),
    "MD5 of mailto": digest("md5", lambda address: f"mailto:{address.lower()}"),
}

PACKED: dict[str, Callable[[str], bytes]] = {
    "gzip": lambda address: gzip.compress(f"<p>{address}</p>".encode()),
    "UTF-16": lambda address: f"<p>{address}</p>".encode("utf-16"),
}
