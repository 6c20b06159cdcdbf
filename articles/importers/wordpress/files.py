"""The files of a WordPress site: what they are, and where below its uploads they lie."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from articles.models import MovedKind

PICTURES = frozenset({"jpg", "jpeg", "jpe", "png", "gif", "webp", "avif"})
RECORDINGS = frozenset({"mp3", "m4a", "ogg", "oga", "wav", "flac", "mp4", "m4v", "webm", "ogv"})
# What WordPress puts into the names of the files that it makes of an uploaded picture.
MADE_OF = re.compile(r"-(?:[0-9]{1,5}x[0-9]{1,5}|scaled|rotated|e[0-9]{10,13})(?=\.[A-Za-z0-9]+\Z)")
UPLOADS = re.compile(r"/(?:wp-content/uploads|wp-content/blogs\.dir/[0-9]+/files|files)/")


def extension_of(address: str) -> str:
    return PurePosixPath(_path(address)).suffix.removeprefix(".").lower()


def kind_of(address: str) -> str:
    """What a file becomes here: a MovedKind."""
    extension = extension_of(address)
    if extension in PICTURES:
        return MovedKind.PICTURE
    return MovedKind.RECORDING if extension in RECORDINGS else MovedKind.OTHER


def path_of_upload(address: str) -> str:
    """Its path below the uploads of the site; where it names none, all of its path. Decoded,
    without a slash at the beginning."""
    path = _path(address)
    found = UPLOADS.search(path)
    return (path[found.end() :] if found else path).lstrip("/")


def originals(upload: str) -> list[str]:
    """The names under which the file may lie from which the one of this name was made: that
    itself, and those without what was put into it, one after the other."""
    names = [upload]
    while (shorter := MADE_OF.sub("", names[-1])) != names[-1]:
        names.append(shorter)
    return names


def found_below(folder: Path, upload: str) -> Path | None:
    """The file of this path below the folder, or the original it was made of; None where there is
    none. Never one outside, whatever the path or a link says."""
    top = folder.resolve()
    for name in reversed(originals(upload)):
        if "\0" in name or not name:
            continue
        try:
            file = (top / name).resolve()
            if file.is_relative_to(top) and file.is_file():
                return file
        except OSError:  # a name that is too long for a file
            continue
    return None


def _path(address: str) -> str:
    try:
        return unquote(urlsplit(address.strip()).path)
    except ValueError:
        return ""
