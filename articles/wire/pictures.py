"""The pictures of a wire that was taken: the worker brings them into the library and the piece."""

import io
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from articles import picture_upload
from articles.models import Article, Image, WireEvent, WireItem, WireStream
from newsroom.fetching import NotFetched, fetch
from newsroom.images import MAX_BYTES

MOST = 10  # of one wire


class NotAllThere(Exception):
    """Some of the pictures could not be had now, and may be later."""


def bring_pictures(item: WireItem) -> None:
    """Let the worker fetch them when the transaction has committed."""
    from articles.tasks import take_wire_pictures  # noqa: PLC0415 - tasks import the models

    take_wire_pictures.enqueue(item.pk)


def take_in_all(item_id: int) -> None:
    """Bring the pictures into the library, and the first into the piece, if that has none.

    What cannot be had at all is told to the desk. Raises NotAllThere, when the others are there.
    """
    item = WireItem.objects.select_related("newest", "stream__set_up_by").get(pk=item_id)
    if item.newest is None or item.article_id is None:
        return
    is_to_come = False
    for number, row in enumerate(item.newest.pictures[:MOST]):
        try:
            image = _taken_in(row, item)
        except NotFetched as error:
            is_to_come |= not error.permanent
            if error.permanent:
                _tell(item, row, str(error))
        except ValidationError as error:
            _tell(item, row, " ".join(error.messages))
        else:
            if number == 0:
                _lead(item, image, row)
    if is_to_come:
        raise NotAllThere


def _taken_in(row: dict[str, str], item: WireItem) -> Image:
    name, data = _file(row["address"], item.stream)
    image, is_new = picture_upload.take_in(
        File(io.BytesIO(data), name=name), by=item.stream.set_up_by
    )
    if is_new:
        image.alt, image.caption = row["alt"][:300], row["caption"][:400]
        image.credit = (row["credit"] or item.provider)[:160]
        image.rights = item.newest.rights[:300] if item.newest else ""
        image.save(update_fields=["alt", "caption", "credit", "rights"])
    return image


def _file(address: str, stream: WireStream) -> tuple[str, bytes]:
    """From the web, or from beside the document in a watched directory, nowhere else."""
    name = Path(urlsplit(address).path).name
    if address.startswith(("http://", "https://")):
        return name, fetch(address, most=MAX_BYTES, kinds=("image/",)).data
    if stream.kind != WireStream.Kind.DIRECTORY or not name or name.startswith("."):
        raise NotFetched(_("This is no address on the web."), permanent=True)
    file = Path(stream.location) / name
    if file.is_symlink() or not file.is_file():
        raise NotFetched(_("It is not in the directory of the wire."), permanent=False)
    if file.stat().st_size > MAX_BYTES:
        raise NotFetched(_("It has more than %d bytes.") % MAX_BYTES, permanent=True)
    return name, file.read_bytes()


def _lead(item: WireItem, image: Image, row: dict[str, str]) -> None:
    with transaction.atomic():
        article = Article.objects.select_for_update().get(wire_item=item)
        if article.lead_image_id is not None or image.withdrawn_at:
            return
        article.lead_image = image
        article.lead_alt, article.lead_caption = row["alt"][:300], row["caption"][:400]
        article.lead_credit = (row["credit"] or item.provider)[:160]
        article.save()
        revision = article.record(by=item.stream.set_up_by, note=_("With the picture of its wire."))
        now = WireItem.objects.select_for_update().get(pk=item.pk)
        if now.taken_revision == revision.number - 1:
            now.taken_revision = revision.number
            now.save(update_fields=["taken_revision"])


def _tell(item: WireItem, row: dict[str, str], why: str) -> None:
    note = f"{row['address'][:120]}: {why}"[:300]
    events = WireEvent.objects.filter(item=item, kind=WireEvent.Kind.NO_PICTURE, note=note)
    if not events.exists():
        WireEvent.objects.create(
            item=item, kind=WireEvent.Kind.NO_PICTURE, version=item.version, note=note
        )
