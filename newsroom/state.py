"""The one directory that holds all state of an installation."""

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class State:
    """Where things lie below `root`. Only its owner may read any of it."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "db.sqlite3"

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def pages(self) -> Path:
        """Finished pages and what proves them fresh (newsroom/page_store/): may be deleted."""
        return self.root / "pages"

    @property
    def mail(self) -> Path:
        """Outgoing mail while no mail server is configured."""
        return self.root / "mail"

    @property
    def static(self) -> Path:
        """Collected static files, derived from the code."""
        return self.root / "static"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def maintenance(self) -> Path:
        """While this file is there, the site is closed: see newsroom/maintenance.py."""
        return self.root / "maintenance"

    def prepare(self) -> None:
        """Make the directories. Raises ImproperlyConfigured where that is impossible."""
        try:
            for folder in (self.root, self.media, self.mail, self.static, self.keys):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(self.root, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            self.root.chmod(0o700)
        except OSError as error:
            raise ImproperlyConfigured(
                f"the state directory {self.root} is not writable ({error.strerror}); "
                "choose another with NEWSROOM_STATE=…"
            ) from None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else holds it meanwhile; a crash lets it go. Raises ImproperlyConfigured."""
        with (self.root / "serving.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ImproperlyConfigured(
                    f"a newsroom is running from {self.root} already; "
                    "choose another state directory with NEWSROOM_STATE=…"
                ) from None
            yield

    def secret_key(self) -> str:
        """Django's secret key, made on first use."""
        file = self.keys / "secret.key"
        if not file.exists():
            self.prepare()
            write_once(file, secrets.token_urlsafe(50).encode())
        try:
            return file.read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{file} cannot be read ({error.strerror}).") from None


def write_once(file: Path, content: bytes) -> bool:
    """Write a file that only its owner may read, unless it exists; tell whether it was written.

    The file appears whole or not at all, also when several processes start at once: it is
    written beside its place, and linking fails where the name is taken.
    """
    with _written_beside(file, content) as beside, contextlib.suppress(FileExistsError):
        os.link(beside, file)
        return True
    return False


def write_over(file: Path, content: bytes) -> None:
    """The same in place of what the file holds: whoever reads it finds the one or the other."""
    with _written_beside(file, content) as beside:
        beside.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextlib.contextmanager
def _written_beside(file: Path, content: bytes) -> Iterator[Path]:
    beside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        yield beside
    finally:
        beside.unlink(missing_ok=True)
