"""The one way an uploaded picture comes in: decoded, checked, and written anew from its pixels.

Nothing of the original file is kept but what one sees: no metadata (it holds places and names),
no second format hidden behind the first. Needs Pillow, imported on first use.
"""

import io
import secrets
import threading
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_FRAMES = 1000

# A picture of 50 megapixels takes 400 MB while it is decoded: one at a time in a process.
_decoding = threading.Lock()


def unguessable_name(filename: str) -> str:
    """A random name with the extension of `filename`, for a file below /media/."""
    return f"{secrets.token_urlsafe(16)}{PurePath(filename).suffix}"


def upright(upload: File, *, max_width: int, max_height: int) -> "Picture":
    """The first frame of the picture in RGB, or RGBA where something is transparent: upright,
    fitted into the given pixels, in the colours of sRGB, with no metadata.

    Raises ValidationError, with the reason, for what is no picture of a known format (SVG is
    none: it can hold scripts), is damaged, or has more than MAX_BYTES, MAX_PIXELS or MAX_FRAMES.
    The format is told by the content, whatever the name says.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415

    if upload.size > MAX_BYTES:
        raise ValidationError(_("The picture is larger than 25 MB."))
    try:
        with _decoding:
            upload.seek(0)
            opened = Image.open(upload, formats=FORMATS)
            if opened.width * opened.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            if getattr(opened, "n_frames", 1) > MAX_FRAMES:
                raise ValidationError(_("The picture has more than 1,000 frames."))
            opened.seek(0)
            profile = opened.info.get("icc_profile")
            picture = _plain(ImageOps.exif_transpose(opened))
            picture.thumbnail((max_width, max_height), Image.Resampling.LANCZOS)
            picture = _opaque_if_so(_in_srgb(picture, profile))
    except UnidentifiedImageError:
        raise ValidationError(_("This is no JPEG, PNG, WebP, AVIF or GIF picture.")) from None
    except Image.DecompressionBombError:  # Pillow's own, for what is larger still, as well
        raise ValidationError(_("The picture has more than 50 megapixels.")) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise ValidationError(_("The picture is damaged.")) from None
    picture.info.clear()
    return picture


def as_png(upload: File, *, max_width: int, max_height: int) -> ContentFile:
    """The picture as a PNG, upright, fitted into the given pixels. Raises as `upright` does."""
    picture = upright(upload, max_width=max_width, max_height=max_height)
    return ContentFile(encoded(picture, "PNG", optimize=True), name="picture.png")


def encoded(picture: "Picture", format: str, **options: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, format, **options)
    return written.getvalue()


def _plain(picture: "Picture") -> "Picture":
    """In a mode that can be scaled: CMYK stays for now, its profile is needed to convert it."""
    if picture.mode == "CMYK":
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _in_srgb(picture: "Picture", profile: bytes | None) -> "Picture":
    """Phones and agencies send wider colours, which look dull once their profile is gone."""
    from PIL import ImageCms  # noqa: PLC0415

    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that is none, or of other colours than the picture's: as if without
        else:
            if converted is not None:
                return converted
    return picture.convert(mode)


def _opaque_if_so(picture: "Picture") -> "Picture":
    """Without an alpha channel that says nothing."""
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        return picture.convert("RGB")
    return picture
