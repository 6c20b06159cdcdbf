from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models.decision import Decision, Kind, Status
from comments.models.record import REFUSED
from newsroom.moments import moment_text

if TYPE_CHECKING:
    from comments.models.comment import Comment

ASKED = "asked_by_author"  # stands in the log for the author, as a rule does
MAX_WORDS = 1000  # characters in which an author says why
ACTIVE_FOR = timedelta(days=30)  # after their last decision moderators count as active
PATIENCE = timedelta(days=3)  # after which the only active moderator may decide again


class NotRefused(Exception):
    """There is nothing to look at again: the reply isn't refused (any more)."""


class ForAnotherModerator(Exception):
    """Who turned a reply down can't decide on it again. The message says who can, or when."""


@dataclass(frozen=True)
class Figures:
    """What became of the second looks that were asked for within a time.

    `erased`: the reply was erased before anybody had decided again.
    """

    asked: int
    upheld: int
    reversed: int
    by_same_moderator: int  # of those decided
    open: int
    erased: int


class SecondLookQuerySet(models.QuerySet["SecondLook"]):
    WORDS_KEPT = timedelta(days=60)  # after the decision

    def due_for_erasure(self) -> Self:
        """Whose words are no longer needed."""
        before = timezone.now() - self.WORDS_KEPT
        return self.filter(decided_at__lte=before).exclude(words="")

    def waiting(self) -> Self:
        """Asked for and not decided, oldest first."""
        refused = self.filter(decided_at__isnull=True, comment__status__in=REFUSED)
        return refused.order_by("asked_at", "pk")

    def ask(self, comment: "Comment", words: str) -> "SecondLook":
        """The one second look at `comment`, made with these words where it is the first question.

        Raises NotRefused.
        """
        with transaction.atomic():
            row = comment.__class__.objects.select_for_update().values_list("status", flat=True)
            status = row.get(pk=comment.pk)
            if asked := self.filter(comment=comment).first():
                return asked
            if status not in REFUSED:
                raise NotRefused
            refusals = Decision.objects.filter(comment=comment, to_status__in=REFUSED)
            refusal = refusals.select_related("by").order_by("-pk")[0]
            Decision.objects.record(
                comment, rule=ASKED, from_status=status, to=status, kind=Kind.SECOND_LOOK
            )
            return self.create(comment=comment, words=words, refused_by=refusal.by)

    def to_settle(self, comment: "Comment") -> "SecondLook | None":
        """The one that the next decision on `comment`, a refused reply, also settles."""
        waiting = self.filter(comment=comment, decided_at__isnull=True)
        return waiting.select_related("refused_by").first()

    def figures(self, since: datetime, until: datetime) -> Figures:
        """Of those asked for from `since` on and before `until`, what became of them by now."""
        outcome, undecided = SecondLook.Outcome, models.Q(decided_at__isnull=True)
        counts = self.filter(asked_at__gte=since, asked_at__lt=until).aggregate(
            asked=models.Count("pk"),
            upheld=models.Count("pk", filter=models.Q(outcome=outcome.UPHELD)),
            reversed=models.Count("pk", filter=models.Q(outcome=outcome.REVERSED)),
            by_same_moderator=models.Count("pk", filter=models.Q(by_same_moderator=True)),
            open=models.Count("pk", filter=undecided & ~models.Q(comment__status=Status.ERASED)),
            erased=models.Count("pk", filter=undecided & models.Q(comment__status=Status.ERASED)),
        )
        return Figures(**counts)


class SecondLook(models.Model):
    """An author's question, asked once, whether the refusal of a reply was right.

    Another moderator than the one who refused it decides, by deciding on the reply: to let it
    out or back into the queue reverses the refusal, to refuse it again upholds it. While nobody
    else is active, the same one may decide, PATIENCE after it was asked for; that is recorded.
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", gettext_lazy("upheld")
        REVERSED = "reversed", gettext_lazy("reversed")

    comment = models.OneToOneField(
        "comments.Comment", on_delete=models.CASCADE, related_name="second_look"
    )
    asked_at = models.DateTimeField(gettext_lazy("asked for"), default=timezone.now)
    # Of the author; goes when the reply is erased.
    words = models.TextField(gettext_lazy("the author's words"), blank=True, max_length=MAX_WORDS)
    # Null where a rule had done so.
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("refused by"),
    )
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("decided by"),
    )
    outcome = models.CharField(
        gettext_lazy("outcome"), max_length=8, choices=Outcome, blank=True, default=""
    )
    by_same_moderator = models.BooleanField(
        gettext_lazy("decided by whom had refused it"), default=False
    )

    objects = SecondLookQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("second look")
        verbose_name_plural = gettext_lazy("second looks")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | models.Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    outcome__in=["upheld", "reversed"],
                ),
                name="a_second_look_is_decided_by_somebody",
            )
        ]
        indexes = [
            # waiting()
            models.Index(
                fields=["asked_at"],
                condition=models.Q(decided_at__isnull=True),
                name="second_look_waiting",
            ),
            # figures()
            models.Index(fields=["asked_at", "outcome"], name="second_look_figures"),
        ]

    def __str__(self) -> str:
        return f"Second look {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None

    @property
    def is_upheld(self) -> bool:
        return self.outcome == self.Outcome.UPHELD

    def settle(self, *, by: User, upheld: bool) -> None:
        """Keep who decided, and how. Raises ForAnotherModerator; then nothing may be decided.

        Runs in the transaction of the decision on the reply, which holds its row.
        """
        if refusal := self.bar(by, {user.pk for user in active_moderators()}):
            raise ForAnotherModerator(refusal)
        self.decided_at = timezone.now()
        self.decided_by = by
        self.outcome = self.Outcome.UPHELD if upheld else self.Outcome.REVERSED
        self.by_same_moderator = by.pk == self.refused_by_id
        self.save(update_fields=["decided_at", "decided_by", "outcome", "by_same_moderator"])

    def reopen(self) -> None:
        """The decision on it is taken back: it is waited for again."""
        self.decided_at, self.decided_by, self.outcome = None, None, ""
        self.by_same_moderator = False
        self.save(update_fields=["decided_at", "decided_by", "outcome", "by_same_moderator"])

    def bar(self, by: User, active: Collection[int]) -> str:
        """Why `by` can't decide now, where `active` moderators are there; empty if they can."""
        if self.refused_by is None or by.pk != self.refused_by_id:
            return ""
        if set(active) - {by.pk}:
            return _(
                "You turned this reply down, and its author asked for a second look. "
                "Another moderator decides."
            )
        may_from = self.asked_at + PATIENCE
        if timezone.now() < may_from:
            return _(
                "You turned this reply down, and its author asked for a second look. No other "
                "moderator is active, so you may decide from %(moment)s on."
            ) % {"moment": moment_text(may_from)}
        return ""

    def who_decides(self, active: Collection[int]) -> str:
        """Who may decide, where `active` moderators are there, in words for the desk."""
        if self.refused_by is None:
            return _("Any moderator decides: a rule turned it down.")
        name = {"name": self.refused_by.get_username()}
        if set(active) - {self.refused_by_id}:
            return _("Another moderator than %(name)s decides.") % name
        told = name | {"moment": moment_text(self.asked_at + PATIENCE)}
        return (
            _(
                "Another moderator than %(name)s decides. None is active: from %(moment)s on, "
                "%(name)s may."
            )
            % told
        )


def active_moderators() -> models.QuerySet[User]:
    """Who may decide on replies, and has decided something within ACTIVE_FOR."""
    decided = Decision.objects.filter(by=models.OuterRef("pk"), at__gte=timezone.now() - ACTIVE_FOR)
    moderators = User.objects.with_perm(
        "comments.moderate_comment", backend="django.contrib.auth.backends.ModelBackend"
    )
    return moderators.filter(models.Exists(decided)).order_by("pk")
