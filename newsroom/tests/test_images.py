import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from newsroom import images
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, fill_in, text_at, the
from newsroom.tests.factories import make_staff

SECRET = b"<script>alert('hidden behind the picture')</script>"
PAGE = "/admin/newsroom/sitesettings/1/change/"


def encoded(format="PNG", *, size=(40, 20), mode="RGB", color="red", **options):
    stream = io.BytesIO()
    Image.new(mode, size, color).save(stream, format, **options)
    return stream.getvalue()


def as_png(content, *, max_width=640, max_height=96):
    upload = ContentFile(content, name="upload")
    written = images.as_png(upload, max_width=max_width, max_height=max_height)
    return written.read()


def opened(content):
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def refusal(content):
    with pytest.raises(ValidationError) as refused:
        as_png(content)
    return refused.value.messages


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("format", images.FORMATS)
def test_a_picture_of_each_known_format_becomes_a_png(format):
    picture = opened(as_png(encoded(format)))
    assert picture.format == "PNG"
    assert picture.size == (40, 20)
    red, green, blue = picture.convert("RGB").getpixel((20, 10))
    assert red > 240 and green < 15 and blue < 15


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_picture_of_any_kind_of_pixels_becomes_a_png(mode):
    assert opened(as_png(encoded(mode=mode, color=None))).size == (40, 20)


def test_transparency_stays():
    picture = opened(as_png(encoded(mode="RGBA", color=(0, 0, 255, 0))))
    assert picture.getpixel((0, 0))[3] == 0


def test_a_large_picture_is_fitted_and_a_small_one_is_not_enlarged():
    assert opened(as_png(encoded(size=(1280, 96)))).size == (640, 48)
    assert opened(as_png(encoded(size=(400, 960)))).size == (40, 96)
    assert opened(as_png(encoded(size=(3, 2)))).size == (3, 2)


@pytest.mark.parametrize("format", ["PNG", "GIF", "JPEG"])
def test_what_is_hidden_behind_a_picture_is_gone(format):
    polyglot = encoded(format) + SECRET
    assert SECRET in polyglot
    assert SECRET not in as_png(polyglot)


def test_metadata_is_gone():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    original = encoded(pnginfo=text, icc_profile=SECRET * 10, exif=exif(ImageDescription=SECRET))
    written = as_png(original)
    assert opened(original).info.keys() >= {"Comment", "icc_profile", "exif"}
    assert opened(written).info == {}
    kinds = {written[at + 4 : at + 8] for at in chunk_starts(written)}
    assert kinds == {b"IHDR", b"IDAT", b"IEND"}


def chunk_starts(png):
    at = 8
    while at < len(png):
        yield at
        at += 12 + struct.unpack(">I", png[at : at + 4])[0]


TAGS = {"ImageDescription": 0x010E, "Orientation": 0x0112}


def exif(**tags):
    data = Image.Exif()
    for name, value in tags.items():
        data[TAGS[name]] = value
    return data.tobytes()


def test_a_picture_that_was_taken_sideways_stands_upright():
    sideways = io.BytesIO()
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 20, 20))  # the left half, which is to be on top
    picture.save(sideways, "JPEG", exif=exif(Orientation=6), quality=95)
    upright = opened(as_png(sideways.getvalue())).convert("L")
    assert upright.size == (20, 40)
    assert upright.getpixel((10, 4)) < 30
    assert upright.getpixel((10, 36)) > 225
    assert not upright.getexif()


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><title>no picture</title>",
        b"%PDF-1.7",
        b"",
        encoded("TIFF"),
        encoded("BMP"),
        encoded("ICO"),
    ],
    ids=["svg", "html", "pdf", "empty", "tiff", "bmp", "ico"],
)
def test_what_is_no_picture_of_a_known_format_is_refused(content):
    assert refusal(content) == ["This is no JPEG, PNG, WebP, AVIF or GIF picture."]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_that_is_cut_off_is_refused(format):
    noise = Image.effect_noise((64, 64), 90)
    stream = io.BytesIO()
    noise.save(stream, format)
    whole = stream.getvalue()
    assert refusal(whole[: len(whole) // 2])[0].startswith("The picture is damaged")


def test_a_damaged_picture_is_refused():
    whole = encoded()
    at = whole.index(b"IDAT") + 6
    assert refusal(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]) == [
        "The picture is damaged."
    ]


def test_a_tiny_file_that_unpacks_to_an_enormous_picture_is_refused_unopened():
    header = struct.pack(">IIBBBBB", 10_000, 5_001, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    bomb = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows)
    bomb += png_chunk(b"IEND", b"")
    assert len(bomb) < 1000
    assert refusal(bomb) == ["The picture has more than 50 megapixels."]


def test_a_file_that_is_too_large_is_refused_unread():
    class Unread(ContentFile):
        def read(self, *args):
            raise AssertionError("was read")

    enormous = Unread(encoded())
    enormous.size = images.MAX_BYTES + 1
    with pytest.raises(ValidationError, match="larger than 25 MB"):
        images.as_png(enormous, max_width=1, max_height=1)


def test_a_name_tells_nothing_of_the_file_it_came_from():
    names = {images.unguessable_name("Secret plan.png") for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) == 26 and name.endswith(".png") for name in names)


# --- The logo, which comes in that way ---------------------------------------------------------


@pytest.fixture
def editor(client, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    SiteSettings.objects.create()
    client.force_login(make_staff("Editors"))
    return client


def send_logo(client, content, name="logo.png", content_type="image/png"):
    return fill_in(client, PAGE, logo=SimpleUploadedFile(name, content, content_type))


def test_a_logo_is_written_anew_and_stands_on_the_page(editor, tmp_path):
    assert send_logo(editor, encoded("GIF", size=(400, 200)) + SECRET).status_code == 302
    [stored] = tmp_path.iterdir()
    assert SECRET not in stored.read_bytes()
    image = the(editor.get("/"), ".//img")
    assert image.attrib == {
        "src": f"/media/{stored.name}",
        "alt": "",
        "width": "192",
        "height": "96",
    }
    shown = editor.get(image.attrib["src"])
    assert shown["Content-Type"] == "image/png"
    assert shown.getvalue() == stored.read_bytes()


def test_other_settings_are_changed_without_touching_the_logo(editor, tmp_path):
    send_logo(editor, encoded())
    before = SiteSettings.objects.get().logo.name
    fill_in(editor, PAGE, name="Other")
    site = SiteSettings.objects.get()
    assert (site.name, site.logo.name) == ("Other", before)


def test_a_logo_can_be_taken_away(editor):
    send_logo(editor, encoded())
    fill_in(editor, PAGE, **{"logo-clear": "on"})
    assert dom(editor.get("/")).find(".//img") is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.png"),
        (encoded() + SECRET, "logo.html"),
        (encoded()[:60], "logo.png"),
        (encoded("TIFF"), "logo.tiff"),
        (b"", "logo.png"),
    ],
    ids=["svg", "svg called png", "html", "cut off", "tiff", "empty"],
)
def test_a_logo_that_is_no_sound_picture_is_refused_and_nothing_is_stored(
    editor, tmp_path, content, name
):
    response = send_logo(editor, content, name)
    assert response.status_code == 200
    assert text_at(response, ".//ul[@class='errorlist']")
    assert not SiteSettings.objects.get().logo
    assert list(tmp_path.iterdir()) == []
