from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.append_only import AppendOnly, AppendOnlyQuerySet
from newsroom.line_field import LineField

if TYPE_CHECKING:
    from articles.models.article import Article

# What the verbs write. All else that others have saved meanwhile stays as it is.
WRITTEN = ("status", "published_at", "withdrawn_reason", "withdrawn_at", "updated_at")


class StateChangeQuerySet(AppendOnlyQuerySet):
    def make(
        self,
        article: "Article",
        to: str,
        *,
        by: User,
        note: str,
        where: Callable[["Article"], bool],
        at: datetime | None = None,
        reason: str = "",
    ) -> bool:
        """Change the state of a piece, on record; False where there was nothing to change.

        The row is locked and read again first, so that of two people who act at once the second
        acts on what the first has left. `where` says of that row whether the verb applies.
        Raises ValidationError where readers would lose sight of a piece that they can see, and
        where an agency keeps from them what is to be published.
        """
        from articles.models.wire_item import WireItem  # noqa: PLC0415 - it imports the pieces

        with transaction.atomic():
            current = (
                type(article)
                .objects.select_for_update()
                .only("status", "published_at", "embargo_until", "withdrawn_at")
                .get(pk=article.pk)
            )
            before = article.status = current.status
            article.published_at = current.published_at
            article.embargo_until = current.embargo_until
            article.withdrawn_at = current.withdrawn_at
            if not where(current):
                return False
            if to == article.Status.PUBLISHED:
                moment = at or current.published_at or timezone.now()
                moment = max(moment, current.embargo_until or moment)
                if before == to and moment == current.published_at:
                    return False
                if current.is_public and moment > timezone.now():
                    raise ValidationError(SEEN_ALREADY)
                if hold := WireItem.objects.hold_on(article.pk):
                    raise ValidationError(hold)
                article.published_at = moment
            article.status = to
            article.withdrawn_reason = reason
            article.withdrawn_at = timezone.now() if to == article.Status.WITHDRAWN else None
            article.save(update_fields=WRITTEN)
            self.create(
                article=article,
                by=by,
                from_status=before,
                to_status=to,
                published_at=article.published_at,
                note=note,
                reason=reason,
            )
            article.record(by=by, note=note)
        return True


SEEN_ALREADY = _("Readers can see this piece already. Withdraw it if they shall not.")


class StateChange(AppendOnly):
    """Who changed the state of a piece, from what to what, why and when."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, related_name="state_changes"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+"
    )
    from_status = models.CharField(_("from"), max_length=12)
    to_status = models.CharField(_("to"), max_length=12)
    published_at = models.DateTimeField(_("publication time"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    reason = LineField(_("reason given to readers"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = StateChangeQuerySet.as_manager()  # type: ignore[misc]  # another manager, on purpose

    class Meta:
        base_manager_name = "objects"  # see AppendOnly
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
