from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.moments import moment_text

if TYPE_CHECKING:
    from articles.models.article import Article

MAX_CHARACTERS = 400_000  # of all fields: several times what a piece may hold
MAX_FIELDS = 500

REPORTS_WITHIN = timedelta(minutes=2)
OPEN_WITHOUT_SCRIPT = timedelta(minutes=30)
TYPED_KEPT = timedelta(days=30)
EMPTY_KEPT = timedelta(days=2)

type Fields = dict[str, list[str]]


def fields_of(posted: Iterable[tuple[str, list[str]]]) -> Fields:
    """What a sent form says of the piece: without its token, its buttons and its window.

    Raises ValidationError for more than a working copy may hold.
    """
    fields = {
        name.replace("\0", ""): [value.replace("\0", "") for value in values]
        for name, values in posted
        if not name.startswith("_") and name not in {"csrfmiddlewaretoken", "window"}
    }
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if size > MAX_CHARACTERS or sum(map(len, fields.values())) > MAX_FIELDS:
        raise ValidationError(_("This is more than can be kept: %d characters.") % size)
    return fields


def as_window(text: str) -> str:
    """The key of a window as somebody sent it; empty, which no window has, for what can be none."""
    return text if text.isascii() and text.isalnum() else ""


class WorkingCopyQuerySet(models.QuerySet["WorkingCopy"]):
    def open(self) -> Self:
        """Windows in which somebody is likely to write now.

        Those with a script tell every few seconds that they are there, and that they go. Of
        those without, only the opening and a refused saving are known.
        """
        now = timezone.now()
        return self.filter(
            Q(reports=True, seen_at__gt=now - REPORTS_WITHIN)
            | Q(reports=False, seen_at__gt=now - OPEN_WITHOUT_SCRIPT),
            left_at=None,
        )

    def unsaved(self) -> Self:
        """Those that hold what somebody typed and did not save, the newest first."""
        return self.filter(typed_at__isnull=False).order_by("-typed_at", "-pk")

    def due(self) -> Self:
        """Those that have been kept long enough."""
        now = timezone.now()
        return self.filter(
            Q(seen_at__lte=now - TYPED_KEPT)
            | Q(seen_at__lte=now - EMPTY_KEPT, typed_at__isnull=True)
        )

    def begin(
        self, article: "Article | None", *, by: User, instead_of: "WorkingCopy | None" = None
    ) -> "WorkingCopy":
        """A window was opened, to go on with the copy `instead_of` where one is given."""
        self.due().delete()
        return self.create(
            article=article,
            by=by,
            based_on=article.version if article else 0,
            instead_of=instead_of.window if instead_of else "",
        )

    def forget(self, window: str, *, by: User) -> None:
        """What was typed in this window is saved: it is needed no more, nor what it went on with.

        Called in the transaction that saves.
        """
        copy = self.select_for_update().filter(window=as_window(window), by=by).first()
        if copy:
            copy.replace_earlier()
            copy.delete()


def new_window() -> str:
    return uuid4().hex


class WorkingCopy(models.Model):
    """A form in which somebody writes a piece: one row for each open window.

    It tells others who is at work, and keeps what was typed and not saved yet. `article` is
    empty for a piece that was never saved, `based_on` the version of the piece that the form
    showed. `fields` are those of the form as they were typed, uncleaned, by name; empty, with
    no `typed_at`, until something was typed.
    """

    window = models.CharField(max_length=32, unique=True, default=new_window)
    article = models.ForeignKey(
        "articles.Article", null=True, on_delete=models.CASCADE, related_name="working_copies"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("by")
    )
    based_on = models.PositiveIntegerField(default=0)
    instead_of = models.CharField(
        max_length=32, blank=True, default="", help_text="The window whose text was taken up."
    )
    fields = models.JSONField(default=dict)
    step = models.PositiveIntegerField(
        default=0, help_text="Counts the changes, so that an older state replaces no newer one."
    )
    reports = models.BooleanField(default=False, help_text="Its script tells that it is open.")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    typed_at = models.DateTimeField(_("last typed"), null=True)
    left_at = models.DateTimeField(_("left"), null=True)

    objects = WorkingCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        ordering = ["-seen_at", "-pk"]
        # due(), which every opening of a form asks.
        indexes = [models.Index(fields=["seen_at"], name="working_copy_seen")]

    def __str__(self) -> str:
        return f"{self.by}, {moment_text(self.opened_at)}"

    @property
    def is_open(self) -> bool:
        """The same question as `open()`."""
        within = REPORTS_WITHIN if self.reports else OPEN_WITHOUT_SCRIPT
        return self.left_at is None and self.seen_at > timezone.now() - within

    @property
    def is_unsaved(self) -> bool:
        return self.typed_at is not None

    @property
    def headline(self) -> str:
        """As it was typed; that of the piece, or nothing, where none was."""
        typed: str = next(iter(self.fields.get("headline", [])), "").strip()
        return typed or (self.article.headline if self.article else "")

    @property
    def address(self) -> str:
        """The form, filled in with what was typed."""
        if self.article_id is None:
            form = reverse("admin:articles_article_add")
        else:
            form = reverse("admin:articles_article_change", args=[self.article_id])
        return f"{form}?copy={self.window}"

    def as_posted(self) -> QueryDict:
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        return data

    def keep(self, fields: Fields, *, step: int | None = None) -> bool:
        """Keep what stands in the form, or with no `fields` that nothing unsaved does.

        False where a later `step` is kept already. Without one it is the next.
        """
        with transaction.atomic():
            current = WorkingCopy.objects.select_for_update().get(pk=self.pk)
            if step is not None and step <= current.step:
                return False
            self.step = current.step + 1 if step is None else step
            self.fields = fields
            self.typed_at = timezone.now() if fields else None
            opened = next(iter(fields.get("opened", [])), "")
            if opened.isascii() and opened.isdigit() and len(opened) < 9:
                self.based_on = int(opened)
            self.save(update_fields=["step", "fields", "typed_at", "based_on"])
            if fields:
                self.replace_earlier()
        return True

    def see(self, *, reports: bool) -> None:
        """It is open still, or again."""
        self.seen_at, self.left_at = timezone.now(), None
        self.reports = self.reports or reports
        self.save(update_fields=["seen_at", "left_at", "reports"])

    def leave(self) -> None:
        """Its window was closed. What was typed stays."""
        self.left_at = timezone.now()
        self.save(update_fields=["left_at"])

    def replace_earlier(self) -> None:
        """The copy that this one went on with is in it now, unless somebody typed on there."""
        if self.instead_of:
            WorkingCopy.objects.filter(
                window=self.instead_of, by=self.by, typed_at__lte=self.opened_at
            ).update(fields={}, typed_at=None)
