from collections.abc import Iterator
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import websub
from articles.models.image_change import ImageChange
from articles.models.search_entry import SearchEntry
from articles.models.share_image import ShareImage
from newsroom import media
from newsroom.line_field import LineField
from newsroom.paths import SlugPath

PERCENT = [MaxValueValidator(100)]

media_path = SlugPath("media")

type RenditionRow = list[Any]  # [kind, width, height, extension]


class ImageQuerySet(models.QuerySet["Image"]):
    def usable(self) -> Self:
        """What an editor may put into a piece."""
        return self.filter(withdrawn_at=None)

    def withdrawn(self) -> Self:
        return self.exclude(withdrawn_at=None)

    def unused(self) -> Self:
        return self.filter(uses=None)

    def matching(self, words: str) -> Self:
        """Those in whose name or texts each of the words stands."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(alt__icontains=word)
                | Q(caption__icontains=word)
                | Q(credit__icontains=word)
                | Q(rights__icontains=word)
            )
        return found


class Image(models.Model):
    """A picture of the library: its files are named after `token` and kept in the media storage.

    Alternative text, caption and credit are what a new use begins with; each use has its own.
    Its verbs are safe to repeat, run in one transaction, and leave an ImageChange.
    """

    token = models.CharField(max_length=32, unique=True, editable=False)
    # The number in the names of its files, which are never used again, and the highest given.
    version = models.PositiveIntegerField(default=1, editable=False)
    last_version = models.PositiveIntegerField(default=1, editable=False)
    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text=_("SHA-256 of size and pixels.")
    )
    name = LineField(_("name"), max_length=160)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    is_transparent = models.BooleanField(default=False, editable=False)
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
    # The files there are of this version, as [kind, width, height, extension]: renditions.py.
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

    def get_admin_url(self) -> str:
        return reverse("admin:articles_image_change", args=[self.pk])

    # --- Its files ----------------------------------------------------------------------------

    @property
    def extension(self) -> str:
        """Of the format that every browser shows."""
        return "png" if self.is_transparent else "jpg"

    @property
    def master_name(self) -> str:
        """The picture as it came in, below a folder that /media/ does not serve."""
        return f"masters/{self.token}.{self.extension}"

    def file_name(self, rendition: RenditionRow) -> str:
        kind, width, _height, extension = rendition
        return f"{self.token}-{self.version}-{kind}{width}.{extension}"

    def files_of(self, kind: str, extension: str) -> list[RenditionRow]:
        """Its renditions of this kind and format, the narrowest first."""
        return sorted(row for row in self.renditions if (row[0], row[3]) == (kind, extension))

    def nearest(self, kind: str, width: int, extension: str) -> RenditionRow:
        """The rendition that comes closest: the kind matters most, then the format."""
        wanted = (kind, extension)
        return min(
            self.renditions,
            key=lambda row: (row[0] != wanted[0], row[3] != wanted[1], abs(row[1] - width)),
        )

    @property
    def src(self) -> str:
        """Where a browser without a choice finds it: for src, in bodies too."""
        return self.address(self.nearest("wide", 1200, self.extension))

    @property
    def thumbnail(self) -> str:
        return self.address(self.nearest("wide", 480, self.extension))

    def address(self, rendition: RenditionRow) -> str:
        return media_path(self.file_name(rendition))

    @property
    def is_being_made(self) -> bool:
        """Whether the worker has not made its sizes yet."""
        return not self.files_of("wide", "avif")

    def begin_version(self) -> int:
        """A number for new files that no other worker is given."""
        Image.objects.filter(pk=self.pk).update(last_version=F("last_version") + 1)
        return Image.objects.values_list("last_version", flat=True).get(pk=self.pk)

    def show_version(self, version: int, renditions: list[RenditionRow]) -> bool:
        """Show these files from now on, wherever it is used, and remove those shown so far.

        False where newer ones are shown already, or the picture is no more.
        """
        with transaction.atomic():
            current = self._locked()
            if current is None or current.version >= version:
                return False
            old = [current.file_name(row) for row in current.renditions]
            self.version, self.renditions = version, renditions
            self.save(update_fields=["version", "renditions"])
            self._draw_uses()
            transaction.on_commit(partial(media.remove, old), robust=True)
        return True

    # --- What is done to it -------------------------------------------------------------------

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def withdraw(self, *, by: User, reason: str) -> bool:
        """Take it from every use at once: its addresses answer 410, pieces stand without it."""
        with transaction.atomic():
            current = self._locked()
            if current is None or current.is_withdrawn:
                return False
            self.withdrawn_at, self.withdrawn_by = timezone.now(), by
            self.withdrawn_reason = reason
            self._record_withdrawal(ImageChange.Action.WITHDRAWN, by, reason)
        return True

    def bring_back(self, *, by: User, reason: str = "") -> bool:
        """Undo a withdrawal: it stands again wherever it is used."""
        with transaction.atomic():
            current = self._locked()
            if current is None or not current.is_withdrawn:
                return False
            self.withdrawn_at = self.withdrawn_by = None
            self.withdrawn_reason = ""
            self._record_withdrawal(ImageChange.Action.BROUGHT_BACK, by, reason)
        return True

    def move_focus(self, x: int, y: int, *, by: User) -> bool:
        """Keep this point, in per cent, in every crop. New crops are made by the worker."""
        from articles.tasks import make_renditions  # noqa: PLC0415 - tasks import the models

        with transaction.atomic():
            current = self._locked()
            if current is None or (current.focal_x, current.focal_y) == (x, y):
                return False
            self.focal_x, self.focal_y = x, y
            self.save(update_fields=["focal_x", "focal_y"])
            ImageChange.record(self, ImageChange.Action.FOCUSED, by, f"{x} %, {y} %")
            # The queue is in the database: the task is there when, and only when, this commits.
            make_renditions.enqueue(self.pk)
        return True

    def remove(self, *, by: User) -> None:
        """Delete it with its files. Raises ProtectedError where it is used."""
        files = [self.file_name(row) for row in self.renditions]
        with transaction.atomic():
            ImageChange.record(self, ImageChange.Action.DELETED, by)
            self.delete()
            transaction.on_commit(partial(media.remove, [*files, self.master_name]), robust=True)

    def _record_withdrawal(self, action: str, by: User, reason: str) -> None:
        from articles.models.article import Article  # noqa: PLC0415 - it imports this

        self.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        ImageChange.record(self, action, by, reason)
        self._draw_uses()
        ShareImage.objects.follow_lead(self)
        pieces = Article.objects.filter(image_uses__image=self).order_by("pk").distinct()
        SearchEntry.objects.follow_later(list(pieces.values_list("pk", flat=True)))
        websub.announce_pieces(pieces)

    def _locked(self) -> "Image | None":
        """The row as it is now, locked, after those that use it: always in this order, so that
        a piece that is saved meanwhile and this wait for each other, never both at once."""
        list(self._users())
        return Image.objects.select_for_update().filter(pk=self.pk).first()

    def _users(self) -> Iterator[Any]:
        """The pieces and pages in whose text it stands, locked."""
        from articles.models import Article, StandingPage  # noqa: PLC0415 - they import this

        own = self.uses.filter(place="body")
        for model, keys in (
            (Article, own.filter(page=None).values("article")),
            (StandingPage, own.filter(article=None).values("page")),
        ):
            users: models.QuerySet[Any] = model._default_manager.filter(pk__in=keys)
            yield from users.select_for_update().order_by("pk")

    def _draw_uses(self) -> None:
        from articles.drawn_html import made_of_body  # noqa: PLC0415 - draws pictures

        for user in self._users():
            drawn = made_of_body(type(user))["body_html"].made_for(user)
            type(user).objects.filter(pk=user.pk).update(body_html=drawn)
