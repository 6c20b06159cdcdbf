from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.line_field import LineField

PERCENT = [MaxValueValidator(100)]


class ImageQuerySet(models.QuerySet["Image"]):
    def usable(self) -> Self:
        """What an editor may put into a piece."""
        return self.filter(withdrawn_at=None)


class Image(models.Model):
    """A picture of the library: its files are named after `token` and kept in the media storage.

    Alternative text, caption and credit are what a new use begins with; each use has its own.
    """

    token = models.CharField(max_length=32, unique=True, editable=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text=_("SHA-256 of size and pixels.")
    )
    name = LineField(_("name"), max_length=160)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    alt = LineField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who can't see it."),
    )
    caption = LineField(_("caption"), max_length=400, blank=True)
    credit = LineField(_("credit"), max_length=160, blank=True)
    rights = LineField(
        _("rights"),
        max_length=300,
        blank=True,
        help_text=_("Who owns it and how it may be used. For the desk alone."),
    )
    focal_x = models.PositiveSmallIntegerField(
        _("focal point from the left, in per cent"), default=50, validators=PERCENT
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point from the top, in per cent"), default=50, validators=PERCENT
    )
    # The files that the worker has made, as [[kind, width, height], …]: see articles/renditions.py.
    renditions = models.JSONField(default=list, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("withdrawn by"),
    )
    withdrawn_reason = LineField(_("reason"), max_length=300, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-uploaded_at", "-pk"]
        permissions = [("withdraw_image", "Can withdraw pictures from every use")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class ImageUse(models.Model):
    """Where a picture is used now. Written with the piece or the page, never by hand."""

    class Place(models.TextChoices):
        LEAD = "lead", _("lead picture")
        BODY = "body", _("in the text")

    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="uses")
    article = models.ForeignKey(
        "articles.Article", null=True, on_delete=models.CASCADE, related_name="image_uses"
    )
    page = models.ForeignKey(
        "articles.StandingPage", null=True, on_delete=models.CASCADE, related_name="image_uses"
    )
    place = models.CharField(_("place"), max_length=4, choices=Place)

    class Meta:
        verbose_name = _("use of a picture")
        verbose_name_plural = _("uses of pictures")
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=True) ^ Q(page__isnull=True),
                name="a_picture_is_used_by_a_piece_or_a_page",
            ),
            models.UniqueConstraint(
                fields=["article", "image", "place"], name="a_piece_uses_a_picture_once_a_place"
            ),
            models.UniqueConstraint(fields=["page", "image"], name="a_page_uses_a_picture_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.article or self.page}"
