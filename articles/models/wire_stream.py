from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.section import Section
from articles.models.source import Source
from articles.models.topic import Topic
from newsroom.line_field import LineField


class WireStreamQuerySet(models.QuerySet["WireStream"]):
    def due(self) -> Self:
        """Those that the worker looks at now."""
        is_due = Q(next_look_at=None) | Q(next_look_at__lte=timezone.now())
        return self.filter(is_due, is_active=True).exclude(kind=WireStream.Kind.BY_HAND)


class WireStream(models.Model):
    """Where wires come from: a directory that is watched, a feed that is polled, or files brought
    by hand; and what becomes of them: their source, section, and whether they are let out at once.
    """

    class Kind(models.TextChoices):
        DIRECTORY = "directory", _("watched directory")
        FEED = "feed", _("feed on the web")
        BY_HAND = "by_hand", _("brought by hand")

    class AutoPublish(models.TextChoices):
        NEVER = "", _("never: each is taken by hand")
        TOPICS = "topics", _("those with one of these topics")
        ALL = "all", _("all that are usable")

    name = LineField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    location = models.CharField(
        _("directory or address"),
        max_length=500,
        blank=True,
        help_text=_("A directory on the worker's machine, or the address of a feed."),
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="streams", verbose_name=_("source")
    )
    section = models.ForeignKey(
        Section,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("section"),
        help_text=_("Where what is taken stands first."),
    )
    auto_publish = models.CharField(
        _("publish without a person"),
        max_length=6,
        choices=AutoPublish,
        default=AutoPublish.NEVER,
        blank=True,
    )
    auto_topics = models.ManyToManyField(
        Topic, blank=True, related_name="+", verbose_name=_("topics that are published at once")
    )
    set_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("set up by"),
        help_text=_("What happens without a person is recorded as theirs."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    # What the last look left: for conditional requests, and for the desk.
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    looked_at = models.DateTimeField(_("last looked at"), null=True, editable=False)
    next_look_at = models.DateTimeField(null=True, editable=False)
    failure = LineField(_("what went wrong"), max_length=300, blank=True, editable=False)
    failures = models.PositiveIntegerField(
        default=0, editable=False, help_text="Looks in a row that went wrong."
    )
    created_at = models.DateTimeField(_("set up"), auto_now_add=True)

    objects = WireStreamQuerySet.as_manager()

    class Meta:
        verbose_name = _("wire")
        verbose_name_plural = _("wires")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kind != self.Kind.BY_HAND and not self.location:
            raise ValidationError({"location": _("A directory or an address is missing.")})
        is_address = self.location.startswith(("http://", "https://"))
        if self.kind == self.Kind.FEED and not is_address:
            raise ValidationError({"location": _("This is no address on the web.")})
        if self.kind == self.Kind.DIRECTORY and not self.location.startswith("/"):
            raise ValidationError({"location": _("Write the directory from the root on: /…")})
