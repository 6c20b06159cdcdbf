"""What the server offers, as the specification of RSGI has it."""

from collections.abc import AsyncIterator
from typing import Protocol


class Headers(Protocol):
    """Of a request; names are in small letters. What isn't ASCII has no value."""

    def get(self, name: str, default: str = "", /) -> str: ...

    def get_all(self, name: str, /) -> list[str]: ...

    def keys(self) -> list[str]: ...

    def __contains__(self, name: str, /) -> bool: ...


class Scope(Protocol):
    """A request without its body. `path` is decoded; `client` and `server` end with a port."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Headers


class Client(Protocol):
    """The other end of a request: gives its body a part at a time, and takes one answer. It may be
    answered by any thread, but read from by that of the event loop alone."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def response_empty(self, status: int, headers: list[tuple[str, str]], /) -> None: ...

    def response_bytes(
        self, status: int, headers: list[tuple[str, str]], body: bytes, /
    ) -> None: ...

    def response_file(self, status: int, headers: list[tuple[str, str]], path: str, /) -> None: ...

    def response_file_range(
        self, status: int, headers: list[tuple[str, str]], path: str, start: int, end: int, /
    ) -> None:
        """The bytes from `start` on, up to and without that at `end`."""
