"""Collects the static files when they have changed, so that a second start is quick."""

import os
from hashlib import sha256
from itertools import chain

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


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
