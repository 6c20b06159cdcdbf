"""How a picture comes into the library."""

import secrets
from pathlib import PurePath

from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import renditions
from articles.models import Image
from articles.tasks import make_renditions
from newsroom.clean_html import plain
from newsroom.images import upright

MAX_WIDTH, MAX_HEIGHT = 3840, 8000
NAME_LENGTH = 160


def take_in(upload: File, *, by: User) -> tuple[Image, bool]:
    """The picture in the library, and whether it is new: the same pixels are kept once.

    Raises ValidationError, with the reason, for what is refused: see newsroom/images.py. To be
    called outside a transaction, which would stay open while the picture is decoded.
    """
    picture = upright(upload, max_width=MAX_WIDTH, max_height=MAX_HEIGHT)
    digest = renditions.digest(picture)
    if there := Image.objects.filter(digest=digest).first():
        return there, False
    image = Image(
        token=secrets.token_hex(16),
        digest=digest,
        name=name_from(upload.name or ""),
        width=picture.width,
        height=picture.height,
        is_transparent=picture.mode == "RGBA",
        uploaded_by=by,
    )
    try:
        renditions.store_first(image, picture)
        with transaction.atomic():
            image.save()
            make_renditions.enqueue(image.pk)
    except IntegrityError:
        _forget(image)
        return Image.objects.get(digest=digest), False  # somebody else was quicker
    except BaseException:
        _forget(image)
        raise
    return image, True


def name_from(filename: str) -> str:
    """What a picture is called until somebody gives it a better name."""
    words = " ".join(plain(PurePath(filename).stem).split())
    return words[:NAME_LENGTH] or _("picture")


def _forget(image: Image) -> None:
    renditions.remove(image, image.renditions)
    default_storage.delete(image.master_name)
