from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.content import READERS_SEE, content_of, write_content
from articles.models.former_slug import FormerSlug
from newsroom.line_field import LineField

if TYPE_CHECKING:
    from articles.models.article import Article


class RevisionQuerySet(models.QuerySet["Revision"]):
    def seen_by_readers(self) -> list["Revision"]:
        """Those of one piece that stood on the site for a while, the oldest first."""
        revisions = sorted(self, key=lambda revision: revision.number)
        ends = [later.at for _, later in pairwise(revisions)] + [timezone.now()]
        return [
            revision
            for revision, end in zip(revisions, ends, strict=False)
            if revision.public_from and revision.public_from <= end
        ]

    def record(self, article: "Article", *, by: User, note: str, is_minor: bool) -> "Revision":
        """See Article.record."""
        with transaction.atomic():
            now = (
                type(article)
                .objects.select_for_update(of=("self",))
                .select_related("section", "source", "lead_image")
                .get(pk=article.pk)
            )
            earlier = list(now.revisions.all())
            revision = Revision(
                article=article,
                number=earlier[0].number + 1 if earlier else 1,
                content=content_of(now),
                status=now.status,
                published_at=now.published_at,
                embargo_until=now.embargo_until,
                by=by,
                note=note,
                is_minor=is_minor,
            )
            if earlier and revision.says_what(earlier[0]):
                return earlier[0]
            seen = now.revisions.seen_by_readers()
            if seen and now.public_from and not is_minor and revision.differs_from(seen[-1]):
                now.changed_at = max(revision.at, now.public_from)
            if earlier:
                _keep_address(now, earlier[0].content.get("slug"))
            now.version = revision.number
            now.save(update_fields=["version", "changed_at"])
            article.version, article.changed_at = now.version, now.changed_at
            revision.save()
        return revision

    def restore(self, article: "Article", number: int, *, by: User) -> list[str]:
        """See Article.restore_revision."""
        with transaction.atomic():
            current = type(article).objects.select_for_update().get(pk=article.pk)
            revision = current.revisions.get(number=number)
            if revision.erased_at:
                raise ValidationError(_("What this revision held was erased."))
            missing = write_content(current, revision.content | {"slug": current.slug})
            current.record(by=by, note=str(_("Restored from revision %d.") % number))
        article.refresh_from_db()
        return missing


def _keep_address(article: "Article", slug: str | None) -> None:
    """Where readers knew the piece by another `slug`, that leads to it from now on."""
    if slug is None or slug == article.slug:
        return
    FormerSlug.objects.filter(slug=article.slug, article=article).delete()
    if article.published_at and article.published_at <= timezone.now():
        FormerSlug.objects.create(slug=slug, article=article)


class Revision(models.Model):
    """A version of a piece as it was saved, with the state it was in. Written by `article.record`.

    Its words never change. It can be closed to readers, and an administrator can erase what it
    holds; both say who did it, when and why.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(encoder=DjangoJSONEncoder)  # see articles/content.py
    status = models.CharField(_("state"), max_length=12)
    published_at = models.DateTimeField(_("publication time"), null=True)
    embargo_until = models.DateTimeField(_("embargo"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"), related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_minor = models.BooleanField(_("minor change"), default=False)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_reason = LineField(_("reason"), max_length=300, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    erased_reason = LineField(_("reason"), max_length=300, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        permissions = [("erase_revision", "Can erase what a revision holds")]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="a_piece_numbers_its_revisions"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def public_from(self) -> datetime | None:
        """When readers could see it at the earliest, were no other saved; None: never."""
        if self.status != "published" or self.published_at is None:
            return None
        return max(self.published_at, self.embargo_until or self.published_at, self.at)

    def says_what(self, other: "Revision") -> bool:
        """Whether both hold the same, in the same state."""
        return (self.content, self.status, self.published_at, self.embargo_until) == (
            *(other.content, other.status, other.published_at, other.embargo_until),
        )

    def differs_from(self, seen: "Revision") -> bool:
        """Whether readers of the `seen` one would find more than its state changed."""
        return bool(seen.content) and any(
            self.content.get(name) != seen.content.get(name) for name in READERS_SEE
        )

    def close(self, *, by: User, reason: str) -> bool:
        """Keep its words from readers of the changes; False where they were already."""
        return self._end("closed", by, reason)

    def reopen(self, *, by: User) -> bool:
        """Undo close(). What was erased stays erased."""
        with transaction.atomic():
            current = Revision.objects.select_for_update().get(pk=self.pk)
            if current.closed_at is None:
                return False
            self.closed_at = self.closed_by = None
            self.closed_reason = ""
            self.save(update_fields=["closed_at", "closed_by", "closed_reason"])
        return True

    def erase(self, *, by: User, reason: str) -> bool:
        """Remove what it holds, for good; False where it was already."""
        return self._end("erased", by, reason)

    def _end(self, how: str, by: User, reason: str) -> bool:
        with transaction.atomic():
            current = Revision.objects.select_for_update().get(pk=self.pk)
            if getattr(current, f"{how}_at"):
                return False
            setattr(self, f"{how}_at", timezone.now())
            setattr(self, f"{how}_by", by)
            setattr(self, f"{how}_reason", reason)
            changed = [f"{how}_at", f"{how}_by", f"{how}_reason"]
            if how == "erased":
                self.content = {}
                changed.append("content")
            self.save(update_fields=changed)
        return True
