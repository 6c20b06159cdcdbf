"""Who else is at work in a piece."""

from typing import TypedDict

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.admin.collisions import moment
from articles.models import Article, WorkingCopy


class Told(TypedDict):
    """A sentence that stays the same while nothing happens, and one that doesn't."""

    id: int
    text: str
    seen: str


def others_in(article: Article, user: User, window: WorkingCopy | None) -> list[Told]:
    """Who writes in the piece now in another window than this, or typed and did not save.

    What `user` typed elsewhere and did not save is offered instead, and not told here.
    """
    copies = article.working_copies.select_related("by").order_by("opened_at", "pk").defer("fields")
    if window:
        copies = copies.exclude(window__in=[window.window, window.instead_of])
    return [
        _told(user, copy)
        for copy in copies
        if copy.is_open or (copy.is_unsaved and copy.by_id != user.pk)
    ]


def _told(user: User, copy: WorkingCopy) -> Told:
    told = {"who": copy.by.get_username(), "when": moment(copy.opened_at)}
    if not copy.is_open and copy.typed_at:
        told["when"] = moment(copy.typed_at)
        text = _("%(who)s typed something here, %(when)s, that is not saved.") % told
        return {"id": copy.pk, "text": text, "seen": ""}
    if copy.by_id == user.pk:
        text = _("You have been writing in this piece in another window since %(when)s.") % told
    else:
        text = _("%(who)s has been writing in this piece since %(when)s.") % told
    return {"id": copy.pk, "text": text, "seen": _seen(copy)}


def _seen(copy: WorkingCopy) -> str:
    if not copy.reports:
        return ""  # a window without scripts is seen when it is opened, and told above
    seconds = max(0, int((timezone.now() - copy.seen_at).total_seconds()))
    return _("Last seen %d s ago.") % seconds
