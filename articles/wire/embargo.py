"""Embargoes that an agency speaks of without a moment that could be read: a person decides."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, WireEvent, WireItem
from articles.models.state_change import SEEN_ALREADY
from newsroom.moments import moment_text


def decide_embargo(item: WireItem, *, by: User, until: datetime | None) -> bool:
    """Hold the item, and the piece that was made of it, `until` a moment; None: it has no embargo.

    False where it was decided so already. Raises ValidationError where somebody decided otherwise
    meanwhile, for a moment that has passed, and where readers would lose sight of the piece.
    """
    with transaction.atomic():
        current = WireItem.objects.select_for_update().get(pk=item.pk)
        if not current.embargo_is_unclear:
            if current.embargo_until == until:
                return False
            raise ValidationError(_("The embargo of this wire was decided already."))
        if until is not None and until <= timezone.now():
            raise ValidationError(_("This moment has passed."))
        _write_into_piece(current, by=by, until=until)
        current.embargo_until = until
        current.embargo_is_unclear = False
        current.save(update_fields=["embargo_until", "embargo_is_unclear"])
        newest = current.newest
        WireEvent.objects.create(
            item=current,
            kind=WireEvent.Kind.EMBARGO,
            version=newest.number if newest else None,
            by=by,
            note=moment_text(until, with_zone=True) if until else _("There is no embargo."),
        )
    item.embargo_until, item.embargo_is_unclear = until, False
    return True


def _write_into_piece(item: WireItem, *, by: User, until: datetime | None) -> None:
    """What the desk has set by itself stays where the wire has no embargo."""
    if item.article_id is None:
        return
    article = Article.objects.select_for_update().get(pk=item.article_id)
    if until is None and article.embargo_until != item.embargo_until:
        return
    if article.is_public and until is not None:
        raise ValidationError(SEEN_ALREADY)
    article.embargo_until = until
    article.save(update_fields=["embargo_until", "updated_at"])
    article.record(by=by, note=_("The embargo of its wire was decided."))
