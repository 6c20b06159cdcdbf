import secrets
from functools import partial
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.lead_picture import shown_lead
from articles.share_words import words_of
from newsroom import media
from newsroom.models import SiteSettings

if TYPE_CHECKING:
    from articles.models.article import Article
    from articles.models.image import Image


def share_token() -> str:
    return secrets.token_hex(16)


def needs_share_image(article: "Article") -> bool:
    """Whether it is out, or will be, without a picture of its own that can be shown."""
    return article.is_published and shown_lead(article) is None


class ShareImageQuerySet(models.QuerySet["ShareImage"]):
    def follow(self, article: "Article") -> bool:
        """Have it made, made anew or removed, where the piece as it is now asks for that; False
        where there is nothing to do.

        Called in the transaction that writes the piece: the task is there when that commits. That
        of a piece which is not published stays as it is, and is not shown.
        """
        from articles.tasks import make_share_image  # noqa: PLC0415 - tasks import the models

        if not article.is_published:
            return False
        there = self.filter(article=article).first()
        if needs_share_image(article):
            digest = words_of(article, SiteSettings.objects.current()).digest
            is_due = there is None or there.digest != digest
        else:
            is_due = there is not None
        if is_due:
            make_share_image.enqueue(article.pk)
        return is_due

    def follow_lead(self, image: "Image") -> None:
        """The same for all pieces that this picture leads, after it was withdrawn or came back."""
        from articles.tasks import make_share_images  # noqa: PLC0415 - tasks import the models

        if image.led_articles.filter(status="published").exists():
            make_share_images.enqueue(lead=image.pk)

    def begin_version(self, article: "Article") -> "ShareImage":
        """That of the piece, made where there was none, with a `last_version` for a new file that
        no other worker is given."""
        with transaction.atomic():
            share, _is_new = self.get_or_create(article=article)
            self.filter(pk=share.pk).update(last_version=F("last_version") + 1)
            return self.get(pk=share.pk)


class ShareImage(models.Model):
    """A picture of the headline, for a piece that has none of its own, where its address is shared.

    Made by the worker (share_images.py). Readers can get it while they can read the piece. The
    names of its files are not used again.
    """

    SIZE = (1200, 630)

    article = models.OneToOneField(
        "articles.Article", on_delete=models.CASCADE, related_name="share_image"
    )
    token = models.CharField(max_length=32, unique=True, default=share_token, editable=False)
    # The number in the name of its file, 0 while there is none yet, and the highest given.
    version = models.PositiveIntegerField(default=0, editable=False)
    last_version = models.PositiveIntegerField(default=0, editable=False)
    digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of what it says: share_words.py."
    )
    made_at = models.DateTimeField(_("made"), null=True, editable=False)

    objects = ShareImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("share picture")
        verbose_name_plural = _("share pictures")

    def __str__(self) -> str:
        return f"{self.article_id}: {self.file_name}"

    @property
    def is_made(self) -> bool:
        return self.version > 0

    @property
    def file_name(self) -> str:
        return self.name_of(self.version)

    def name_of(self, version: int) -> str:
        return f"{self.token}-{version}-share{self.SIZE[0]}.png"

    @property
    def src(self) -> str:
        return reverse("media", args=[self.file_name])

    def show_version(self, version: int, digest: str) -> bool:
        """Show this file from now on, and remove the one shown so far. False where a newer one is
        shown already, or none is wanted any more."""
        with transaction.atomic():
            current = ShareImage.objects.select_for_update().filter(pk=self.pk).first()
            if current is None or current.version >= version:
                return False
            old = [current.file_name] if current.is_made else []
            self.version, self.digest, self.made_at = version, digest, timezone.now()
            self.save(update_fields=["version", "digest", "made_at"])
            transaction.on_commit(partial(media.remove, old), robust=True)
        return True

    def remove(self) -> None:
        """Delete it with its file."""
        with transaction.atomic():
            current = ShareImage.objects.select_for_update().filter(pk=self.pk).first()
            if current is None:
                return
            current.delete()
            if current.is_made:
                transaction.on_commit(partial(media.remove, [current.file_name]), robust=True)
