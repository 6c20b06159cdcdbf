"""The sizes in which readers get a picture, and how they are made from the one that came in.

Each is made as AVIF and in the format that every browser shows: JPEG, or PNG where something is
transparent. `wide` is the whole picture; `card` a 3:2 part of it around its focal point. None is
wider than the picture itself. Needs Pillow, imported on first use.
"""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from articles.models import Image
from newsroom.images import encoded

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

WIDE = (480, 800, 1200, 1800)
CARD = (400, 800, 1200)
FIRST = 1200  # there as soon as a picture is in the library; the worker makes the others

ENCODING: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 60, "speed": 6}),
    "jpg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
    "png": ("PNG", {"optimize": True}),
}
MASTER: dict[str, tuple[str, dict[str, Any]]] = {
    "jpg": ("JPEG", {"quality": 92, "subsampling": 0}),
    "png": ("PNG", {}),
}


class Size(NamedTuple):
    kind: str
    width: int
    height: int


def sizes(width: int, height: int) -> list[Size]:
    """Of a picture of so many pixels."""
    _left, _top, card_width, card_height = _card_box(width, height, 50, 50)
    return [
        *(Size("wide", each, _scaled(height, each, width)) for each in _up_to(width, WIDE)),
        *(
            Size("card", each, _scaled(card_height, each, card_width))
            for each in _up_to(card_width, CARD)
        ),
    ]


def crop(width: int, height: int, x: int, y: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the largest 3:2 part with the focal point in its middle, or
    as close to it as the edges allow."""
    left, top, card_width, card_height = _card_box(width, height, x, y)
    return left, top, left + card_width, top + card_height


def _card_box(width: int, height: int, x: int, y: int) -> tuple[int, int, int, int]:
    card_width = max(1, min(width, height * 3 // 2))
    card_height = max(1, min(height, card_width * 2 // 3))
    left = round(width * x / 100 - card_width / 2)
    top = round(height * y / 100 - card_height / 2)
    return (
        min(max(left, 0), width - card_width),
        min(max(top, 0), height - card_height),
        card_width,
        card_height,
    )


def _up_to(most: int, widths: tuple[int, ...]) -> list[int]:
    """Those that the picture has, and its own where it is narrower than the widest."""
    there = [width for width in widths if width < most]
    return there if len(there) == len(widths) else [*there, most]


def _scaled(height: int, to_width: int, width: int) -> int:
    return max(1, round(height * to_width / width))


def digest(picture: "Picture") -> str:
    """The same for the same size and pixels, whatever file they came in."""
    about = f"{picture.mode} {picture.width} {picture.height} ".encode()
    return hashlib.sha256(about + picture.tobytes()).hexdigest()


def store_first(image: Image, picture: "Picture") -> None:
    """Keep the master, and the one rendition that readers get until the worker has made all."""
    format, options = MASTER[image.extension]
    _store(image.master_name, encoded(picture, format, **options))
    size = min(
        (each for each in sizes(image.width, image.height) if each.kind == "wide"),
        key=lambda each: abs(each.width - FIRST),
    )
    row = [*size, image.extension]
    _store(image.file_name(row), _rendered(picture, size, image.extension))
    image.renditions = [row]


def make(image: Image) -> bool:
    """Make all renditions anew, in names of their own, and then show them.

    False where a newer version is shown by then, or the picture is no more. Raises OSError where
    the storage fails; nothing is left behind then, and it can be called again.
    """
    version = image.begin_version()
    shown = Image(token=image.token, version=version)
    rows = []
    try:
        for row, content in _renditions(image):
            rows.append(row)
            _store(shown.file_name(row), content)
        done = image.show_version(version, rows)
    except BaseException:
        remove(shown, rows)
        raise
    if not done:
        remove(shown, rows)
    return done


def remove(image: Image, rows: list[list[object]]) -> None:
    for row in rows:
        default_storage.delete(image.file_name(row))


def _renditions(image: Image) -> Iterator[tuple[list[object], bytes]]:
    from PIL import Image as Pillow  # noqa: PLC0415

    with default_storage.open(image.master_name) as file:
        master = Pillow.open(file, formats=["JPEG", "PNG"])
        master.load()
    card = master.crop(crop(master.width, master.height, image.focal_x, image.focal_y))
    for size in sizes(master.width, master.height):
        picture = card if size.kind == "card" else master
        for extension in ("avif", image.extension):
            yield [*size, extension], _rendered(picture, size, extension)


def _rendered(picture: "Picture", size: Size, extension: str) -> bytes:
    format, options = ENCODING[extension]
    small = picture.resize((size.width, size.height), reducing_gap=3.0)
    small.info.clear()
    return encoded(small, format, **options)


def _store(name: str, content: bytes) -> None:
    stored = default_storage.save(name, ContentFile(content))
    assert stored == name, "the name of a file is given once"
