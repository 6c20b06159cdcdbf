"""The sizes in which readers get a picture, and how they are made from the one that came in.

Each is made as AVIF and in the format that every browser shows: JPEG, or PNG where something is
transparent. `wide` is the whole picture; `card` a 3:2 part of it around its focal point. For what
machines are told of a piece there are three more parts (16:9, 4:3 and 1:1), in the second format
alone. None is wider than the picture itself. Needs Pillow, imported on first use.
"""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from articles.models import Image
from newsroom.images import encoded

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

WIDE = (480, 800, 1200, 1800)
CARD = (400, 800, 1200)
# Width to height of the kinds that are a part of the picture.
PARTS = {"card": (3, 2), "broad": (16, 9), "standard": (4, 3), "square": (1, 1)}
FOR_MACHINES = {"broad": (1200,), "standard": (1200,), "square": (1200,)}
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
    wide = [Size("wide", each, _scaled(height, each, width)) for each in _up_to(width, WIDE)]
    return wide + [
        Size(kind, each, _scaled(part_height, each, part_width))
        for kind, widths in ({"card": CARD} | FOR_MACHINES).items()
        for part_width, part_height in [_largest(width, height, PARTS[kind])]
        for each in _up_to(part_width, widths)
    ]


def crop(width: int, height: int, x: int, y: int, kind: str = "card") -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the largest part in the shape of this kind with the focal
    point in its middle, or as close to it as the edges allow."""
    part_width, part_height = _largest(width, height, PARTS[kind])
    left = min(max(round(width * x / 100 - part_width / 2), 0), width - part_width)
    top = min(max(round(height * y / 100 - part_height / 2), 0), height - part_height)
    return left, top, left + part_width, top + part_height


def _largest(width: int, height: int, shape: tuple[int, int]) -> tuple[int, int]:
    across, down = shape
    part_width = max(1, min(width, height * across // down))
    return part_width, max(1, min(height, round(part_width * down / across)))


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
    focus = (image.focal_x, image.focal_y)
    for kind, of_kind in groupby(sizes(*master.size), key=lambda size: size.kind):
        formats = [image.extension] if kind in FOR_MACHINES else ["avif", image.extension]
        part = master.crop(crop(*master.size, *focus, kind)) if kind in PARTS else master
        for size in of_kind:
            for extension in formats:
                yield [*size, extension], _rendered(part, size, extension)


def _rendered(picture: "Picture", size: Size, extension: str) -> bytes:
    format, options = ENCODING[extension]
    small = picture.resize((size.width, size.height), reducing_gap=3.0)
    small.info.clear()
    return encoded(small, format, **options)


def _store(name: str, content: bytes) -> None:
    stored = default_storage.save(name, ContentFile(content))
    assert stored == name, "the name of a file is given once"
