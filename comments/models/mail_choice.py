from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.mail import LEASE, make_key
from newsroom.models import SiteSettings
from newsroom.retrying import ATTEMPTS, later

TOGETHER = timedelta(minutes=5)  # mails at once are at least so far apart
# What came in the moment before may not be committed yet: it is told the next time.
SETTLES = timedelta(seconds=10)


class MailChoiceQuerySet(models.QuerySet["MailChoice"]):
    def of(self, user: User) -> "MailChoice":
        """What `user` has chosen; not saved where that is nothing yet."""
        return self.filter(user=user).first() or MailChoice(user=user)

    def due(self) -> Self:
        """Whose next mail is due, while they may decide on replies and have an address."""
        moderators = User.objects.with_perm(
            "comments.moderate_comment", backend="django.contrib.auth.backends.ModelBackend"
        )
        reached = moderators.filter(is_staff=True).exclude(email="")
        due = self.filter(due_at__lte=timezone.now(), user__in=reached)
        return due.select_related("user").order_by("due_at", "pk")


class MailChoice(models.Model):
    """What mail one moderator gets about replies that wait, and how far it has told.

    Its state is that of the next mail: `key` names it from the first attempt on, so that one which
    is sent twice after a crash has the same Message-ID.
    """

    class When(models.TextChoices):
        """How often a moderator is told."""

        NEVER = "never", _("No mail")
        AT_ONCE = "at_once", _("At once")
        HOURLY = "hourly", _("Once an hour")
        DAILY = "daily", _("Once a day")

    DEFAULT_HOUR = 8

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mail_choice",
        verbose_name=_("moderator"),
    )
    when = models.CharField(_("mail"), max_length=8, choices=When, default=When.NEVER)
    # Of When.DAILY: the hour of the site's clock.
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=DEFAULT_HOUR, validators=[MaxValueValidator(23)]
    )
    # What came in until then has been told.
    told_until = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    key = models.CharField(max_length=32, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    tried_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    # Why the last one was not sent: the class of the error.
    reason = models.CharField(max_length=60, blank=True, editable=False)

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail to a moderator")
        verbose_name_plural = _("mails to moderators")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(when="never", due_at__isnull=True)
                | ~models.Q(when="never") & models.Q(due_at__isnull=False),
                name="a_moderator_without_mail_waits_for_none",
            ),
            models.CheckConstraint(
                condition=models.Q(hour__lte=23), name="an_hour_of_mail_is_one_of_the_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"Mail to moderator {self.user_id}"

    @property
    def is_digest(self) -> bool:
        return self.when in (self.When.HOURLY, self.When.DAILY)

    def choose(self, when: str, *, hour: int) -> None:
        """From now on: what has come in before is told by digests alone."""
        now = timezone.now()
        self.when, self.hour, self.told_until = when, hour, now
        self.key, self.attempts, self.reason = "", 0, ""
        self.due_at = self._next(now)
        names = ("when", "hour", "told_until", "key", "attempts", "reason", "due_at")
        chosen = {name: getattr(self, name) for name in names}
        # Whoever sends it twice at once makes one row.
        self.pk = MailChoice.objects.update_or_create(user=self.user, defaults=chosen)[0].pk

    def begin(self) -> bool:
        """An attempt begins, unless another process was quicker. If nothing more is heard of it,
        another follows after LEASE."""
        now = timezone.now()
        with transaction.atomic():
            due = MailChoice.objects.select_for_update(skip_locked=True)
            if not due.filter(pk=self.pk, due_at=self.due_at, when=self.when).exists():
                return False
            self._set(
                key=self.key or make_key(),
                attempts=self.attempts + 1,
                tried_at=now,
                due_at=now + LEASE,
            )
        return True

    def mark_sent(self, *, until: datetime) -> None:
        now = timezone.now()
        self._close(self._next(now, after_mail=True), sent_at=now, told_until=until)

    def skip(self) -> None:
        """There was nothing to tell."""
        self._close(self._next(timezone.now()))

    def try_later(self, reason: str) -> None:
        """After 1, 2, 4 … 64 minutes; given up after ATTEMPTS."""
        if self.attempts >= ATTEMPTS:
            self.give_up(reason)
        else:
            self._set(due_at=later(self.attempts), reason=reason)

    def give_up(self, reason: str) -> None:
        """This mail is not sent any more: the next one tells what it would have told."""
        self._close(self._next(timezone.now(), after_mail=True), reason=reason)

    def _close(self, due_at: datetime | None, **fields: Any) -> None:
        self._set(**{"due_at": due_at, "key": "", "attempts": 0, "reason": ""} | fields)

    def _set(self, **fields: Any) -> None:
        """Unless the moderator has chosen something else meanwhile."""
        for name, value in fields.items():
            setattr(self, name, value)
        same = MailChoice.objects.filter(pk=self.pk, when=self.when, hour=self.hour)
        same.update(**fields)

    def _next(self, now: datetime, *, after_mail: bool = False) -> datetime | None:
        if self.when == self.When.NEVER:
            return None
        if self.when == self.When.AT_ONCE:
            return now + TOGETHER if after_mail else now
        there = now.astimezone(SiteSettings.objects.current().zone)
        if self.when == self.When.HOURLY:
            began = there.replace(minute=0, second=0, microsecond=0)
            return began.astimezone(UTC) + timedelta(hours=1)
        days = (there.date() + timedelta(days=ahead) for ahead in range(3))
        moments = (datetime.combine(day, time(self.hour), tzinfo=there.tzinfo) for day in days)
        return next(moment for moment in moments if moment > now)
