"""What the desk does with a wire: takes it as a draft, leaves it, and undoes either; and decides
between its own text and a newer one of the agency.

Each verb is safe to repeat, runs in one transaction with the item locked, and leaves a WireEvent.
"""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, WireEvent, WireItem, WireVersion
from articles.wire import drafts
from articles.wire.lines import lines_of_piece, lines_of_wire
from articles.wire.pictures import bring_pictures

Kind = WireEvent.Kind
State = WireItem.State
WRITTEN = ("state", "article", "taken_version", "taken_revision", "needs_person", "decided_at")


def take(item: WireItem, *, by: User) -> Article:
    """The draft that the wire is now; the same one where it was taken already.

    Raises ValidationError for one that the agency has killed, or whose text is no longer kept.
    """
    with transaction.atomic():
        current = _locked(item)
        if current.article is not None:
            _copy(current, item)
            return current.article
        version = _text_of(current)
        article, revision = drafts.make(current, version, by=by)
        current.article, current.state = article, State.TAKEN
        current.taken_version, current.taken_revision = version, revision.number
        _save(current, Kind.TAKEN, by)
        if version.pictures:
            bring_pictures(current)
    _copy(current, item)
    return article


def leave(item: WireItem, *, by: User) -> bool:
    """Out of the way; False where it was already. Raises ValidationError for a taken one."""
    with transaction.atomic():
        current = _locked(item)
        if current.is_taken:
            raise ValidationError(_("Somebody has taken this wire meanwhile."))
        if not current.is_new:
            return False
        current.state = State.LEFT
        _save(current, Kind.LEFT, by)
    _copy(current, item)
    return True


def put_back(item: WireItem, *, by: User) -> bool:
    """Undo leave() or take(): among the new ones again; False where it is one.

    The draft of a taken one is deleted. Raises ValidationError where somebody has worked on it.
    """
    with transaction.atomic():
        current = _locked(item)
        if current.is_new or current.is_forgotten:
            return False
        article = current.article
        if article is not None:
            drafts.refuse_worked_on(article, current)
        current.state, current.article = State.NEW, None
        current.taken_version, current.taken_revision = None, 0
        current.needs_person = False
        _save(current, Kind.PUT_BACK, by)
        if article is not None:
            article.delete()
    _copy(current, item)
    return True


def accept(
    item: WireItem, *, by: User, body: str, fields: Mapping[str, str], note: str = ""
) -> Article:
    """Give the piece this text and these lines, which a person made of its own and the newest
    version's. Raises ValidationError for what no piece may hold."""
    with transaction.atomic():
        current = _locked(item)
        article = _piece_of(current)
        for name, value in fields.items():
            setattr(article, name, value)
        article.body = body
        article.full_clean(exclude=["slug", "section", "source", "lead_image", "source_url"])
        article.save()
        revision = article.record(
            by=by, note=note or _("Compared with version %d of the wire.") % current.version
        )
        # A text with anything of ours in it is the desk's: the next version must not replace it.
        current.taken_version = current.newest
        current.taken_revision = revision.number if _is_of_wire(article, current.newest) else 0
        current.needs_person = False
        _save(current, Kind.COMPARED, by)
    _copy(current, item)
    return article


def keep_ours(item: WireItem, *, by: User) -> bool:
    """The newest version changes nothing in the piece; False where none waits."""
    with transaction.atomic():
        current = _locked(item)
        _piece_of(current)
        if not current.needs_person:
            return False
        # What the desk wrote stays its own: the next version is compared with it, too.
        current.taken_version, current.needs_person = current.newest, False
        _save(current, Kind.COMPARED, by)
    _copy(current, item)
    return True


def _locked(item: WireItem) -> WireItem:
    return (
        WireItem.objects.select_for_update(of=("self",))
        .select_related("stream__source", "stream__section", "stream__set_up_by")
        .get(pk=item.pk)
    )


def _text_of(item: WireItem) -> WireVersion:
    if item.is_killed:
        raise ValidationError(_("The agency has killed this wire."))
    if item.newest is None:
        raise ValidationError(_("The text of this wire is no longer kept."))
    return item.newest


def _piece_of(item: WireItem) -> Article:
    if item.article_id is None:
        raise ValidationError(_("Nobody has taken this wire."))
    return Article.objects.select_for_update().get(pk=item.article_id)


def _is_of_wire(article: Article, version: WireVersion | None) -> bool:
    if version is None or article.body != version.body:
        return False
    return lines_of_piece(article) == lines_of_wire(version)


def _save(item: WireItem, kind: Kind, by: User) -> None:
    item.decided_at = timezone.now()
    item.save(update_fields=WRITTEN)
    WireEvent.objects.create(item=item, kind=kind, version=item.version, by=by)


def _copy(current: WireItem, item: WireItem) -> None:
    """So that whoever called goes on with what is true now."""
    for name in WRITTEN:
        setattr(item, name, getattr(current, name))
