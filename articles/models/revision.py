from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import websub
from articles.content import content_of, readers_digest, write_content
from articles.models.former_slug import FormerSlug
from articles.models.revision_decision import RevisionDecision
from articles.models.search_entry import SearchEntry
from articles.models.share_image import ShareImage
from newsroom.line_field import LineField

if TYPE_CHECKING:
    from articles.models.article import Article


class RevisionQuerySet(models.QuerySet["Revision"]):
    def seen_by_readers(self) -> list["Revision"]:
        """Those of one piece that stood on the site for a while, the oldest first.

        Asked of all revisions of the piece: each stands until the next one.
        """
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
            newest = now.revisions.first()
            content = content_of(now)
            revision = Revision(
                article=article,
                number=newest.number + 1 if newest else 1,
                content=content,
                digest=readers_digest(content),
                status=now.status,
                published_at=now.published_at,
                embargo_until=now.embargo_until,
                by=by,
                # Never before the one it follows, even where the clock was put back.
                at=max(timezone.now(), newest.at) if newest else timezone.now(),
                note=note,
                is_minor=is_minor,
            )
            if newest and revision.says_what(newest):
                return newest
            if newest:
                seen = now.revisions.defer("content").seen_by_readers()
                _date_change(now, revision, newest, seen)
                _keep_address(now, newest, seen)
            else:
                FormerSlug.objects.refuse(now.slug, now.pk)
            now.version = revision.number
            now.save(update_fields=["version", "changed_at"])
            article.version, article.changed_at = now.version, now.changed_at
            revision.save()
            SearchEntry.objects.follow(now)
            ShareImage.objects.follow(now)
            websub.announce(revision, newest)
        return revision

    def restore(self, article: "Article", number: int, *, by: User, onto: int | None) -> list[str]:
        """See Article.restore_revision."""
        with transaction.atomic():
            current = type(article).objects.select_for_update().get(pk=article.pk)
            if onto is not None and onto != current.version:
                raise ValidationError(_("Somebody has saved this piece meanwhile."))
            revision = current.revisions.get(number=number)
            if revision.erased_at:
                raise ValidationError(_("What this revision held was erased."))
            # What was written past the form, by an import for one, is kept as well.
            current.record(
                by=by, note=str(_("As it was before revision %d was restored.") % number)
            )
            missing = write_content(current, revision.content | {"slug": current.slug})
            current.record(by=by, note=str(_("Restored from revision %d.") % number))
        article.refresh_from_db()
        return missing


def _date_change(
    article: "Article", revision: "Revision", newest: "Revision", seen: list["Revision"]
) -> None:
    """Date the change that the new `revision` is to readers, against what they saw last.

    What was saved since then and they did not see, while the piece was withdrawn or had its time
    to come, belongs to it: it is minor if all of that was.
    """
    if not seen:
        return
    last = seen[-1]
    if newest.digest != last.digest:
        is_minor = revision.is_minor or revision.digest == newest.digest
        revision.is_minor = is_minor and newest.is_minor
    differs = revision.digest != last.digest or not last.digest
    if differs and article.public_from and not revision.is_minor:
        article.changed_at = max(revision.at, article.public_from)
    elif article.changed_at and article.changed_at > revision.at:  # and now it will not be
        article.changed_at = _last_change(article, seen)


def _last_change(article: "Article", seen: list["Revision"]) -> datetime | None:
    changes = [
        later.public_from
        for earlier, later in pairwise(seen)
        if later.digest != earlier.digest and not later.is_minor
    ]
    corrected = article.corrections.values_list("at", flat=True)
    return max((at for at in [*changes, *corrected] if at), default=None)


def _keep_address(article: "Article", newest: "Revision", seen: list["Revision"]) -> None:
    """Where readers knew the piece by another slug, that leads to it from now on.

    Raises ValidationError where its slug leads to another piece, which may have moved just now.
    """
    slug = newest.content.get("slug", article.slug)
    if slug == article.slug:
        return
    FormerSlug.objects.filter(slug=article.slug, article=article).delete()
    FormerSlug.objects.refuse(article.slug, article.pk)
    known = article.revisions.filter(
        Q(content__slug=slug) | Q(erased_at__isnull=False), pk__in=[each.pk for each in seen]
    )
    if article.is_public or article.is_gone or known.exists():
        FormerSlug.objects.update_or_create(slug=slug, defaults={"article": article})


class DigestField(models.CharField):
    """Of the content of the same row, whenever that is written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        digest = readers_digest(model_instance.content)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, digest)
        return digest


class Revision(models.Model):
    """A version of a piece as it was saved, with the state it was in. Written by `article.record`.

    Its words never change. It can be closed to readers, and an administrator can erase what it
    holds; the RevisionDecisions say who did it, when and why. `is_minor`: readers need not be
    told of what changed since the version that they saw last.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(encoder=DjangoJSONEncoder)  # see articles/content.py
    digest = DigestField(
        max_length=64, editable=False, default="", help_text="Of what readers see of it."
    )
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
        indexes = [
            # The desk's list of the pieces that somebody has saved.
            models.Index(fields=["by", "article"], name="revision_saved_by"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def public_from(self) -> datetime | None:
        """When readers could see it at the earliest, were no other saved; None: never."""
        if self.status != "published" or self.published_at is None:
            return None
        return max(self.published_at, self.embargo_until or self.published_at, self.at)

    @property
    def status_label(self) -> str:
        status = type(self.article).Status(self.status)
        is_ahead = self.public_from is not None and self.public_from > self.at
        return str(_("scheduled") if is_ahead else status.label)

    @property
    def is_closed(self) -> bool:
        """Whether its words are kept from readers, or gone."""
        return self.closed_at is not None or self.erased_at is not None

    def says_what(self, other: "Revision") -> bool:
        """Whether both hold the same, in the same state."""
        return (self.content, self.status, self.published_at, self.embargo_until) == (
            *(other.content, other.status, other.published_at, other.embargo_until),
        )

    def close(self, *, by: User, reason: str) -> bool:
        """Keep its words from readers of the changes; False where they were already.

        Those that read the same are closed with it. Raises ValidationError for how the piece
        reads now on the site.
        """
        return self._decide(RevisionDecision.objects.close, by, reason)

    def reopen(self, *, by: User, reason: str) -> bool:
        """Undo close(). What was erased stays erased."""
        return self._decide(RevisionDecision.objects.reopen, by, reason)

    def erase(self, *, by: User, reason: str) -> bool:
        """Remove what it holds, for good; False where it was already.

        Those that read the same are erased with it. Raises ValidationError for how the piece
        reads now.
        """
        return self._decide(RevisionDecision.objects.erase, by, reason)

    def _decide(self, verb: Callable[..., list[int]], by: User, reason: str) -> bool:
        done = verb(self.article, [self.number], by=by, reason=reason)
        self.refresh_from_db()
        return self.number in done
