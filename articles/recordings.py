"""Sounds and films in pieces: how they come in, and who may have them.

A recording is public while a public piece or a standing page plays it. The desk may play any,
whoever holds a preview link those of its revision. As with pictures (articles/pictures.py), what
was loaded stays in a browser for ten minutes at most.
"""

import hashlib
import secrets
from pathlib import PurePath

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from articles.models import Recording, RecordingUse
from newsroom import byte_ranges
from newsroom.clean_html import plain

MAX_BYTES = 1024**3
HEAD = 64
NAME_LENGTH = 160
CONTENT_TYPES = {
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "wav": "audio/wav",
    "webm": "video/webm",
}


def take_in(file: File, *, by: User) -> str:
    """The address at which the recording is kept: the same bytes are kept once.

    Raises ValidationError, with the reason, for what no browser plays. To be called outside a
    transaction, which would stay open while the file is written.
    """
    extension = extension_of(file)
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    if there := Recording.objects.filter(digest=digest.hexdigest()).first():
        return there.address
    recording = Recording(
        token=secrets.token_hex(16),
        extension=extension,
        digest=digest.hexdigest(),
        size=file.size,
        name=_name_from(file.name or ""),
        uploaded_by=by,
    )
    file.seek(0)
    default_storage.save(recording.file_name, file)
    try:
        with transaction.atomic():
            recording.save()
    except IntegrityError:
        default_storage.delete(recording.file_name)
        return Recording.objects.get(digest=digest.hexdigest()).address  # somebody was quicker
    return recording.address


def extension_of(file: File) -> str:
    """That under which it would be kept. Raises ValidationError as take_in() does."""
    if not file.size or file.size > MAX_BYTES:
        raise ValidationError(_("A recording has a gigabyte at most."))
    file.seek(0)
    return _extension(file.read(HEAD), PurePath(file.name or "").suffix.lower())


def _name_from(filename: str) -> str:
    words = " ".join(plain(PurePath(filename).stem).split())
    return words[:NAME_LENGTH] or _("recording")


def _extension(head: bytes, suffix: str) -> str:
    """By what the file begins with. Whether an MP4 or an Ogg shows anything, its name says."""
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:11] == b"M4A" or suffix in {".m4a", ".aac"} else "mp4"
    if head[:4] == b"OggS":
        return "ogv" if suffix == ".ogv" else "ogg"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"\x1a\x45\xdf\xa3" and (b"webm" in head or suffix == ".webm"):
        return "webm"
    if head[:4] == b"fLaC":
        return "flac"
    # ID3, or the beginning of a frame of MPEG-1 or 2, layer III.
    if head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] and head[1] & 0xE6 == 0xE2):
        return "mp3"
    raise ValidationError(_("This is no recording that browsers play."))


def public_or_none(name: str) -> tuple[Recording, bool] | None:
    """The recording with this name of a file, and whether readers may have it."""
    token, _dot, extension = name.partition(".")
    is_public = Exists(RecordingUse.objects.public().filter(recording=OuterRef("pk")))
    found = Recording.objects.filter(token=token, extension=extension).annotate(is_public=is_public)
    recording = found.first()
    return (recording, recording.is_public) if recording else None


def response(request: HttpRequest, recording: Recording, *, cache: str) -> HttpResponseBase:
    """The file or the part of it that a player asks for. Raises Http404 where it is not there."""
    try:
        file = default_storage.open(recording.file_name)
    except FileNotFoundError:
        raise Http404 from None
    answer = byte_ranges.answer(
        request,
        file,
        content_type=CONTENT_TYPES[recording.extension],
        etag=f'"{recording.token}"',
    )
    answer.headers["Cache-Control"] = cache
    answer.headers["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; sandbox"
    return answer
