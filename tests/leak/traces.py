"""What an address may have been turned into by code that shows it without showing it.

Reversible ways to write text (percent signs, entities, backslashes …) are not here: readings.py
undoes them. All traces are lower case, since case is ignored in the search.
"""

import base64
import codecs
import hashlib
import re
from collections.abc import Callable, Iterator

type Traces = dict[str, bytes]  # the name of a form, and what it looks like

DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b")
# A shortened digest tells as much; 16 characters do not come about by accident.
ENOUGH = 16


def of_address(address: str) -> Traces:
    """The address, its parts, and whatever else a guesser could check a guess against."""
    local_part, _, domain = address.partition("@")
    traces = {
        "plain": local_part.encode(),
        "domain": domain.encode(),
        "slug": re.sub(r"[^a-z0-9]", "", local_part.lower()).encode(),
        "reversed": local_part[::-1].encode(),
        "rot13": codecs.encode(local_part, "rot13").encode(),
    }
    # Each of these codes a part of the text independently of the rest (base64 and base32 but for
    # their alignment), so that the local part's is found within the whole address's.
    traces |= {f"{form} of the domain": trace for form, trace in _codings(domain.encode())}
    for case, text in _cases(local_part):
        traces |= {f"{form} {case}": trace for form, trace in _codings(text.encode())}
    for name, text in _digested(address):
        traces |= {f"{form} of {name}": trace for form, trace in _digests(text.encode())}
    return _lower(traces)


def of_fingerprint(fingerprint: str) -> Traces:
    """A keyed digest: cannot be guessed, yet links what one person wrote."""
    traces = {"hex": fingerprint.encode()[:ENOUGH]}
    traces |= {f"{form} of the digits": trace for form, trace in _codings(fingerprint.encode())}
    traces |= {
        f"{form} of the bytes": trace for form, trace in _codings(bytes.fromhex(fingerprint))
    }
    return _lower(traces)


def of_sealed_address(sealed: bytes) -> Traces:
    start = sealed[:24]  # random in each, like all that follows it
    # How Python writes a quotation mark depends on the others.
    between_quotes = max(re.split(rb"['\"]", start), key=len)[:ENOUGH]
    traces = {"raw": start, "repr": repr(between_quotes)[2:-1].encode()}
    traces |= dict(_codings(start))
    return _lower(traces)


def _cases(text: str) -> Iterator[tuple[str, str]]:
    yield "as typed", text
    yield "in lower case", text.lower()
    yield "in upper case", text.upper()


def _digested(address: str) -> Iterator[tuple[str, str]]:
    for case, text in _cases(address):
        yield f"the address {case}", text
        yield f"the address {case} with a line end", f"{text}\n"
        yield f"the local part {case}", text.partition("@")[0]
    yield "the mailto address", f"mailto:{address.lower()}"


def _codings(data: bytes) -> Iterator[tuple[str, bytes]]:
    yield "hex", data.hex().encode()
    for shift in range(3):
        for name, encode in (
            ("base64", base64.b64encode),
            ("urlsafe base64", base64.urlsafe_b64encode),
        ):
            yield f"{name} shifted by {shift}", _inside(data, encode, shift, bits=6)
    for shift in range(5):
        yield f"base32 shifted by {shift}", _inside(data, base64.b32encode, shift, bits=5)


def _inside(data: bytes, encode: Callable[[bytes], bytes], shift: int, *, bits: int) -> bytes:
    """The characters that `data` gives after `shift` other bytes, whatever stands around it."""
    coded = encode(b"\0" * shift + data)
    first = -(-shift * 8 // bits)
    last = (shift + len(data)) * 8 // bits
    return coded[first:last]


def _digests(data: bytes) -> Iterator[tuple[str, bytes]]:
    for algorithm in DIGESTS:
        digest = hashlib.new(algorithm, data).digest()
        yield algorithm, digest.hex().encode()[:ENOUGH]
        yield f"base64 {algorithm}", base64.b64encode(digest)[:ENOUGH]
        yield f"urlsafe base64 {algorithm}", base64.urlsafe_b64encode(digest)[:ENOUGH]


def _lower(traces: Traces) -> Traces:
    """With each trace once, and without those in which another one stands anyway."""
    found: Traces = {}
    for name, trace in sorted(traces.items(), key=lambda each: len(each[1])):
        trace = trace.lower()
        if not any(shorter in trace for shorter in found.values()):
            found[name] = trace
    return found
