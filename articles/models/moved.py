"""What came from another site: which of its items became which of ours, and what was left out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.line_field import LineField


class OldSite(models.Model):
    """A site that moved in here, by the address it had: scheme, host and path, without a slash at
    the end."""

    address = models.CharField(_("address"), max_length=300, unique=True)
    name = LineField(_("name"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("former site")
        verbose_name_plural = _("former sites")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.name or self.address


class Kind(models.TextChoices):
    """The kinds of things that move in. The values stand in the database and in addresses."""

    AUTHOR = "author", _("authors")
    SECTION = "section", _("categories")
    TOPIC = "topic", _("tags")
    PIECE = "piece", _("posts")
    PAGE = "page", _("pages")
    PICTURE = "picture", _("pictures")
    RECORDING = "recording", _("recordings")
    REPLY = "reply", _("replies")
    NOTE = "note", _("editors' notes")
    OTHER = "other", _("other items")


class Outcome(models.TextChoices):
    BROUGHT = "brought", _("brought")
    UNCHANGED = "unchanged", _("there already")
    CHANGED = "changed", _("changed on the way")
    LEFT_OUT = "left_out", _("left out")


class Moved(models.Model):
    """An item of a former site and what it became here: a row per item, so that a second run finds
    it, and old addresses lead to it.

    `old_key` is what the former site knew it by: a number, the login of an author, the slug of a
    term. `target` is the primary key here, of the model that `kind` stands for; null where it was
    left out, or is a part of something else.
    """

    site = models.ForeignKey(OldSite, on_delete=models.CASCADE, related_name="moved")
    kind = models.CharField(max_length=9, choices=Kind)
    old_key = models.CharField(max_length=200)
    target = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the item as it was read.")

    class Meta:
        verbose_name = _("moved item")
        verbose_name_plural = _("moved items")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind", "old_key"], name="an_item_moves_in_once"
            )
        ]
        indexes = [
            # What something here was on its former site, for exports and old addresses.
            models.Index(
                fields=["kind", "target"], condition=Q(target__isnull=False), name="moved_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.old_key}"


class OldAddress(models.Model):
    """A path of a former site and what is found there now. `path` begins with a slash, is decoded,
    and ends without one; it has no query. What leads there by a rule (`?p=17`, feeds, pages of
    replies) has no row: see articles/old_site/."""

    path = models.CharField(_("path"), max_length=500, unique=True)
    kind = models.CharField(max_length=9, choices=Kind)
    target = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path


class MoveReport(models.Model):
    """One run of an import: what it found, brought, changed and left out."""

    site = models.ForeignKey(OldSite, null=True, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    files = models.JSONField(_("files"), default=list)
    counts = models.JSONField(default=dict)  # {Kind: {"found": n, Outcome: n, …}}
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("report of a move")
        verbose_name_plural = _("reports of moves")
        ordering = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.site} {self.began_at:%Y-%m-%d %H:%M}"


class MoveNote(models.Model):
    """An item that was changed on the way or left out, and why: a line of a report."""

    report = models.ForeignKey(MoveReport, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=9, choices=Kind)
    outcome = models.CharField(max_length=9, choices=Outcome)
    item = LineField(max_length=200)
    why = LineField(max_length=300)
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of a report")
        verbose_name_plural = _("lines of a report")
        ordering = ["pk"]
        indexes = [
            # A part of the report page.
            models.Index(fields=["report", "outcome", "kind", "id"], name="move_note_part"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.why}"
