from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.content import Content, content_of, readers_digest
from articles.removed_words import first_held, removed_runs, text_of
from newsroom.append_only import AppendOnly, AppendOnlyQuerySet
from newsroom.line_field import LineField

if TYPE_CHECKING:
    from articles.models.article import Article
    from articles.models.revision import Revision

STANDS = _("This is how the piece reads now. Change the piece first.")


class RevisionDecisionQuerySet(AppendOnlyQuerySet):
    """Each verb gives the numbers of the versions it changed: those of a piece that are named, and
    all that read the same to readers. Raises ValidationError, and then changes nothing.
    """

    def close(
        self, article: "Article", numbers: Collection[int], *, by: User, reason: str
    ) -> list[int]:
        """Keep their words from readers of the changes, and from the holders of previews."""
        with transaction.atomic():
            now, revisions = self._locked(article, numbers)
            if now.is_public and readers_digest(content_of(now)) in {r.digest for r in revisions}:
                raise ValidationError(STANDS)
            done = [revision for revision in revisions if not revision.closed_at]
            for revision in done:
                revision.closed_at, revision.closed_by = timezone.now(), by
                revision.closed_reason = reason
                revision.save(update_fields=["closed_at", "closed_by", "closed_reason"])
            return self._record(done, RevisionDecision.Kind.CLOSED, by, reason)

    def reopen(
        self, article: "Article", numbers: Collection[int], *, by: User, reason: str
    ) -> list[int]:
        """Undo close(). What was erased stays erased."""
        with transaction.atomic():
            _now, revisions = self._locked(article, numbers)
            done = [each for each in revisions if each.closed_at and not each.erased_at]
            for revision in done:
                revision.closed_at = revision.closed_by = None
                revision.closed_reason = ""
                revision.save(update_fields=["closed_at", "closed_by", "closed_reason"])
            return self._record(done, RevisionDecision.Kind.REOPENED, by, reason)

    def erase(
        self, article: "Article", numbers: Collection[int], *, by: User, reason: str
    ) -> list[int]:
        """Remove what they hold for good, and what else of it the newsroom keeps: previews, what
        somebody typed and did not save, the headline in the admin's log.
        """
        with transaction.atomic():
            now, revisions = self._locked(article, numbers)
            stands = content_of(now)
            digest = readers_digest(stands)
            if any(each.number == now.version or each.digest == digest for each in revisions):
                raise ValidationError(STANDS)
            done = [revision for revision in revisions if not revision.erased_at]
            for revision in done:
                _forget(now, revision.content, stands)
                revision.preview_links.filter(revoked_at=None).update(
                    revoked_at=timezone.now(), revoked_by=by
                )
                revision.content, revision.digest = {}, ""
                revision.erased_at, revision.erased_by = timezone.now(), by
                revision.erased_reason = reason
                revision.save(
                    update_fields=["content", "digest", "erased_at", "erased_by", "erased_reason"]
                )
            return self._record(done, RevisionDecision.Kind.ERASED, by, reason)

    def _locked(
        self, article: "Article", numbers: Collection[int]
    ) -> tuple["Article", list["Revision"]]:
        now = (
            type(article)
            .objects.select_for_update(of=("self",))
            .select_related("section", "source", "lead_image")
            .get(pk=article.pk)
        )
        named = now.revisions.filter(number__in=numbers)
        digests = set(named.values_list("digest", flat=True)) - {""}
        return now, list(now.revisions.filter(Q(number__in=numbers) | Q(digest__in=digests)))

    def _record(self, done: list["Revision"], kind: str, by: User, reason: str) -> list[int]:
        for revision in done:
            self.create(revision=revision, kind=kind, by=by, reason=reason)
        return sorted(revision.number for revision in done)


def _forget(article: "Article", content: Content, stands: Content) -> None:
    """Of what a version held and the piece has no more: all that is kept beside the versions."""
    runs = removed_runs(content, stands)
    for copy in article.working_copies.unsaved():
        if first_held(text_of(copy.fields), runs):
            copy.fields, copy.typed_at = {}, None
            copy.save(update_fields=["fields", "typed_at"])
    headline = content.get("headline", article.headline)
    if headline != article.headline:
        of_piece = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(article), object_id=str(article.pk)
        )
        of_piece.filter(object_repr=headline).update(object_repr=article.headline)


class RevisionDecision(AppendOnly):
    """Who closed a version of a piece to readers, opened it to them again or erased it, and why."""

    class Kind(models.TextChoices):
        CLOSED = "closed", _("closed to readers")
        REOPENED = "reopened", _("open to readers again")
        ERASED = "erased", _("erased")

    revision = models.ForeignKey(
        "articles.Revision", on_delete=models.PROTECT, related_name="decisions"
    )
    kind = models.CharField(_("decision"), max_length=8, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+"
    )
    reason = LineField(_("reason"), max_length=300)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = RevisionDecisionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        base_manager_name = "objects"  # see AppendOnly
        verbose_name = _("decision about a revision")
        verbose_name_plural = _("decisions about revisions")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.revision}: {self.get_kind_display()}"
