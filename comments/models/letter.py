from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models.mail import Mail

if TYPE_CHECKING:
    from comments.models.comment import Comment

MAX_LENGTH = 5_000
OPEN_FOR = timedelta(days=30)  # so long the reader may answer, and no other letter is written


class NotWritten(Exception):
    """The letter was not taken; the message tells its writer why."""


class LetterQuerySet(models.QuerySet["Letter"]):
    KEPT = timedelta(days=365)  # after it was written

    def due_for_erasure(self) -> "LetterQuerySet":
        return self.filter(written_at__lte=timezone.now() - self.KEPT)

    def open(self) -> "LetterQuerySet":
        """Those that wait for an answer. Nobody has read what could not be delivered."""
        given_up = Mail.objects.filter(letter=models.OuterRef("pk"), dropped_at__isnull=False)
        unanswered = self.filter(answered_at__isnull=True, written_at__gt=timezone.now() - OPEN_FOR)
        return unanswered.exclude(models.Exists(given_up))

    def write(self, comment: "Comment", *, by: User, text: str) -> "Letter":
        """Write to the author of a reply; the mail worker sends it. Raises NotWritten."""
        with transaction.atomic():
            now = type(comment).objects.select_for_update().get(pk=comment.pk)
            sender = now.commenter
            if sender is None:
                raise NotWritten(_("Nobody can be written to: this reply has no sender any more."))
            if not sender.takes_mail:
                raise NotWritten(_("This sender takes no mail."))
            if self.filter(comment=now).open().exists():
                raise NotWritten(_("An earlier letter about this reply still waits for an answer."))
            letter = self.create(comment=now, by=by, text=text)
            Mail.objects.send_letter(letter, to=sender)
        return letter


class Letter(models.Model):
    """What the newsroom wrote to the author of a reply, and the one answer that came back.

    Nobody who writes or reads it here sees the author's address.
    """

    comment = models.ForeignKey(
        "comments.Comment",
        on_delete=models.CASCADE,
        related_name="letters",
        verbose_name=_("reply"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    text = models.TextField(_("letter"))
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return _("Letter %(number)s") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.written_at > timezone.now() - OPEN_FOR

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.answered_at:
            return gettext("answered")
        mails = sorted(self.mails.all(), key=lambda mail: mail.pk)
        if mails and mails[-1].dropped_at:
            return gettext("could not be delivered")
        if mails and mails[-1].sent_at is None:
            return gettext("not sent yet")
        return gettext("sent") if self.is_open else gettext("sent, and not answered in time")

    def take_answer(self, text: str) -> bool:
        """Keep what the reader answers; False where that is not possible any more."""
        with transaction.atomic():
            now = Letter.objects.select_for_update().get(pk=self.pk)
            if not now.is_open:
                return False
            self.answer, self.answered_at = text, timezone.now()
            self.save(update_fields=["answer", "answered_at"])
        return True
