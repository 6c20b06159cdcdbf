"""The files that the worker makes of a picture."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image as Pillow

from articles import renditions
from articles.models import Image
from articles.picture_upload import take_in
from articles.renditions import crop, sizes
from articles.tasks import make_renditions
from articles.tests.factories import make_article, make_page, make_staff
from articles.tests.pictures import figure, make_image, media_root, rgb, upload
from newsroom.retrying import ATTEMPTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]


def files(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def widths(kind, width, height):
    return [size.width for size in sizes(width, height) if size.kind == kind]


@pytest.mark.parametrize(
    ("width", "height", "wide", "card"),
    [
        (3840, 2560, [480, 800, 1200, 1800], [400, 800, 1200]),
        (1800, 1200, [480, 800, 1200, 1800], [400, 800, 1200]),
        (1000, 1000, [480, 800, 1000], [400, 800, 1000]),
        (1000, 200, [480, 800, 1000], [300]),
        (300, 200, [300], [300]),
        (1, 1, [1], [1]),
        (1, 8000, [1], [1]),
        (3840, 1, [480, 800, 1200, 1800], [1]),
    ],
)
def test_no_size_is_larger_than_the_picture(width, height, wide, card):
    assert widths("wide", width, height) == wide
    assert widths("card", width, height) == card
    assert all(size.height >= 1 for size in sizes(width, height))


@pytest.mark.parametrize(
    ("size", "focus", "box"),
    [
        ((300, 200), (50, 50), (0, 0, 300, 200)),
        ((600, 200), (50, 50), (150, 0, 450, 200)),
        ((600, 200), (0, 50), (0, 0, 300, 200)),
        ((600, 200), (100, 50), (300, 0, 600, 200)),
        ((600, 200), (30, 0), (30, 0, 330, 200)),
        ((300, 600), (50, 20), (0, 20, 300, 220)),
        ((300, 600), (50, 95), (0, 400, 300, 600)),
    ],
)
def test_a_crop_has_the_focal_point_in_its_middle_as_far_as_the_edges_allow(size, focus, box):
    assert crop(*size, *focus) == box


@pytest.mark.parametrize(
    ("size", "broad", "standard", "square"),
    [
        ((3840, 2560), [1200, 675], [1200, 900], [1200, 1200]),
        ((900, 600), [900, 506], [800, 600], [600, 600]),
        ((300, 1200), [300, 169], [300, 225], [300, 300]),
        ((1, 1), [1, 1], [1, 1], [1, 1]),
    ],
)
def test_machines_get_three_shapes_none_larger_than_the_picture(size, broad, standard, square):
    made = {each.kind: [each.width, each.height] for each in sizes(*size)}
    assert [made[kind] for kind in ("broad", "standard", "square")] == [broad, standard, square]


@pytest.mark.parametrize(
    ("kind", "box"),
    [("broad", (0, 10, 320, 190)), ("standard", (21, 0, 287, 200)), ("square", (54, 0, 254, 200))],
)
def test_each_shape_has_the_focal_point_in_its_middle(kind, box):
    assert crop(320, 200, 48, 50, kind) == box


def two_colours():
    """Red on the left, blue on the right: 1200 × 200."""
    picture = Pillow.new("RGB", (1200, 200), "red")
    picture.paste("blue", (600, 0, 1200, 200))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def colour_of(name):
    with default_storage.open(name) as file:
        picture = Pillow.open(file).convert("RGB")
        red, _green, blue = rgb(picture, (picture.width // 2, picture.height // 2))
    return "red" if red > 200 > 50 > blue else "blue" if blue > 200 > 50 > red else (red, blue)


@pytest.mark.parametrize(("x", "colour"), [(10, "red"), (90, "blue")])
def test_the_worker_cuts_the_cards_around_the_focal_point(x, colour):
    image, _ = take_in(upload(two_colours()), by=make_staff())
    image.move_focus(x, 50, by=make_staff())
    make_renditions.call(image.pk)
    image.refresh_from_db()
    cards = [row for row in image.renditions if row[0] == "card"]
    assert {row[3] for row in cards} == {"avif", "jpg"}
    parts = [row for row in image.renditions if row[0] != "wide"]
    assert {row[0] for row in parts} == {"card", "broad", "standard", "square"}
    assert {colour_of(image.file_name(row)) for row in parts} == {colour}


def test_the_worker_makes_every_size_in_both_formats(
    media_root, django_capture_on_commit_callbacks
):
    image = make_image(size=(2000, 1000))
    first = image.file_name(image.renditions[0])
    with django_capture_on_commit_callbacks(execute=True):
        make_renditions.call(image.pk)
    image.refresh_from_db()
    assert [row[:3] for row in image.renditions if row[3] == "avif"] == [
        *(["wide", 480, 240], ["wide", 800, 400], ["wide", 1200, 600], ["wide", 1800, 900]),
        *(["card", 400, 267], ["card", 800, 533], ["card", 1200, 800]),
    ]
    assert [row for row in image.renditions if row[0] in {"broad", "standard", "square"}] == [
        *(["broad", 1200, 675, "jpg"], ["standard", 1200, 900, "jpg"]),
        ["square", 1000, 1000, "jpg"],
    ]
    for kind, width, height, extension in image.renditions:
        name = image.file_name([kind, width, height, extension])
        with default_storage.open(name) as file:
            made = Pillow.open(file)
            assert (made.format, made.size) == (
                {"avif": "AVIF", "jpg": "JPEG"}[extension],
                (width, height),
            )
    assert files(media_root) == sorted(image.file_name(row) for row in image.renditions)
    assert first not in files(media_root)


def test_what_is_transparent_stays_so_in_every_size():
    image = make_image(size=(900, 600), mode="RGBA", made=True)
    assert {row[3] for row in image.renditions} == {"avif", "png"}
    for row in image.renditions:
        with default_storage.open(image.file_name(row)) as file:
            assert Pillow.open(file).convert("RGBA").getchannel("A").getextrema() == (128, 128)


def test_no_name_is_ever_used_again(media_root, django_capture_on_commit_callbacks):
    image = make_image()
    seen: set[str] = set()
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            make_renditions.call(image.pk)
        image.refresh_from_db()
        assert not seen & set(files(media_root))
        seen |= set(files(media_root))


def test_a_name_fits_the_address():
    from newsroom.media import NAME  # noqa: PLC0415

    image = Image(token="f" * 32, version=2**31 - 1)
    assert NAME.fullmatch(image.file_name(["wide", 1800, 1200, "avif"]))


def test_pages_show_the_new_sizes_as_soon_as_they_are_there():
    image = make_image(size=(900, 600))
    article, page = make_article(body=figure(image)), make_page(body=figure(image))
    assert "srcset" not in article.body_html
    assert article.body_html.count("<img") == 1
    make_renditions.call(image.pk)
    for each in (article, page):
        each.refresh_from_db()
        assert f"/media/{image.token}-2-wide480.avif 480w" in each.body_html
        assert f"{image.token}-1-" not in each.body_html
        assert f"{image.token}-1-" in each.body


def test_of_two_workers_the_later_one_wins_and_nothing_of_the_other_is_left(media_root):
    """The focal point is moved while the files for the former are being made."""
    image = make_image()
    slow = Image.objects.get()
    version = slow.begin_version()
    renditions.make(image)
    before = files(media_root)
    assert not slow.show_version(version, [["wide", 60, 40, "jpg"]])
    image.refresh_from_db()
    assert (image.version, files(media_root)) == (3, before)


def test_a_picture_deleted_meanwhile_leaves_no_files(media_root, monkeypatch):
    image = make_image()
    make = renditions._renditions

    def deleted_meanwhile(image):
        yield from make(image)
        Image.objects.get().remove(by=make_staff())

    monkeypatch.setattr(renditions, "_renditions", deleted_meanwhile)
    assert renditions.make(image) is False
    assert not [name for name in files(media_root) if "-2-" in name]


def test_a_task_for_a_picture_that_is_no_more_does_nothing():
    make_renditions.call(999_999)


# --- When the storage fails --------------------------------------------------------------------


@pytest.fixture
def full_disk(monkeypatch):
    """The third file can't be written."""
    store, written = renditions._store, []

    def fail(name, content):
        written.append(name)
        if len(written) == 3:
            raise OSError("no space left on device")
        store(name, content)

    monkeypatch.setattr(renditions, "_store", fail)


def test_a_failure_leaves_the_picture_as_it_was_and_is_tried_again(media_root, full_disk):
    image = make_image(size=(900, 600))
    before, rows = files(media_root), image.renditions
    DBTaskResult.objects.all().delete()
    with time_machine.travel(timezone.now(), tick=False):
        make_renditions.call(image.pk)
        [again] = DBTaskResult.objects.all()
        assert again.run_after == timezone.now() + timedelta(minutes=1)
    assert again.args_kwargs["args"] == [image.pk, 2]
    image.refresh_from_db()
    assert (files(media_root), image.renditions) == (before, rows)
    make_renditions.call(image.pk, 2)
    image.refresh_from_db()
    assert len(image.renditions) > len(rows)


def test_the_last_failure_is_seen(media_root, full_disk):
    image = make_image(size=(900, 600))
    DBTaskResult.objects.all().delete()
    with pytest.raises(OSError, match="no space"):
        make_renditions.call(image.pk, ATTEMPTS)
    assert not DBTaskResult.objects.exists()
