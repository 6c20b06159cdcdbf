from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models.decision import Decision, Status

VERDICTS = (Status.APPROVED, Status.REJECTED, Status.SPAM)


class SecondReadingQuerySet(models.QuerySet["SecondReading"]):
    OPEN_FOR = timedelta(days=3)  # after it was drawn

    def open(self) -> Self:
        """Not read yet, while the reply says what it said, and is where it was put. Nobody may
        have asked about it since: then it is decided anew."""
        return self.filter(
            verdict="",
            drawn_at__gt=timezone.now() - self.OPEN_FOR,
            comment__status=models.F("decision__to_status"),
            comment__version=models.F("version"),
            comment__second_look=None,
            comment__reported_at=None,
        )

    def for_reader(self, user: User) -> Self:
        """The open ones that `user` may read: another moderator's, oldest first."""
        return self.open().exclude(decision__by=user).order_by("pk")

    def read(self) -> Self:
        return self.exclude(verdict="")


class SecondReading(models.Model):
    """A decided reply that another moderator reads as if nobody had decided on it, so that the
    newsroom sees how far its moderators agree. See comments/second_readings.py.

    What the second one says is kept here and changes nothing.
    """

    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, related_name="second_reading"
    )
    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="second_readings"
    )
    # Of the text that was decided on.
    version = models.PositiveIntegerField()
    drawn_at = models.DateTimeField(default=timezone.now)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict = models.CharField(max_length=10, choices=Status, blank=True)
    read_at = models.DateTimeField(null=True)

    objects = SecondReadingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("second reading")
        verbose_name_plural = gettext_lazy("second readings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict="", reader__isnull=True, read_at__isnull=True)
                | models.Q(verdict__in=VERDICTS, reader__isnull=False, read_at__isnull=False),
                name="a_second_reading_is_somebodys",
            )
        ]
        indexes = [
            # open()
            models.Index(
                fields=["drawn_at"], condition=models.Q(verdict=""), name="second_reading_open"
            ),
            # agreement()
            models.Index(fields=["read_at"], name="second_reading_read"),
        ]

    def __str__(self) -> str:
        return f"Second reading {self.pk}"

    @property
    def agrees(self) -> bool:
        return self.verdict == self.decision.to_status

    def told(self) -> str:
        """What the reader is told once they have given their verdict."""
        first = self.decision.by
        names = {
            "name": first.get_username() if first else "",
            "first": self.decision.get_to_status_display(),
            "second": self.get_verdict_display(),
        }
        if self.agrees:
            text = _(
                "This reply was shown to you a second time, as a test of how far moderators "
                "agree: %(name)s had decided the same (%(first)s)."
            )
        else:
            text = _(
                "This reply was shown to you a second time, as a test of how far moderators "
                "agree: %(name)s had decided otherwise (%(first)s, you: %(second)s). It stays as "
                "it was; if that is wrong, decide on it in the list of all replies."
            )
        return text % names
