"""How the worker looks whether something came in: in a watched directory, or in a feed."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.importers.errors import Refused
from articles.importers.wire.recognising import MOST_BYTES, read
from articles.models import WireStream
from articles.wire.receiving import Received, receive
from newsroom.fetching import NotFetched, fetch

EVERY = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
MOST_FILES = 500  # in one look, so that other work is not kept waiting
STILL_WRITTEN = 5.0  # seconds since somebody last wrote to a file
UNFINISHED = (".tmp", ".part", ".filepart", ".crdownload")
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff")
DONE, REFUSED = "done", "refused"

log = logging.getLogger(__name__)


@dataclass
class Look:
    """What one look brought: what was received, and what was refused, by name and reason."""

    received: list[Received] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def look_at(stream: WireStream) -> Look:
    """Receive all that came in. What went wrong stands at the stream, for the desk; after failures
    in a row it is looked at less and less often, down to once an hour."""
    look = Look()
    failure = ""
    try:
        if stream.kind == WireStream.Kind.DIRECTORY:
            _look_into(Path(stream.location), stream, look)
        elif stream.kind == WireStream.Kind.FEED:
            _ask(stream, look)
    except NotFetched as error:
        failure = str(error)
    except OSError as error:
        failure = _("The directory cannot be read (%s).") % type(error).__name__
    if look.refused and not failure:
        name, why = look.refused[-1]
        failure = f"{name}: {why}"
    _note(stream, failure, is_away=bool(failure) and not look.refused)
    return look


def _note(stream: WireStream, failure: str, *, is_away: bool) -> None:
    now = timezone.now()
    stream.failures = stream.failures + 1 if is_away else 0
    wait = min(EVERY * 2 ** max(stream.failures - 1, 0), LONGEST) if is_away else EVERY
    stream.failure, stream.looked_at, stream.next_look_at = failure[:300], now, now + wait
    if failure:
        log.warning("Wire %s: %s", stream.pk, failure)
    stream.save(
        update_fields=[
            *("failure", "failures", "looked_at", "next_look_at", "etag", "last_modified")
        ]
    )


def bring(data: bytes, name: str, stream: WireStream, look: Look) -> None:
    """Receive the documents in `data`; what is refused is noted, and the others come in."""
    try:
        documents = read(data, name)
    except Refused as refused:
        look.refused.append((name, str(refused)))
        return
    for document in documents:
        try:
            look.received.append(receive(document, stream=stream, original=data, name=name))
        except Refused as refused:
            look.refused.append((name, str(refused)))


# --- A directory ------------------------------------------------------------------------------


def _look_into(directory: Path, stream: WireStream, look: Look) -> None:
    for file in _finished_files(directory):
        before = len(look.refused)
        try:
            data = _bytes_of(file)
        except FileNotFoundError:
            continue  # another worker was quicker
        except OSError as error:  # it stays, and hinders no other
            why = _("The file cannot be read (%s).") % type(error).__name__
            look.refused.append((file.name, why))
            continue
        bring(data, file.name, stream, look)
        if len(look.refused) == before:
            _move(file, DONE)
        else:
            _move(file, REFUSED)
            reasons = "\n".join(why for _name, why in look.refused[before:])
            (directory / REFUSED / f"{file.name}.txt").write_text(f"{reasons}\n", encoding="utf-8")


def _bytes_of(file: Path) -> bytes:
    """No more than what is refused as too large."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _finished_files(directory: Path) -> list[Path]:
    """The oldest first. Pictures belong to the documents beside them and stay."""
    found = sorted(_files(directory))
    return [file for _at, file in found[:MOST_FILES]]


def _files(directory: Path) -> Iterator[tuple[float, Path]]:
    now = time.time()
    with os.scandir(directory) as entries:
        for entry in entries:
            name = entry.name.lower()
            if name.startswith(".") or name.endswith(UNFINISHED) or name.endswith(PICTURES):
                continue
            with suppress(FileNotFoundError):  # another worker was quicker
                if entry.is_file(follow_symlinks=False):
                    at = entry.stat().st_mtime
                    if now - at >= STILL_WRITTEN or at > now + STILL_WRITTEN:
                        yield at, Path(entry.path)


def _move(file: Path, folder: str) -> None:
    """Away from what is looked at, after all that it says is committed."""
    target = file.parent / folder
    target.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):  # another worker was quicker
        file.replace(target / file.name)


# --- A feed -----------------------------------------------------------------------------------


def _ask(stream: WireStream, look: Look) -> None:
    known = {"If-None-Match": stream.etag, "If-Modified-Since": stream.last_modified}
    headers = {name: value for name, value in known.items() if value}
    got = fetch(stream.location, most=MOST_BYTES, headers=headers)
    if got.status == 304:
        return
    bring(got.data, stream.location, stream, look)
    stream.etag = (got.headers.get("ETag") or "")[:300]
    stream.last_modified = (got.headers.get("Last-Modified") or "")[:100]
