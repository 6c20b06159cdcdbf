"""Pictures and recordings of a WordPress site, taken in when the first post that shows them comes.

From a copy of its uploads, or from its addresses by the guarded fetch. To be asked outside of
transactions: files are read and pictures decoded. The Media that html.body_of() asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, urljoin, urlsplit

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from articles import picture_upload, recordings
from articles.importers.wordpress.files import (
    found_below,
    kind_of,
    originals,
    path_of_upload,
)
from articles.importers.wordpress.index import Attachment, Index
from articles.importers.wordpress.moves import Moves, digest_of, key_of
from articles.importers.wordpress.reporting import Reporting
from articles.importers.wordpress.texts import cut, line_of
from articles.models import Article, Image, MovedKind, Recording, StandingPage
from articles.old_site.paths import of_address
from articles.old_site.remembering import remember_all
from newsroom import images
from newsroom.fetching import NotFetched, fetch

MOST_OF_A_RECORDING = 200 * 1024 * 1024
KINDS = {MovedKind.PICTURE: ("image/",), MovedKind.RECORDING: ("audio/", "video/", "application/")}
PUBLIC = frozenset({"publish", "future"})


class Missing(Exception):
    """There is no file to be had; the reason is a sentence."""


@dataclass(frozen=True)
class Sources:
    """Where the files of the site are: a copy of its uploads, its addresses, both or neither."""

    uploads: Path | None = None
    fetches: bool = False


@dataclass(frozen=True)
class Wanted:
    """A file that a post shows: an attachment of the export, or one elsewhere."""

    key: str
    address: str
    attachment: Attachment | None

    @property
    def name(self) -> str:
        title = line_of(self.attachment.title) if self.attachment else ""
        return title or PurePosixPath(path_of_upload(self.address)).name or self.address


class SiteMedia:
    def __init__(
        self,
        index: Index,
        moves: Moves,
        reporting: Reporting,
        *,
        by: User,
        sources: Sources,
        is_rehearsed: bool = False,
        brings_pages: bool = False,
    ) -> None:
        self.index, self.moves, self.reporting = index, moves, reporting
        self.by, self.sources, self.is_rehearsed = by, sources, is_rehearsed
        self.brings_pages = brings_pages
        self.elsewhere: set[str] = set()  # keys of files that are no attachments, once told
        self.rehearsed: dict[str, Image | str | None] = {}

    # --- What html.body_of() asks -------------------------------------------------------------

    def picture(self, *, number: int | None, address: str) -> Image | None:
        wanted = self._wanted(number, address)
        if wanted is None:
            return None
        found = self._kept(MovedKind.PICTURE, wanted, self._take_picture)
        return found if isinstance(found, Image) else None

    def recording(self, address: str) -> str | None:
        wanted = self._wanted(None, address)
        if wanted is None:
            return None
        found = self._kept(MovedKind.RECORDING, wanted, self._take_recording)
        return found if isinstance(found, str) else None

    def page_at(self, address: str) -> str | None:
        """The path here of a post or page of the site that comes along."""
        site = self.moves.site.address
        try:
            parts = urlsplit(urljoin(f"{site}/", address.strip()))
        except ValueError:
            return None
        if parts.hostname != urlsplit(site).hostname:
            return None
        query = parse_qs(parts.query)
        number = next((query[name][0] for name in ("p", "page_id") if name in query), "")
        if number.isascii() and number.isdigit() and len(number) < 18:
            post = self.index.post(int(number))
        else:
            path = of_address(parts._replace(query="", fragment="").geturl())
            post = self.index.post_at(path)
        if post is None or not post.new_slug or post.status not in PUBLIC:
            return None
        row = StandingPage if post.type == "page" else Article
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        return f"{row(slug=post.new_slug).get_absolute_url()}{anchor}"

    def title_of(self, number: int) -> str:
        if post := self.index.post(number):
            return line_of(post.title)
        attachment = self.index.attachment(number)
        return line_of(attachment.title) if attachment else ""

    def attachments_of(self, post: int) -> list[int]:
        pictures = (each for each in self.index.attachments_of(post))
        return [each.number for each in pictures if each.kind == MovedKind.PICTURE]

    # --- Telling ------------------------------------------------------------------------------

    def tell_rest(self) -> None:
        """Of the attachments that nothing has shown which was brought in this run. In
        transactions of its own."""
        some: list[Attachment] = []
        for each in self.index.attachments():
            some.append(each)
            if len(some) == 500:
                self._tell_rest(some)
                some = []
        self._tell_rest(some)

    def _tell_rest(self, some: list[Attachment]) -> None:
        keys = [str(each.number) for each in some]
        moved = {kind: self.moves.there(kind, keys) for kind in KINDS}
        with transaction.atomic(), self.reporting:
            for each in some:
                kind = MovedKind(each.kind)
                row = moved.get(kind, {}).get(str(each.number))
                name = line_of(each.title) or each.address
                self.reporting.found(kind)
                if row and row.target:
                    self.reporting.unchanged(kind)
                elif row:
                    why = _("Its file was not to be had when the posts that show it were brought.")
                    self.reporting.left_out(kind, name, why, each.address)
                elif kind == MovedKind.OTHER:
                    why = _("It is neither a picture nor a recording: links lead to the old file.")
                    self.reporting.left_out(kind, name, why, each.address)
                else:
                    why = _("Nothing that was brought in this run shows it.")
                    self.reporting.left_out(kind, name, why, each.address)

    # --- Finding and keeping ------------------------------------------------------------------

    def _wanted(self, number: int | None, address: str) -> Wanted | None:
        attachment = self.index.attachment(number) if number else None
        if attachment is None and address:
            try:
                address = urljoin(f"{self.moves.site.address}/", address.strip())
            except ValueError:
                return None  # no address at all
            for upload in originals(path_of_upload(address)):
                if attachment := self.index.attachment_at(upload):
                    break
        if attachment:
            return Wanted(str(attachment.number), attachment.address or address, attachment)
        return Wanted(key_of(address), address, None) if address else None

    def _kept(
        self, kind: MovedKind, wanted: Wanted, take: Callable[[Wanted], Image | str]
    ) -> Image | str | None:
        if wanted.key in self.rehearsed:
            return self.rehearsed[wanted.key]
        row = self.moves.one(kind, wanted.key)
        if row and row.target and (there := self._there(kind, row.target)):
            self._tell(kind, wanted, is_new=False)
            return there
        try:
            taken = take(wanted)
        except (Missing, ValidationError, NotFetched) as error:
            self._leave_out(kind, wanted, _reason(error))
            return None
        self._keep(kind, wanted, taken)
        return taken

    def _there(self, kind: MovedKind, target: int) -> Image | str | None:
        if kind == MovedKind.PICTURE:
            return Image.objects.filter(pk=target).first()
        found = Recording.objects.filter(pk=target).first()
        return found.address if found else None

    def _take_picture(self, wanted: Wanted) -> Image:
        if kind_of(wanted.address) == MovedKind.RECORDING:
            raise Missing(_("It is no picture."))
        with self._file(MovedKind.PICTURE, wanted) as file:
            if self.is_rehearsed:
                most = {"max_width": picture_upload.MAX_WIDTH, "max_height": 8000}
                picture = images.upright(file, **most)
                return Image(token="0" * 32, renditions=[["wide", *picture.size, "jpg"]])
            image, _is_new = picture_upload.take_in(file, by=self.by)
            return image

    def _take_recording(self, wanted: Wanted) -> str:
        with self._file(MovedKind.RECORDING, wanted) as file:
            if self.is_rehearsed:
                extension = recordings.extension_of(file)
                return f"/media/{'0' * 32}.{extension}"
            return recordings.take_in(file, by=self.by)

    def _file(self, kind: MovedKind, wanted: Wanted) -> File:
        name = PurePosixPath(path_of_upload(wanted.address)).name or "file"
        is_own = wanted.attachment is not None or self._is_own(wanted.address)
        if self.sources.uploads and is_own:
            found = found_below(self.sources.uploads, path_of_upload(wanted.address))
            try:
                if found:
                    return File(found.open("rb"), name=name)
            except OSError:
                raise Missing(_("It can't be read.")) from None
        if not self.sources.fetches and not is_own:
            raise Missing(_("It lies on another site, and addresses were not to be fetched."))
        if not self.sources.fetches and self.sources.uploads:
            raise Missing(_("The copy of the uploads has no such file."))
        if not self.sources.fetches:
            raise Missing(_("No copy of the uploads was given."))
        most = images.MAX_BYTES if kind == MovedKind.PICTURE else MOST_OF_A_RECORDING
        fetched = fetch(wanted.address, most=most, kinds=KINDS[kind])
        return ContentFile(fetched.data, name=name)

    def _is_own(self, address: str) -> bool:
        try:
            host = urlsplit(address).hostname
        except ValueError:
            return False
        return host == urlsplit(self.moves.site.address).hostname or "/wp-content/" in address

    def _keep(self, kind: MovedKind, wanted: Wanted, taken: Image | str) -> None:
        if self.is_rehearsed:
            self.rehearsed[wanted.key] = taken
            self._tell(kind, wanted, is_new=True)
            return
        with transaction.atomic(), self.reporting:
            if isinstance(taken, Image):
                target = taken.pk
                _fill(taken, wanted.attachment)
            else:
                token = PurePosixPath(taken).stem
                target = Recording.objects.values_list("pk", flat=True).get(token=token)
            self.moves.add(kind, wanted.key, target, digest_of(wanted.address))
            self._tell(kind, wanted, is_new=True)
            if wanted.attachment:
                paths = (of_address(wanted.address), wanted.attachment.path)
                remember_all((path, kind, target) for path in paths if path)

    def _leave_out(self, kind: MovedKind, wanted: Wanted, why: str) -> None:
        """Asked for again in this run, it is not looked for again, nor told again."""
        self.rehearsed[wanted.key] = None
        with transaction.atomic(), self.reporting:
            if not self.is_rehearsed and wanted.attachment:
                self.moves.add(kind, wanted.key, None, digest_of(wanted.address))
            if self._is_first(wanted):
                self.reporting.found(kind)
                self.reporting.left_out(kind, wanted.name, why, wanted.address)

    def _tell(self, kind: MovedKind, wanted: Wanted, *, is_new: bool) -> None:
        if self._is_first(wanted):
            self.reporting.found(kind)
            (self.reporting.brought if is_new else self.reporting.unchanged)(kind)

    def _is_first(self, wanted: Wanted) -> bool:
        if wanted.attachment:
            return self.index.tell(wanted.attachment.number)
        digest = sha256(wanted.key.encode()).hexdigest()[:16]
        is_first = digest not in self.elsewhere
        self.elsewhere.add(digest)
        return is_first


def _fill(image: Image, attachment: Attachment | None) -> None:
    """What the former site said of it, where nothing stands here."""
    if attachment is None:
        return
    told = {
        "alt": cut(line_of(attachment.alt), 300),
        "caption": cut(line_of(attachment.caption), 400),
    }
    new = {name: value for name, value in told.items() if value and not getattr(image, name)}
    title = cut(line_of(attachment.title), 160)
    file = PurePosixPath(path_of_upload(attachment.address)).name
    if title and image.name == picture_upload.name_from(file):
        new["name"] = title
    for name, value in new.items():
        setattr(image, name, value)
    if new:
        image.save(update_fields=list(new))


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error)
