from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models.article import LANGUAGE_TAG
from newsroom.language import speaking

NO_KEY = 10  # the position of those that no digit chooses, after the others

# The words of those that come with the program, by their code, in the order of their keys.
SHIPPED: dict[str, Promise] = {
    "off_topic": _("It doesn't speak about the subject of the piece."),
    "insult": _("It attacks a person instead of what was said."),
    "contempt": _("It speaks with contempt of people for what they are."),
    "private": _("It holds details of somebody's private life."),
    "accusation": _("It accuses somebody without saying what that rests on."),
    "advertising": _("It advertises something."),
    "repeated": _("It repeats what has been said under this piece."),
    "copied": _("It copies at length what others have written."),
    "rules": _("It doesn't keep to the rules for replies."),
}


class CannedReasonQuerySet(models.QuerySet["CannedReason"]):
    def offered(self) -> Self:
        """What a moderator can choose from, in the order of the keys: two queries, with all
        words."""
        return self.filter(is_active=True).with_words()

    def with_words(self) -> Self:
        """All that words() asks for."""
        return self.prefetch_related("texts")

    def in_words(self, keys: Iterable[str], language: str) -> dict[str, str]:
        """The words of those of `keys` that are primary keys; the others are left out."""
        numbers = [int(key) for key in keys if key.isdigit()]
        reasons = self.with_words().in_bulk(numbers)
        return {str(number): reason.words(language) for number, reason in reasons.items()}


class CannedReason(models.Model):
    """A ready reason for turning a reply down. Its author reads it in the language of the piece.

    Those that come with the program have a `code`, and their words stand in its catalogues; the
    newsroom can add others, with a text for each language, and say some of the former in its own
    words. None can be deleted: decisions refer to them, and the public figures count by them.
    """

    code = models.CharField(max_length=20, blank=True, editable=False)
    # The digit that chooses it, or NO_KEY; see `key`.
    position = models.PositiveSmallIntegerField(_("key"), default=NO_KEY)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = CannedReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("ready reason")
        verbose_name_plural = _("ready reasons")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(position__range=(1, NO_KEY)), name="keys_of_reasons_are_digits"
            ),
            models.UniqueConstraint(
                fields=["position"],
                condition=models.Q(is_active=True, position__lt=NO_KEY),
                name="one_ready_reason_a_key",
                violation_error_message=_("Another reason has this key."),
            ),
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code=""), name="shipped_reasons_are_there_once"
            ),
        ]

    def __str__(self) -> str:
        return self.words(settings.LANGUAGE_CODE) or f"Reason {self.pk}"

    @property
    def key(self) -> str:
        """The digit from 1 to 9 that chooses it in the queue; empty where none does."""
        return str(self.position) if self.is_active and self.position < NO_KEY else ""

    def words(self, language: str) -> str:
        """What the author of a reply to a piece in `language` (BCP 47) reads.

        The newsroom's own text for it (`en-US` is served by one in `en`), else that of the program,
        else the text in the site's language, else any: empty only where there is none at all.
        Asks for nothing after offered() or with_words().
        """
        texts = {each.language.lower(): each.text for each in self.texts.all()}
        if found := _nearest(texts, language):
            return found
        if self.code in SHIPPED:
            with speaking(language):
                return str(SHIPPED[self.code])
        return _nearest(texts, settings.LANGUAGE_CODE) or next(iter(texts.values()), "")

    def offer(self, *, position: int = NO_KEY) -> None:
        """Let moderators choose it, with that key. The one that had it gets this one's own."""
        with transaction.atomic():
            offered = CannedReason.objects.select_for_update().filter(is_active=True)
            own = self.position if self.is_active and self.pk else NO_KEY
            other = offered.filter(position=position).exclude(pk=self.pk).first()
            if other and position < NO_KEY:
                # Two can't hold a key even for a moment.
                offered.filter(pk__in=[self.pk, other.pk]).update(position=NO_KEY)
                CannedReason.objects.filter(pk=other.pk).update(position=own)
            self.position, self.is_active = position, True
            self.save()

    def withdraw(self) -> None:
        """Offer it no more: what was decided with it stays as it is."""
        self.position, self.is_active = NO_KEY, False
        self.save()


class CannedReasonText(models.Model):
    """What a ready reason says in one language."""

    reason = models.ForeignKey(CannedReason, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=20, validators=[LANGUAGE_TAG])
    text = models.CharField(_("text"), max_length=500)

    class Meta:
        verbose_name = _("text of a ready reason")
        verbose_name_plural = _("texts of ready reasons")
        ordering = ["language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "language"],
                name="one_text_of_a_reason_a_language",
                violation_error_message=_("There is a text in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.text


def _nearest(texts: dict[str, str], language: str) -> str:
    """That in the language itself, else in it without its region, else of another region."""
    tag = language.lower()
    main = tag.partition("-")[0]
    regions = (text for each, text in texts.items() if each.partition("-")[0] == main)
    return texts.get(tag) or texts.get(main) or next(regions, "")
