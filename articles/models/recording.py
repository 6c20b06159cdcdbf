from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.recording_html import names_in
from newsroom.line_field import LineField
from newsroom.paths import SlugPath

if TYPE_CHECKING:
    from articles.models.article import Article
    from articles.models.page import StandingPage

    type User = Article | StandingPage

media_path = SlugPath("media")


class Recording(models.Model):
    """A sound or a film that pieces play, kept as it came in: articles/recordings.py.

    Its file in the media storage is named after `token`, which nobody can guess.
    """

    token = models.CharField(max_length=32, unique=True, editable=False)
    extension = models.CharField(max_length=4, editable=False)
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of its bytes."))
    size = models.PositiveBigIntegerField(_("bytes"))
    name = LineField(_("name"), max_length=160)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def file_name(self) -> str:
        return f"{self.token}.{self.extension}"

    @property
    def address(self) -> str:
        """Where players find it: for src, in bodies."""
        return media_path(self.file_name)


class RecordingUseQuerySet(models.QuerySet["RecordingUse"]):
    def public(self) -> "RecordingUseQuerySet":
        """Those in what readers may see now: the standing pages, and what `published()` says."""
        from articles.models.article import Article  # noqa: PLC0415 - it imports this

        return self.filter(Q(page__isnull=False) | Article.objects.is_public_of("article"))

    def follow(self, user: "User", written: Iterable[str] | None) -> None:
        """Make the uses of a piece or a page those that it has now, in the transaction that has
        `written` these fields of it; None: all."""
        if "body" in user.get_deferred_fields() or (written is not None and "body" not in written):
            return
        tokens = {name.partition(".")[0] for name in names_in(user.body)}
        kind = "page" if user._meta.model_name == "standingpage" else "article"
        if user._state.adding and not tokens:
            return
        own = self.filter(**{kind: user})
        there = {use.recording.token: use.pk for use in own.select_related("recording")}
        if gone := [there[token] for token in there.keys() - tokens]:
            self.filter(pk__in=gone).delete()
        if new := tokens - there.keys():
            found = Recording.objects.filter(token__in=new).order_by("pk")
            self.bulk_create(RecordingUse(recording=each, **{kind: user}) for each in found)


class RecordingUse(models.Model):
    """Where a recording is played now. Written with the piece or the page, never by hand."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="uses")
    article = models.ForeignKey(
        "articles.Article", null=True, on_delete=models.CASCADE, related_name="recording_uses"
    )
    page = models.ForeignKey(
        "articles.StandingPage", null=True, on_delete=models.CASCADE, related_name="recording_uses"
    )

    objects = RecordingUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a recording")
        verbose_name_plural = _("uses of recordings")
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=True) ^ Q(page__isnull=True),
                name="a_recording_is_played_by_a_piece_or_a_page",
            ),
            models.UniqueConstraint(
                fields=["article", "recording"], name="a_piece_plays_a_recording_once"
            ),
            models.UniqueConstraint(
                fields=["page", "recording"], name="a_page_plays_a_recording_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recording}: {self.article or self.page}"
