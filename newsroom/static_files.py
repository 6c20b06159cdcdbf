"""Static files: collected when they have changed, so that a second start is quick."""

import os
from hashlib import sha256
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Under names made of what they hold, which so stay the same as long as the process lives: a
    page has a dozen of them, and each costs more to look up than to print."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if settings.DEBUG or force:
            return str(super().url(name, force))
        address = self.found.get(name)
        if address is None:
            address = self.found[name] = super().url(name)
        return address


def collect_if_changed() -> bool:
    """Collect unless the last collection was of the same files; tell whether it was done."""
    stamp = settings.STATIC_ROOT / ".collected"
    current = fingerprint()
    if stamp.exists() and stamp.read_text() == current:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current)
    return True


def fingerprint() -> str:
    """Changes with the name, size or time of any static file of the project and its packages."""
    digest = sha256()
    for path, storage in chain.from_iterable(finder.list(None) for finder in get_finders()):
        about = storage.path(path)
        status = os.stat(about)
        digest.update(f"{about}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
