"""Serves files from the storage, so that one machine needs no web server in front.

Pictures of pieces are not open to all at all times: articles/pictures.py decides over them.
"""

import mimetypes
import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from newsroom.site import without_site

NAME = re.compile(r"[A-Za-z0-9_-]{20,64}\.(png|jpg|webp|avif|gif)")
FOR_GOOD = "public, max-age=31536000, immutable"


@without_site
@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """A file of /media/. Names are random and never reused, so browsers may keep it for good."""
    return stored(name, cache=FOR_GOOD)


def stored(name: str, *, cache: str) -> FileResponse:
    """The stored file, as nothing but a picture. Raises Http404 where there is none."""
    if not NAME.fullmatch(name):
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=mimetypes.guess_type(name)[0])
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def remove(names: list[str]) -> None:
    """From the storage, after the commit that no longer names them: as a robust callback, so that
    where the storage fails a file is left over and the log says so."""
    for name in names:
        default_storage.delete(name)
