from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision
from newsroom.moments import moment_text


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def with_revisions(self) -> Self:
        """With all that decides whether a link is open."""
        return self.select_related("revision__article", "made_by", "revoked_by")

    def make(self, revision: Revision, *, by: User, lasts: timedelta) -> "PreviewLink":
        """Raises ValidationError for a time out of bounds, and for words that may not be shown."""
        if not PreviewLink.SHORTEST <= lasts <= PreviewLink.LONGEST:
            raise ValidationError(_("A link is good for an hour at least and 30 days at most."))
        if revision.closed_at or revision.erased_at:
            raise ValidationError(_("This version is closed."))
        now = timezone.now()
        return self.create(revision=revision, made_by=by, made_at=now, expires_at=now + lasts)


class PreviewLink(models.Model):
    """Lets whoever has its signed address (articles/preview_links.py) read one revision.

    It ends when its time is over or somebody revokes it, and rests while the revision is closed
    or erased and once the piece was withdrawn after the link was made.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        EXPIRED = "expired", _("expired")
        REVOKED = "revoked", _("revoked")
        CLOSED = "closed", _("version closed")
        WITHDRAWN = "withdrawn", _("piece withdrawn")

    SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=30)

    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="preview_links", verbose_name=_("revision")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="a_preview_link_lasts_a_while"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_revoked_preview_link_names_who_did_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} → {moment_text(self.expires_at)}"

    @property
    def state(self) -> State:
        if self.revoked_at:
            return self.State.REVOKED
        if self.expires_at <= timezone.now():
            return self.State.EXPIRED
        if self.revision.closed_at or self.revision.erased_at:
            return self.State.CLOSED
        withdrawn_at = self.revision.article.withdrawn_at
        if withdrawn_at and withdrawn_at >= self.made_at:
            return self.State.WITHDRAWN
        return self.State.OPEN

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def revoke(self, *, by: User) -> bool:
        """From now on it shows nothing, for good; False where it was revoked already."""
        with transaction.atomic():
            current = PreviewLink.objects.select_for_update().get(pk=self.pk)
            self.revoked_at, self.revoked_by = current.revoked_at, current.revoked_by
            if self.revoked_at:
                return False
            self.revoked_at, self.revoked_by = timezone.now(), by
            self.save(update_fields=["revoked_at", "revoked_by"])
        return True
