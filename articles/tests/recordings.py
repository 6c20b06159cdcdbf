"""Recordings as they come in, as short as they may be."""

from django.core.files.uploadedfile import SimpleUploadedFile

from articles.recordings import take_in
from articles.tests.factories import make_staff

MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"sound" * 20
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"film" * 20


def recording(content: bytes = MP3, name: str = "Harbour at night.mp3") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make_recording(content: bytes = MP3, name: str = "Harbour at night.mp3") -> str:
    """The address of a recording that is kept."""
    return take_in(recording(content, name), by=make_staff())


def player(address: str, caption: str = "") -> str:
    """As it stands in a body."""
    tag = "video" if address.endswith(("mp4", "webm", "ogv")) else "audio"
    under = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><{tag} controls="" preload="metadata" src="{address}"></{tag}>{under}</figure>'
