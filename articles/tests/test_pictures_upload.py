"""What comes into the library, what is refused, and what is kept of it."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult
from PIL import Image as Pillow
from PIL import ImageCms

from articles import renditions
from articles.models import Image
from articles.picture_upload import name_from, take_in
from articles.tests.factories import make_staff
from articles.tests.pictures import encoded, media_root, of_its_own, rgb, upload
from newsroom import images
from newsroom.tests.browsing import text_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]

ADD = "/admin/articles/image/add/"
SECRET = b"<html><script>alert('hidden behind the picture')</script>"
JSON = {"accept": "application/json"}


def stored(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def png(width, height, rows=b"\0" * 100_000):
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def gif_of(frames):
    """So many frames of one pixel, 17 bytes each."""
    one = encoded("GIF", size=(1, 1))
    start = one.index(b",\0\0\0\0")
    return one[:start] + one[start:-1] * frames + b";"


@pytest.fixture
def reporter(client):
    client.force_login(make_staff("Reporters"))
    return client


def send(client, *files, headers=JSON):
    named = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(ADD, {"files": named}, headers=headers)


@pytest.mark.parametrize("format", images.FORMATS)
@pytest.mark.parametrize("name", ["harbour", "harbour.svg", "harbour.html", "harbour.jpg.exe"])
def test_a_picture_of_each_format_comes_in_whatever_it_is_called(reporter, format, name):
    answer = send(reporter, (name, encoded(format)))
    assert answer.status_code == 200
    image = Image.objects.get()
    assert (image.width, image.height, image.name) == (60, 40, name_from(name))
    assert image.uploaded_by.groups.get().name == "Reporters"
    [told] = answer.json()["images"]
    assert told["is_new"] is True
    assert {name: told[name] for name in ("id", "token", "name", "src", "width", "height")} == {
        **{"id": image.pk, "token": image.token, "name": image.name},
        **{"src": image.src, "width": 60, "height": 40},
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>', "This is no JPEG"),
        (SECRET, "This is no JPEG"),
        (b"", "This is no JPEG"),
        (encoded("TIFF"), "This is no JPEG"),
        (encoded("JPEG", size=(400, 400))[:900], "damaged"),
        (png(12_000, 12_000), "more than 50 megapixels"),
        (png(60_000, 60_000), "more than 50 megapixels"),
        (gif_of(images.MAX_FRAMES + 1), "more than 1,000 frames"),
    ],
    ids=["svg", "html", "empty", "tiff", "cut off", "144 megapixels", "3600 megapixels", "frames"],
)
def test_what_is_no_sound_picture_is_refused_with_the_reason(reporter, media_root, content, reason):
    answer = send(reporter, ("picture.jpg", content))
    assert answer.status_code == 422
    [refused] = answer.json()["refused"]
    assert refused["name"] == "picture.jpg"
    assert reason in refused["reason"]
    assert not Image.objects.exists()
    assert stored(media_root) == []


def test_a_bomb_is_small_and_a_flood_of_frames_as_well():
    assert len(png(12_000, 12_000)) < 17_500
    assert len(gif_of(images.MAX_FRAMES + 1)) < 20_000


def test_a_picture_of_as_many_frames_as_allowed_comes_in_as_its_first():
    image, is_new = take_in(upload(gif_of(images.MAX_FRAMES)), by=make_staff())
    assert is_new and (image.width, image.height) == (1, 1)


def test_a_file_that_is_too_large_is_refused(reporter, monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 100)
    answer = send(reporter, ("a.jpg", encoded()))
    assert answer.json()["refused"][0]["reason"] == "The picture is larger than 25 MB."


def test_of_several_files_the_sound_ones_come_in(reporter):
    answer = send(reporter, ("a.png", of_its_own()), ("b.png", SECRET), ("c.png", of_its_own()))
    assert answer.status_code == 200
    assert [each["name"] for each in answer.json()["images"]] == ["a", "c"]
    assert [each["name"] for each in answer.json()["refused"]] == ["b.png"]
    assert Image.objects.count() == 2


def test_without_scripts_a_page_tells_what_became_of_each_file(reporter):
    send(reporter, ("a.png", first := of_its_own()))
    answer = send(
        reporter, ("a.png", first), ("b.png", SECRET), ("c.png", of_its_own()), headers=None
    )
    assert (answer.status_code, answer["Location"]) == (302, "/admin/articles/image/")
    told = text_at(reporter.get(answer["Location"]), ".//ul[@class='messagelist']")
    assert "1 picture is in." in told
    assert "It is in the library already: a" in told
    assert "“b.png”: This is no JPEG, PNG, WebP, AVIF or GIF picture." in told


def test_nothing_sent_is_told(reporter):
    answer = reporter.post(ADD)
    assert "Choose the files first." in text_at(reporter.get(answer["Location"]), ".//body")
    assert send(reporter).status_code == 422


def test_nothing_but_pixels_is_kept(media_root):
    """Neither what stands behind the picture, nor who took it where."""
    exif = Pillow.Exif()
    exif[0x010F] = "Camera of a source"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 26.0)  # GPS latitude
    content = encoded("JPEG", exif=exif.tobytes(), comment=SECRET) + SECRET
    assert b"Camera of a source" in content
    assert Pillow.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    take_in(upload(content), by=make_staff())
    assert len(stored(media_root)) == 2
    for path in stored(media_root):
        written = path.read_bytes()
        assert SECRET[-20:] not in written
        assert b"Camera" not in written
        picture = Pillow.open(io.BytesIO(written))
        assert not picture.getexif()
        assert not picture.info.keys() & {"exif", "comment", "icc_profile", "xmp"}


@pytest.mark.parametrize("format", ["PNG", "GIF", "JPEG", "WEBP"])
def test_a_page_hidden_behind_a_picture_does_not_come_in(media_root, format):
    take_in(upload(encoded(format) + SECRET), by=make_staff())
    assert all(SECRET not in path.read_bytes() for path in stored(media_root))


def test_a_picture_that_was_taken_sideways_stands_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 6
    image, _ = take_in(upload(encoded(size=(60, 40), exif=exif.tobytes())), by=make_staff())
    assert (image.width, image.height) == (40, 60)


def profile(space):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()


def middle_of(path):
    return rgb(Pillow.open(path), (5, 5))


def test_colours_are_shown_as_the_profile_of_the_file_has_them(media_root):
    """What says red in a profile in which red and blue have changed places is blue."""
    swapped = (
        profile("sRGB").replace(b"rXYZ", b"?").replace(b"bXYZ", b"rXYZ").replace(b"?", b"bXYZ")
    )
    image, _ = take_in(upload(encoded("PNG", icc_profile=swapped)), by=make_staff())
    red, green, blue = middle_of(media_root / image.master_name)
    assert blue > 240 and red < 15 and green < 15


def test_a_profile_of_other_colours_than_the_pictures_is_left_out(media_root):
    odd = encoded("PNG", icc_profile=profile("LAB"))
    image, _ = take_in(upload(odd), by=make_staff())
    red, green, blue = middle_of(media_root / image.master_name)
    assert red > 240 and blue < 15 and green < 15


def test_a_large_picture_is_kept_as_large_as_it_is_ever_shown():
    image, _ = take_in(upload(encoded(size=(5000, 2500))), by=make_staff())
    assert (image.width, image.height) == (3840, 1920)


@pytest.mark.parametrize(
    ("mode", "color", "extension"),
    [
        ("RGB", "red", "jpg"),
        ("RGBA", (255, 0, 0, 255), "jpg"),
        ("RGBA", (255, 0, 0, 99), "png"),
        ("L", 99, "jpg"),
        ("P", 1, "jpg"),
        ("LA", (99, 10), "png"),
        ("1", 1, "jpg"),
    ],
)
def test_what_is_transparent_stays_so(media_root, mode, color, extension):
    image, _ = take_in(upload(encoded("PNG", mode=mode, color=color)), by=make_staff())
    assert image.is_transparent is (extension == "png")
    assert {path.suffix for path in stored(media_root)} == {f".{extension}"}


def test_a_picture_in_printers_colours_comes_in():
    image, _ = take_in(
        upload(encoded("JPEG", mode="CMYK", color=(0, 255, 255, 0))), by=make_staff()
    )
    assert image.extension == "jpg"


# --- The same picture twice --------------------------------------------------------------------


def test_the_same_picture_is_kept_once_whatever_file_it_comes_in(reporter, media_root):
    send(reporter, ("first.png", encoded("PNG")))
    before = stored(media_root)
    answer = send(reporter, ("second.webp", encoded("WEBP", lossless=True)))
    [told] = answer.json()["images"]
    assert (told["is_new"], told["name"]) == (False, "first")
    assert Image.objects.count() == 1
    assert stored(media_root) == before


def test_of_two_who_bring_it_at_once_the_second_gets_the_first_ones(media_root, monkeypatch):
    """Both have looked and found nothing before either has written."""
    content, one, other = of_its_own(), make_staff(), make_staff()
    late = renditions.store_first

    def first_the_other(image, picture):
        monkeypatch.setattr(renditions, "store_first", late)
        take_in(upload(content, "theirs.png"), by=other)
        late(image, picture)

    monkeypatch.setattr(renditions, "store_first", first_the_other)
    image, is_new = take_in(upload(content, "mine.png"), by=one)
    assert (image.name, is_new, Image.objects.count()) == ("theirs", False, 1)
    assert len(stored(media_root)) == 2


def test_a_picture_that_cannot_be_kept_leaves_nothing_behind(media_root, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("no space left on device")

    monkeypatch.setattr(Image, "save", full)
    with pytest.raises(OSError, match="no space"):
        take_in(upload(), by=make_staff())
    assert stored(media_root) == []
    assert not DBTaskResult.objects.exists()


def test_a_new_picture_is_left_to_the_worker_and_shown_at_once(media_root):
    image, _ = take_in(upload(encoded(size=(2000, 1000))), by=make_staff())
    assert image.renditions == [["wide", 1200, 600, "jpg"]]
    assert (media_root / image.file_name(image.renditions[0])).exists()
    [task] = DBTaskResult.objects.all()
    assert (task.task_path, task.args_kwargs["args"]) == (
        "articles.tasks.make_renditions",
        [image.pk],
    )


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("Harbour at dawn.jpg", "Harbour at dawn"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\nc.png", "ab c"),
        ("", "picture"),
        (f"{'x' * 300}.png", "x" * 160),
        (".png", ".png"),
    ],
)
def test_a_picture_is_called_by_the_name_of_its_file(filename, name):
    assert name_from(filename) == name


def test_the_reason_of_a_refusal_is_a_validation_error():
    with pytest.raises(ValidationError, match="This is no JPEG"):
        take_in(upload(SECRET), by=make_staff())
