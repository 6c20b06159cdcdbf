"""A stored file, whole or in the part that a player asks for (RFC 9110, section 14)."""

import re
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# One range of bytes: others, and units that nobody has, are answered with the whole file.
RANGE = re.compile(r"bytes=(?:(?P<first>\d{1,18})-(?P<last>\d{0,18})|-(?P<end>\d{1,18}))")


class Part:
    """Some bytes of a file, as a file: `tell()` is where they begin in it."""

    def __init__(self, file: File, first: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(first)

    @property
    def name(self) -> str:
        """The path of the whole file, where it has one: servers then send the part themselves."""
        return str(getattr(self.file.file, "name", ""))

    def tell(self) -> int:
        return int(self.file.tell())

    def read(self, size: int = -1) -> bytes:
        part: bytes = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(part)
        return part

    def close(self) -> None:
        self.file.close()


class PartResponse(FileResponse):
    """FileResponse takes the length of what it sends from the file, which is longer than a part."""

    def set_headers(self, filelike: Any) -> None:
        self.headers.setdefault("Content-Type", "application/octet-stream")


def answer(request: HttpRequest, file: File, *, content_type: str, etag: str) -> HttpResponseBase:
    """200 with the file, 206 with the part that was asked for, or 416 where there is none.

    `If-Range` with another version than `etag` gives the whole. Closes the file when it is sent.
    """
    size = file.size
    first, last = _asked(request, size, etag)
    if first >= size > 0:
        file.close()
        refused = HttpResponse(status=416)
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    length = last - first + 1
    is_part = length < size
    response = PartResponse(
        Part(file, first, length), status=206 if is_part else 200, content_type=content_type
    )
    response.headers["Content-Length"] = str(length)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    if is_part:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _asked(request: HttpRequest, size: int, etag: str) -> tuple[int, int]:
    """The first and the last byte that were asked for; all of them where nothing was, rightly."""
    found = RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", etag) != etag:
        return 0, size - 1
    if found["end"]:
        return (max(size - int(found["end"]), 0), size - 1) if int(found["end"]) else (size, size)
    first = int(found["first"])
    last = min(int(found["last"] or size), size - 1)
    if last < first < size:  # from 5 to 3: no range at all
        return 0, size - 1
    return first, last
