"""A request as PEP 3333 has it."""

import sys
from functools import lru_cache
from typing import IO, Any
from wsgiref.util import FileWrapper

from django.conf import settings

from newsroom.gateway.protocol import Headers, Scope

VERSIONS = {"1": "HTTP/1.0", "1.1": "HTTP/1.1", "2": "HTTP/2"}
WITHOUT_PREFIX = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
# The body is given as a whole, whichever way it came.
OF_THE_WAY = frozenset({"transfer-encoding", "expect"})


def environ_of(scope: Scope, headers: Headers, body: IO[bytes], size: int) -> dict[str, Any]:
    """`body` stands at its beginning and has `size` bytes."""
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_SOFTWARE": "Granian",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": VERSIONS.get(scope.http_version, "HTTP/1.1"),
        "REMOTE_ADDR": address_of(scope),
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path_of(scope),
        "QUERY_STRING": scope.query_string,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": settings.WORKERS > 1,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name in headers.keys():  # noqa: SIM118 - it is no dict
        if name not in OF_THE_WAY:
            values = headers.get_all(name)
            # Several cookies are one list, with its own sign between them (RFC 9113, 8.2.3).
            environ[name_of(name)] = ("; " if name == "cookie" else ",").join(values)
    if size:
        environ["CONTENT_LENGTH"] = str(size)
    return environ


def path_of(scope: Scope) -> str:
    """The bytes of the path, written as Latin-1."""
    path = scope.path
    return path if path.isascii() else path.encode().decode("iso-8859-1")


def address_of(scope: Scope) -> str:
    return scope.client.rpartition(":")[0].strip("[]")


@lru_cache(maxsize=512)
def name_of(header: str) -> str:
    return WITHOUT_PREFIX.get(header) or f"HTTP_{header.upper().replace('-', '_')}"
