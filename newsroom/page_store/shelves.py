"""Where finished pages lie: in the memory of the process, and in files for the others."""

import contextlib
import json
import logging
import os
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from newsroom.page_store.generations import Proof, Slot
from newsroom.page_store.pages import OK, Page

log = logging.getLogger(__name__)


class Shelf(Protocol):
    """Gives what was put, or nothing: whether it still holds is asked by whoever takes it."""

    place: str  # in words for operators

    def get(self, key: str) -> Page | None: ...

    def put(self, key: str, page: Page) -> None: ...

    def touch(self, key: str) -> None:
        """It is in use, though from the memory of a process."""

    def trouble(self) -> str:
        """Why it cannot keep pages just now, in short words; empty if it can."""


class Memory:
    """The pages used last, `limit` bytes of them at most. Asked for on every request.

    What tells that there is nothing lies apart, where there is a place for it: however many
    addresses somebody tries, they crowd out no page.
    """

    def __init__(self, limit: int, *, missing: "Memory | None" = None) -> None:
        self.limit, self.size = limit, 0
        self.missing = missing
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.sizes: dict[str, int] = {}
        self.lock = threading.Lock()

    def get(self, key: str) -> Page | None:
        page = self.pages.get(key)
        if page is not None:
            # Another thread may have dropped it meanwhile.
            with contextlib.suppress(KeyError):
                self.pages.move_to_end(key)
            return page
        return self.missing.get(key) if self.missing else None

    def put(self, key: str, page: Page) -> None:
        if self.missing:
            if page.status != OK:
                self.missing.put(key, page)
                self.drop(key)
                return
            self.missing.drop(key)
        with self.lock:
            self._drop(key)
            self.pages[key], self.sizes[key] = page, page.size
            self.size += page.size
            while self.size > self.limit and len(self.pages) > 1:
                # In one step: get() moves pages about while this goes on.
                oldest, _page = self.pages.popitem(last=False)
                self.size -= self.sizes.pop(oldest)

    def drop(self, key: str) -> None:
        with self.lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        if self.pages.pop(key, None) is not None:
            self.size -= self.sizes.pop(key)


class Files:
    """A file for each page. The ones unused longest go first when there are more than `limit`
    bytes; a file that cannot be written or read is as good as none."""

    SWEEP_AFTER = 500  # pages written by this process
    place = "kept on this machine"

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self.limit = folder, limit
        self.written = 0

    def get(self, key: str) -> Page | None:
        try:
            return unpacked(self._file(key).read_bytes(), key)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("A stored page cannot be read: %s.", type(error).__name__)
            return None

    def put(self, key: str, page: Page) -> None:
        file = self._file(key)
        beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.writelines(packed(key, page))
            beside.replace(file)
        except OSError as error:
            log.warning("A page cannot be stored: %s.", error.strerror)
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            return
        self.written += 1
        if self.written % self.SWEEP_AFTER == 0:
            self.sweep()

    def touch(self, key: str) -> None:
        with contextlib.suppress(OSError):
            os.utime(self._file(key))

    def trouble(self) -> str:
        file = self.folder / f".{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.write_bytes(bytes(4096))
            file.unlink()
        except OSError as error:
            return f"no page can be kept: {error.strerror}"
        return ""

    def sweep(self) -> None:
        """Keep to the limit, and leave room for what comes next."""
        found = sorted(_files(self.folder))
        size = sum(size for _, size, _ in found)
        if size <= self.limit:
            return
        for _, of_file, path in found:
            with contextlib.suppress(OSError):
                os.unlink(path)
            size -= of_file
            if size <= self.limit * 0.9:
                return

    def _file(self, key: str) -> Path:
        name = blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        return self.folder / name[:2] / name[2:]


def _files(folder: Path) -> Iterator[tuple[float, int, str]]:
    """When each was used last, its size, and its path."""
    with contextlib.suppress(FileNotFoundError):
        for part in os.scandir(folder):
            for entry in os.scandir(part) if part.is_dir() else ():
                with contextlib.suppress(FileNotFoundError):
                    about = entry.stat()
                    yield about.st_mtime, about.st_size, entry.path


def packed(key: str, page: Page) -> Iterator[bytes]:
    """A line that describes it, and then the bodies one after another."""
    bodies = list(page.bodies.items())
    about = {
        "key": key,
        "headers": page.headers,
        "digest": page.digest,
        "content": page.content,
        "begun": page.begun,
        "ends": None if page.ends == float("inf") else page.ends,
        "since": page.proof.since,
        "slots": page.proof.slots,
        "tags": page.tags,
        "bodies": [(encoding, len(body)) for encoding, body in bodies],
    }
    yield json.dumps(about).encode() + b"\n"
    yield from (body for _, body in bodies)


def unpacked(content: bytes, key: str) -> Page | None:
    """Raises ValueError or KeyError for what this module has not written."""
    line, _, rest = content.partition(b"\n")
    about = json.loads(line)
    if about["key"] != key:
        return None
    page = Page(
        headers=[(name, value) for name, value in about["headers"]],
        digest=about["digest"],
        content=about["content"],
        begun=about["begun"],
        ends=float("inf") if about["ends"] is None else about["ends"],
        proof=Proof(about["since"], tuple(Slot(slot) for slot in about["slots"])),
        tags=tuple(about["tags"]),
        used_at=time.time(),
    )
    for encoding, length in about["bodies"]:
        page.bodies[encoding], rest = rest[:length], rest[length:]
        if len(page.bodies[encoding]) != length:
            raise ValueError("a part is missing")
    return page
