"""Pictures as they come in, and the library with some in it."""

import io
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from articles import renditions
from articles.models import Article, Image, StandingPage
from articles.picture_upload import take_in
from articles.tests.factories import make_staff

_number = count(1)


@pytest.fixture
def media_root(settings, tmp_path):
    """The folder of the stored files, empty at first."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def encoded(format="JPEG", *, size=(60, 40), mode="RGB", color="red", **options) -> bytes:
    stream = io.BytesIO()
    Pillow.new(mode, size, color).save(stream, format, **options)
    return stream.getvalue()


def rgb(picture: Pillow.Image, at: tuple[int, int]) -> tuple[int, ...]:
    pixel = picture.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel


def upload(content: bytes | None = None, name: str = "Harbour.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, encoded() if content is None else content)


def of_its_own(size=(60, 40), mode="RGB") -> bytes:
    """A picture that no other call has given: a PNG, since its pixels are to stay as they are."""
    number = next(_number)
    color = (number % 256, number // 256, 99) + ((128,) if mode == "RGBA" else ())
    return encoded("PNG", size=size, mode=mode, color=color)


def make_image(*, size=(60, 40), mode="RGB", by: Any = None, made: bool = False, **fields) -> Image:
    """A picture of the library; with all its files where they are `made`."""
    image, is_new = take_in(upload(of_its_own(size, mode)), by=by or make_staff())
    assert is_new
    for name, value in fields.items():
        setattr(image, name, value)
    image.save()
    if made:
        renditions.make(image)
    return image


def figure(image: Image, alt: str | None = "A boat", caption: str = "") -> str:
    """As it stands in a body."""
    words = "" if alt is None else f' alt="{alt}"'
    under = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{image.src}"{words}>{under}</figure>'


def uses_of(user: Article | StandingPage) -> set[tuple[str, str]]:
    """The token of each picture in it, and where that stands."""
    return {(use.image.token, use.place) for use in user.image_uses.select_related("image")}
