"""The one way an uploaded picture comes in: decoded, checked, and written anew from its pixels.

Nothing of the original file is kept but what one sees: no metadata (it holds places and names),
no second format hidden behind the first. Needs Pillow, imported on first use.
"""

import io
import secrets
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 50_000_000


def unguessable_name(filename: str) -> str:
    """A random name with the extension of `filename`, for a file below /media/."""
    return f"{secrets.token_urlsafe(16)}{PurePath(filename).suffix}"


def as_png(upload: File, *, max_width: int, max_height: int) -> ContentFile:
    """The picture as a PNG, upright, fitted into the given pixels.

    Raises ValidationError, with the reason, for what is no picture of a known format (SVG is
    none: it can hold scripts), is damaged, or has more than MAX_BYTES or MAX_PIXELS.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415

    if upload.size > MAX_BYTES:
        raise ValidationError(_("The picture is larger than 25 MB."))
    try:
        upload.seek(0)
        opened = Image.open(upload, formats=FORMATS)
        if opened.width * opened.height > MAX_PIXELS:
            raise ValidationError(_("The picture has more than 50 megapixels."))
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except UnidentifiedImageError:
        raise ValidationError(_("This is no JPEG, PNG, WebP, AVIF or GIF picture.")) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ValidationError(_("The picture is damaged.")) from None
    picture.thumbnail((max_width, max_height))
    picture.info.clear()
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return ContentFile(written.getvalue(), name="picture.png")
