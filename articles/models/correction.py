from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import websub
from newsroom.line_field import LineField

if TYPE_CHECKING:
    from articles.models.article import Article


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def standing(self) -> Self:
        """What was not taken back, newest first."""
        return self.filter(taken_back_at=None).order_by("-at", "-pk")

    def of_outer_article(self) -> Self:
        """The standing ones of the piece that a query around this one is about."""
        return self.filter(taken_back_at=None, article=models.OuterRef("pk"))

    def in_ledger(self) -> Self:
        """What readers find on the page of all corrections: of the pieces they can see."""
        from articles.models.article import Article  # noqa: PLC0415 - it imports this module

        return (
            self.standing()
            .filter(Article.objects.is_public_of("article"))
            .select_related("article")
            .defer("article__body", "article__body_html", "article__desk_notes")
        )

    def make(self, article: "Article", *, by: User, kind: str, text: str) -> "Correction":
        """See Article.correct."""
        with transaction.atomic():
            if not type(article).objects.select_for_update().get(pk=article.pk).is_public:
                raise ValidationError(_("Only what readers can see can be corrected."))
            correction = Correction(article=article, kind=kind, text=text, by=by)
            correction.full_clean()
            correction.save()
            article.changed_at = correction.at
            article.save(update_fields=["changed_at"])
            websub.announce_correction(article)
        return correction


class Correction(models.Model):
    """What was wrong, unclear or new in a published piece, told to its readers.

    Made by `article.correct()` alone, and its words stay as they are: what is itself wrong is
    taken back, on record.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CLARIFICATION = "clarification", _("clarification")
        UPDATE = "update", _("update")
        RETRACTION = "retraction", _("retraction")

    # Whoever begins to read must know of these; the others stand below the text.
    AT_THE_TOP = frozenset({Kind.CORRECTION, Kind.RETRACTION})

    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, related_name="corrections"
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    text = LineField(
        _("text"), max_length=1000, help_text=_("What stood there, and what is right.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    taken_back_reason = LineField(_("reason"), max_length=300, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]
        indexes = [
            # standing(): the ledger of corrections and its feed.
            models.Index(fields=["-at", "-id"], name="correction_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        return f"{self.article.get_absolute_url()}#correction-{self.pk}"

    @property
    def is_at_the_top(self) -> bool:
        return self.kind in self.AT_THE_TOP

    def take_back(self, *, by: User, reason: str) -> bool:
        """Readers see it no longer; False where it was taken back already. The reason is kept."""
        with transaction.atomic():
            current = Correction.objects.select_for_update().get(pk=self.pk)
            if current.taken_back_at:
                return False
            self.taken_back_at = timezone.now()
            self.taken_back_by = by
            self.taken_back_reason = reason
            self.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
            self.article.changed_at = self.taken_back_at
            self.article.save(update_fields=["changed_at"])
            websub.announce_correction(self.article)
        return True
