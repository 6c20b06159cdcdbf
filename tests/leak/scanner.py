"""Finds the traces of secrets in bytes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

from tests.leak import traces
from tests.leak.readings import readings
from tests.leak.traces import Traces

EXCERPT = 60

# Most traces are of these characters alone, so they need be looked for only where enough of
# them stand in a row. It makes the search several times faster and finds the same.
CODED = re.compile(rb"[0-9a-z+/_-]{14,}")


@dataclass(frozen=True)
class Leak:
    where: str
    secret: str
    form: str
    excerpt: bytes

    def __str__(self) -> str:
        return f"{self.where}: {self.secret}, {self.form}: {self.excerpt!r}"


@dataclass(frozen=True)
class Secret:
    """Something that must not be found, under the name by which a failure calls it."""

    name: str
    traces: Traces

    @classmethod
    def address(cls, name: str, address: str) -> Self:
        return cls(name, traces.of_address(address))

    @classmethod
    def fingerprint(cls, name: str, fingerprint: str | None) -> Self:
        assert fingerprint, "a sender who is forgotten has none"
        return cls(name, traces.of_fingerprint(fingerprint))

    @classmethod
    def sealed_address(cls, name: str, sealed: bytes) -> Self:
        return cls(name, traces.of_sealed_address(sealed))


class Scanner:
    """Looks for secrets, and remembers what was clean: pages are largely the same for all."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self.clean: set[bytes] = set()
        self.traces = [
            (trace, secret.name, form)
            for secret in secrets
            for form, trace in secret.traces.items()
        ]
        self.coded = [each for each in self.traces if CODED.fullmatch(each[0])]
        self.others = [each for each in self.traces if not CODED.fullmatch(each[0])]

    def leaks(self, where: str, *evidence: bytes) -> list[Leak]:
        """At most one leak for each form of a secret."""
        found: dict[tuple[str, str], Leak] = {}
        for data in evidence:
            digest = blake2b(data).digest()
            if digest in self.clean:
                continue
            if leaks := self._scan(where, data):
                found |= leaks
            else:
                self.clean.add(digest)
        return list(found.values())

    def _scan(self, where: str, data: bytes) -> dict[tuple[str, str], Leak]:
        found: dict[tuple[str, str], Leak] = {}
        for reading in readings(data):
            runs = b" ".join(CODED.findall(reading))
            for sought, text in ((self.coded, runs), (self.others, reading)):
                for trace, name, form in sought:
                    if trace in text:
                        at = reading.index(trace)
                        excerpt = reading[max(0, at - EXCERPT) : at + len(trace) + EXCERPT]
                        found.setdefault((name, form), Leak(where, name, form, excerpt))
        return found
