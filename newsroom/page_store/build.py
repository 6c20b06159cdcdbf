"""A name for all that pages are made of besides the database: another code, another store."""

import shutil
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

from newsroom.page_store.boot import boot_mark

PLACE = "pages-of-"
FOLDERS = ("newsroom", "articles", "comments", "templates")
KINDS = {".py", ".html", ".txt", ".mo", ".po", ".json"}


@cache
def build_name() -> str:
    """Of the code, the templates, the static files, the settings that pages show, and the database
    they were read from: the same on all machines with the same release."""
    digest = blake2b(digest_size=10)
    for file in _sources():
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    database = settings.DATABASES["default"]
    shown = (
        *(settings.SITE_URL, settings.LANGUAGE_CODE, settings.WEBSUB_HUB, settings.MEDIA_URL),
        *(settings.DEBUG, settings.SECURE_CSP, settings.SECURE_HSTS_SECONDS),
        *(settings.SECRET_KEY, settings.SECURITY_CONTACT),  # the key signs forms in stored pages
        settings.AKISMET_URL,  # whether a service reads replies is said to readers
        *(str(database["NAME"]), database.get("HOST"), database.get("PORT")),
    )
    digest.update(repr(shown).encode())
    return digest.hexdigest()


def folder_of_pages() -> Path:
    """For those of this machine, since it was started."""
    return settings.STATE.pages / f"{PLACE}{build_name()}-{boot_mark():x}"


def drop_other_builds() -> None:
    """Nobody asks for the pages of another release any more."""
    for folder in settings.STATE.pages.glob(f"{PLACE}*"):
        if folder != folder_of_pages():
            shutil.rmtree(folder, ignore_errors=True)


def _sources() -> list[Path]:
    found = [
        file
        for folder in FOLDERS
        for file in (settings.BASE_DIR / folder).rglob("*")
        if file.suffix in KINDS and "tests" not in file.parts
    ]
    found += [settings.BASE_DIR / "requirements.txt", settings.STATIC_ROOT / "staticfiles.json"]
    return sorted(file for file in found if file.is_file())
