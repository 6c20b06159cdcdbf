"""Sounds and films in pieces: kept, played, and by whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import recordings
from articles.body_html import clean
from articles.drawn_html import draw
from articles.models import PreviewLink, Recording
from articles.preview_links import address_of, token_of
from articles.recordings import take_in
from articles.tests.factories import make_article, make_draft, make_page, make_staff
from articles.tests.pictures import make_image, media_root, uses_of
from articles.tests.recordings import MP3, MP4, make_recording, player, recording

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]

SRC = f"/media/{'0a' * 16}.mp3"


# --- Kept ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (MP3, "a.mp3", "mp3"),
        (b"\xff\xfb\x90\x00" + b"0" * 40, "a", "mp3"),
        (MP4, "a.mp4", "mp4"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00", "a.m4a", "m4a"),
        (b"OggS\x00\x02", "a.ogg", "ogg"),
        (b"OggS\x00\x02", "a.ogv", "ogv"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "a.exe", "wav"),
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm", "a.mkv", "webm"),
        (b"fLaC\x00", "a.flac", "flac"),
    ],
)
def test_a_recording_is_known_by_what_it_begins_with(content, name, extension):
    address = take_in(recording(content, name), by=make_staff())
    kept = Recording.objects.get()
    assert address == kept.address == f"/media/{kept.token}.{extension}"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>",
        b"MZ\x90\x00",
        b"%PDF-1.7",
        b"RIFF\x10\x00\x00\x00AVI ",
        b"\xff\xd8\xff\xe0",
    ],
)
def test_what_browsers_do_not_play_is_refused(content, media_root):
    with pytest.raises(ValidationError, match="no recording that browsers play"):
        take_in(recording(content, "a.mp3"), by=make_staff())
    assert not Recording.objects.exists()
    assert not media_root.exists() or not list(media_root.iterdir())


def test_an_empty_or_huge_file_is_refused(monkeypatch):
    monkeypatch.setattr(recordings, "MAX_BYTES", 20)
    for content in (b"", MP3):
        with pytest.raises(ValidationError, match="a gigabyte at most"):
            take_in(recording(content), by=make_staff())


def test_the_same_bytes_are_kept_once(media_root):
    assert make_recording() == make_recording(name="another.mp3")
    assert len(list(media_root.iterdir())) == 1


# --- In a text ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f'<audio src="{SRC}">Sorry</audio>', player(SRC)),
        (
            f'<p>a <audio autoplay controls><source src="{SRC}"></audio></p>',
            f"<p>a</p>{player(SRC)}",
        ),
        (
            f'<figure><audio src="{SRC}"></audio><figcaption>C</figcaption></figure>',
            player(SRC, "C"),
        ),
        ('<p>a</p><audio src="https://a.example/x.mp3">Sorry</audio>', "<p>a</p>"),
        ('<audio src="/media/x.mp3"></audio>', ""),
        (f'<video src="{SRC[:-3]}mp4" onplay="x()" poster="//a.example/p.png"></video>',)
        + (player(f"{SRC[:-3]}mp4"),),
    ],
)
def test_only_a_player_of_what_is_kept_here_stays_in_a_text(written, kept):
    assert clean(written) == kept
    assert clean(kept) == kept


def test_a_film_keeps_the_picture_that_stands_for_it():
    image = make_image()
    film = f'<video src="{SRC[:-3]}mp4" poster="{image.src}"></video>'
    article = make_draft(body=film)
    assert f'poster="{image.src}"' in article.body_html
    assert uses_of(article) == {(image.token, "body")}


def test_the_holder_of_a_preview_link_gets_addresses_that_open():
    drawn = draw(f"<p>a</p>{player(SRC)}", preview="t")
    assert f'src="{SRC}?preview=t"' in drawn
    assert f'src="{SRC}"' in draw(f"<p>a</p>{player(SRC)}")


# --- Played -------------------------------------------------------------------------------------


def test_a_recording_of_a_public_piece_is_played_in_parts(client):
    address = make_recording()
    make_article(body=player(address))
    whole = client.get(address)
    assert b"".join(whole) == MP3
    assert whole["Content-Type"] == "audio/mpeg"
    assert whole["Cache-Control"] == "public, max-age=600, s-maxage=0"
    part = client.get(address, headers={"Range": "bytes=0-2"})
    assert (part.status_code, b"".join(part)) == (206, b"ID3")


def test_readers_get_it_only_while_something_public_plays_it(client):
    address = make_recording()
    assert client.get(address).status_code == 404
    article = make_draft(body=player(address))
    assert client.get(address).status_code == 404
    article.publish(by=make_staff())
    assert client.get(address).status_code == 200
    article.withdraw(by=make_staff())
    assert client.get(address).status_code == 404
    article.bring_back(by=make_staff())
    article.body = "<p>Without.</p>"
    article.save()
    assert client.get(address).status_code == 404
    make_page(body=player(address))
    assert client.get(address).status_code == 200


def test_an_embargo_holds_for_recordings_too(client):
    address = make_recording()
    later = timezone.now() + timedelta(hours=1)
    make_article(body=player(address), embargo_until=later)
    assert client.get(address).status_code == 404


def test_the_desk_plays_what_readers_may_not(client):
    address = make_recording()
    client.force_login(make_staff("Editors"))
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    client.force_login(make_staff("Moderators"))
    assert client.get(address).status_code == 404


def test_the_holder_of_a_preview_link_plays_those_of_its_revision(client):
    address, other = make_recording(), make_recording(MP4, "film.mp4")
    article, editor = make_draft(body=player(address)), make_staff()
    revision = article.record(by=editor)
    link = PreviewLink.objects.make(revision, by=editor, lasts=timedelta(days=1))
    assert f"{address}?preview={token_of(link)}" in client.get(address_of(link)).text
    answer = client.get(f"{address}?preview={token_of(link)}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert client.get(f"{other}?preview={token_of(link)}").status_code == 404
    link.revoke(by=editor)
    assert client.get(f"{address}?preview={token_of(link)}").status_code == 404


def test_a_recording_whose_file_is_gone_is_not_found(client, media_root):
    address = make_recording()
    make_article(body=player(address))
    (media_root / address.rpartition("/")[2]).unlink()
    assert client.get(address).status_code == 404


def test_feeds_name_recordings_by_their_whole_address(client, settings):
    address = make_recording()
    make_article(body=player(address))
    assert f"{settings.SITE_URL}{address}" in client.get("/feeds/latest.atom").text
