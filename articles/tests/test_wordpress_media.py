"""Pictures and recordings that come with posts of WordPress."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from threading import Thread

import pytest

from articles.importers.wordpress.files import found_below, originals, path_of_upload
from articles.models import Article, Image, Moved, OldAddress, Recording
from articles.tests.importing import again, bring_in, piece, reasons
from articles.tests.pictures import encoded, media_root, of_its_own, uses_of
from articles.tests.wxr import SITE, attachment, export, item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]

BOAT = f"{SITE}/wp-content/uploads/2024/05/boat"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\x00" * 200


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    (folder / "2024/05").mkdir(parents=True)
    return folder


def put(folder, name, content=None):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(of_its_own() if content is None else content)


def test_the_lead_picture_comes_with_its_words(tmp_path, uploads):
    put(uploads, "2024/05/boat.png")
    picture = attachment(
        7, "2024/05/boat.png", "The boat", "A boat at sea", excerpt="At <i>dawn</i>."
    )
    bring_in(tmp_path, picture, item(1, meta={"_thumbnail_id": "7"}), uploads=uploads)
    image = Image.objects.get()
    found = piece(1)
    assert found.lead_image == image
    assert (image.name, image.alt, image.caption) == ("The boat", "A boat at sea", "At dawn.")
    assert (found.lead_alt, found.lead_caption) == ("A boat at sea", "At dawn.")
    assert uses_of(found) == {(image.token, "lead")}
    assert Moved.objects.get(kind="picture").target == image.pk


def test_a_picture_in_the_text_is_found_by_any_of_its_sizes(tmp_path, uploads):
    put(uploads, "2024/05/boat.png")
    picture = attachment(7, "2024/05/boat.png", alt="A boat")
    text = f'<p>Look.</p><figure><img src="{BOAT}-300x200.png" alt=""/></figure>'
    twice = f'<p>Again.</p><figure><img src="{BOAT}-scaled.png" alt=""/></figure>'
    done = bring_in(tmp_path, picture, item(1, text=text), item(2, text=twice), uploads=uploads)
    image = Image.objects.get()
    assert uses_of(piece(1)) == uses_of(piece(2)) == {(image.token, "body")}
    assert f"/media/{image.token}" in piece(1).body
    assert done.reporting.counts["picture"] == {"found": 1, "brought": 1}


def test_the_address_of_the_file_and_of_its_page_lead_to_the_picture(tmp_path, uploads):
    put(uploads, "2024/05/boat.png")
    picture = attachment(7, "2024/05/boat.png")
    bring_in(tmp_path, picture, item(1, meta={"_thumbnail_id": "7"}), uploads=uploads)
    paths = OldAddress.objects.filter(kind="picture").values_list("path", flat=True)
    assert set(paths) == {"/wp-content/uploads/2024/05/boat.png", "/attached-7"}


def test_the_same_pixels_are_kept_once(tmp_path, uploads):
    content = of_its_own()
    put(uploads, "2024/05/a.png", content)
    put(uploads, "2024/05/b.png", content)
    parts = [attachment(7, "2024/05/a.png"), attachment(8, "2024/05/b.png")]
    posts = [item(1, meta={"_thumbnail_id": "7"}), item(2, meta={"_thumbnail_id": "8"})]
    bring_in(tmp_path, *parts, *posts, uploads=uploads)
    assert piece(1).lead_image == piece(2).lead_image == Image.objects.get()


def test_what_is_missing_or_damaged_is_told_once_with_why(tmp_path, uploads):
    put(uploads, "2024/05/bad.png", b"no picture")
    parts = [attachment(7, "2024/05/gone.png"), attachment(8, "2024/05/bad.png")]
    posts = [item(n, meta={"_thumbnail_id": str(7 + n % 2)}) for n in range(1, 5)]
    done = bring_in(tmp_path, *parts, *posts, uploads=uploads)
    assert Article.objects.count() == 4
    assert done.reporting.counts["picture"] == {"found": 2, "left_out": 2}
    assert set(reasons(done, "picture")) == {
        "The copy of the uploads has no such file.",
        "This is no JPEG, PNG, WebP, AVIF or GIF picture.",
    }
    assert reasons(done).count("Its lead picture is missing.") == 4


def test_without_uploads_or_fetching_the_text_comes_alone(tmp_path):
    text = f'<p>Words.</p><figure><img src="{BOAT}.png" alt=""/></figure>'
    done = bring_in(tmp_path, attachment(7, "2024/05/boat.png"), item(1, text=text))
    assert "Words." in piece(1).body
    assert reasons(done, "picture") == ["No copy of the uploads was given."]


def test_what_no_post_shows_is_told(tmp_path, uploads):
    put(uploads, "2024/05/boat.png")
    parts = [attachment(7, "2024/05/boat.png"), attachment(8, "2024/05/report.pdf"), item(1)]
    done = bring_in(tmp_path, *parts, uploads=uploads)
    assert not Image.objects.exists()
    assert done.reporting.counts["picture"] == {"found": 1, "left_out": 1}
    assert done.reporting.counts["other"] == {"found": 1, "left_out": 1}


def test_a_second_run_takes_none_anew(tmp_path, uploads):
    put(uploads, "2024/05/boat.png")
    parts = [attachment(7, "2024/05/boat.png"), item(1, meta={"_thumbnail_id": "7"})]
    file = export(tmp_path, parts)
    again([file], uploads=uploads)
    before = list(Image.objects.values()), list(Moved.objects.order_by("pk").values())
    done = again([file], uploads=uploads)
    assert (list(Image.objects.values()), list(Moved.objects.order_by("pk").values())) == before
    assert done.reporting.counts["picture"] == {"found": 1, "unchanged": 1}


def test_a_rehearsal_with_pictures_tells_the_same_and_keeps_no_file(tmp_path, uploads, media_root):
    put(uploads, "2024/05/boat.png")
    put(uploads, "2024/05/bad.png", b"no picture")
    put(uploads, "2024/05/talk.mp3", MP3)
    sound = f'<audio controls src="{SITE}/wp-content/uploads/2024/05/talk.mp3"></audio>'
    parts = [
        *(attachment(7, "2024/05/boat.png"), attachment(8, "2024/05/bad.png")),
        *(attachment(9, "2024/05/unused.png"), attachment(10, "2024/05/talk.mp3")),
        item(1, meta={"_thumbnail_id": "7"}, text=f'<p><img src="{BOAT}.png" alt=""/></p>'),
        item(2, meta={"_thumbnail_id": "8"}, text=f"<p>Listen.</p>{sound}"),
    ]
    file = export(tmp_path, parts)
    rehearsed = again([file], dry=True, uploads=uploads)
    assert not Image.objects.exists()
    assert not media_root.exists()
    done = again([file], uploads=uploads)
    assert rehearsed.reporting.counts == done.reporting.counts
    assert done.reporting.counts["picture"] == {"found": 3, "brought": 1, "left_out": 2}


def test_a_recording_comes_into_the_text(tmp_path, uploads):
    put(uploads, "2024/05/talk.mp3", MP3)
    text = (
        f'<p>Listen.</p><audio controls src="{SITE}/wp-content/uploads/2024/05/talk.mp3"></audio>'
    )
    done = bring_in(
        tmp_path, attachment(7, "2024/05/talk.mp3"), item(1, text=text), uploads=uploads
    )
    recording = Recording.objects.get()
    assert recording.address in piece(1).body
    assert done.reporting.counts["recording"] == {"found": 1, "brought": 1}


# --- Files below a folder -------------------------------------------------------------------------


def test_no_path_leads_out_of_the_uploads(tmp_path, uploads):
    put(tmp_path, "secret.png")
    (uploads / "link.png").symlink_to(tmp_path / "secret.png")
    for path in ("../secret.png", "a/../../secret.png", "link.png", f"{tmp_path}/secret.png", "\0"):
        assert found_below(uploads, path) is None
    escaping = f"{SITE}/wp-content/uploads/%2e%2e/secret.png"
    done = bring_in(
        tmp_path, item(1, text=f'<p>x</p><img src="{escaping}" alt=""/>'), uploads=uploads
    )
    assert not Image.objects.exists()
    assert done.reporting.counts["picture"] == {"found": 1, "left_out": 1}


def test_originals_of_resized_names():
    assert originals("2024/a-scaled-300x200.jpg") == [
        *("2024/a-scaled-300x200.jpg", "2024/a-scaled.jpg", "2024/a.jpg"),
    ]
    assert (
        path_of_upload("https://x.example/wp-content/uploads/2024/%C3%A9.jpg?w=3") == "2024/é.jpg"
    )


# --- Fetching -------------------------------------------------------------------------------------


class Server(BaseHTTPRequestHandler):
    files: dict[str, tuple[str, bytes]] = {}  # noqa: RUF012 - of one test

    def do_GET(self):
        kind, content = self.files.get(self.path, ("text/html", b"<p>Nothing</p>"))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        """Nothing."""


@pytest.fixture
def old_site():
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = Thread(target=server.serve_forever)
    thread.start()
    Server.files = {}
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_pictures_are_fetched_where_that_is_asked_for(tmp_path, old_site, settings):
    settings.FETCH_ALSO_FROM = [ip_network("127.0.0.1")]
    Server.files = {"/boat.png": ("image/png", encoded("PNG")), "/big.png": ("text/html", b"x")}
    text = f'<p>x</p><img src="{old_site}/boat.png" alt=""/><img src="{old_site}/big.png" alt=""/>'
    done = bring_in(tmp_path, item(1, text=text), fetches=True)
    assert Image.objects.get().token in piece(1).body
    assert done.reporting.counts["picture"] == {"found": 2, "brought": 1, "left_out": 1}
    assert reasons(done, "picture") == ["It is of another kind: text/html."]


def test_no_picture_is_fetched_from_the_network_of_this_machine(tmp_path, old_site):
    Server.files = {"/boat.png": ("image/png", encoded("PNG"))}
    text = f'<p>x</p><img src="{old_site}/boat.png" alt=""/>'
    done = bring_in(tmp_path, item(1, text=text), fetches=True)
    assert not Image.objects.exists()
    assert reasons(done, "picture") == ["This address is not on the public internet."]
