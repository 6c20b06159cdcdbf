"""What an installation says about itself, edited in the admin."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom import images
from newsroom.line_field import LineField


def time_zones() -> list[tuple[str, str]]:
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def logo_name(site: "SiteSettings", filename: str) -> str:
    return images.unguessable_name(filename)


class SiteSettingsQuerySet(models.QuerySet["SiteSettings"]):
    def current(self) -> "SiteSettings":
        """The one row, or its defaults while nobody has saved any."""
        return self.first() or SiteSettings()


class SiteSettings(models.Model):
    """The one row of what the site is called and where it is at home."""

    class ReplyOrder(models.TextChoices):
        """Which threads of replies come first."""

        OLDEST = "oldest", _("oldest first")
        NEWEST = "newest", _("newest first")

    name = LineField(_("name"), max_length=80, default="Newsroom")
    tagline = LineField(_("tagline"), max_length=160, blank=True)
    logo = models.ImageField(
        _("logo"),
        upload_to=logo_name,
        blank=True,
        width_field="logo_width",
        height_field="logo_height",
        help_text=_("JPEG, PNG, WebP, AVIF or GIF. Shown 48 pixels high beside the name."),
    )
    logo_width = models.PositiveIntegerField(null=True, editable=False)
    logo_height = models.PositiveIntegerField(null=True, editable=False)
    publisher = LineField(
        _("publisher"), max_length=160, blank=True, help_text=_("The person or company liable.")
    )
    contact = LineField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("How readers reach the newsroom. Public: it stands at the foot of each page."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        help_text=_("Times on the site and in the admin are those of this place."),
    )
    reply_order = models.CharField(
        _("order of replies"),
        max_length=6,
        choices=ReplyOrder,
        default=ReplyOrder.OLDEST,
        help_text=_("Readers can choose the other order by a link above the replies."),
    )

    objects = SiteSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="one_row_of_site_settings",
                violation_error_message=_("There is one row of site settings."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        if self.time_zone not in zoneinfo.available_timezones():
            raise ValidationError({"time_zone": _("This time zone is not known.")})

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class MenuItem(models.Model):
    """A link of the menu, after the sections."""

    site = models.ForeignKey(SiteSettings, on_delete=models.CASCADE, related_name="menu")
    label = LineField(_("label"), max_length=40)
    address = models.CharField(
        _("address"),
        max_length=300,
        help_text=_("A path of this site (/about/) or a whole address (https://…)."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("menu item")
        verbose_name_plural = _("menu")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        is_path = self.address.startswith("/") and not self.address.startswith(("//", "/\\"))
        if not is_path and not self.address.startswith(("https://", "http://")):
            raise ValidationError({"address": _("Begin with / or https://.")})


class PeriodicJob(models.Model):
    """When a task that is enqueued again and again was, and is to be. See newsroom/periodic.py."""

    name = models.CharField(max_length=200, unique=True)  # the dotted path of the task
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    # The result of the last one: while that waits, no other is enqueued.
    task_id = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class CdnPurge(models.Model):
    """A tag whose pages a network of caches is to forget. See newsroom/cdn.py."""

    tag = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.tag


class SignOfLifeQuerySet(models.QuerySet["SignOfLife"]):
    def give(self, name: str, *, trouble: str = "") -> None:
        """Note that `name` works now, or what its `trouble` is."""
        self.update_or_create(name=name, defaults={"at": timezone.now(), "trouble": trouble})


class SignOfLife(models.Model):
    """When a worker last said that it works, for those who ask another process."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    trouble = models.CharField(max_length=200, blank=True)

    objects = SignOfLifeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
