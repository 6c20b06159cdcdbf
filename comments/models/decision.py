from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.moderation.rule_names import name_of
from newsroom.append_only import AppendOnly, AppendOnlyQuerySet
from newsroom.inserting import inserted

if TYPE_CHECKING:
    from comments.models.batch import Batch
    from comments.models.canned_reason import CannedReason
    from comments.models.comment import Comment

MAX_REASON, MAX_NOTE = 500, 1000  # characters of what is said with a decision


class Status(models.TextChoices):
    """Of a reply: Comment.Status."""

    HELD = "held", _("held")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    SPAM = "spam", _("spam")
    ERASED = "erased", _("erased")


class Kind(models.TextChoices):
    """What a decision was about, where it is not the state alone."""

    STATE = "state", _("state")
    FEATURED = "featured", _("picked")
    UNFEATURED = "unfeatured", _("picked no more")
    EDITED = "edited", _("changed by its author")
    SECOND_LOOK = "second_look", _("second look asked for")
    LOOKED_AGAIN = "looked_again", _("second look")
    CORRECTED = "corrected", _("changed by a moderator")
    NOTED = "noted", _("note")
    REPORTS = "reports", _("readers' reports")
    BLOCKED = "blocked", _("sender blocked")
    TRUSTED = "trusted", _("sender trusted")
    UNDONE = "undone", _("taken back")


class DecisionQuerySet(AppendOnlyQuerySet):
    def record(
        self,
        comment: "Comment",
        *,
        to: str,
        from_status: str = "",
        by: User | None = None,
        rule: str = "",
        reason: str = "",
        note: str = "",
        canned: "CannedReason | None" = None,
        kind: str = Kind.STATE,
        batch: "Batch | None" = None,
        undoes: "Decision | None" = None,
    ) -> "Decision":
        """Keep what was decided of `comment`, by a person or by a rule, in words of `reason`,
        which its author may read, and of `note`, for moderators alone.

        Runs in the transaction of the change itself.
        """
        made = inserted(
            Decision(
                comment=comment,
                by=by,
                rule=rule,
                from_status=from_status,
                to_status=to,
                canned=canned,
                kind=kind,
                batch=batch,
                undoes=undoes,
            )
        )
        if reason or note:
            made.given = inserted(DecisionReason(decision=made, text=reason, note=note))
        return made

    def with_reasons(self) -> Any:
        """And with what took each back."""
        return self.select_related("by", "given", "undone_by")


class Decision(AppendOnly):
    """What was decided of a reply: by whom (a person or a rule), from what to what, when.

    Why stands in a row beside it, which goes when the reply is erased: it may quote it.
    """

    comment = models.ForeignKey(
        "comments.Comment",
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("reply"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        verbose_name=_("by"),
        related_name="+",
        db_index=False,
    )
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    kind = models.CharField(_("about"), max_length=12, choices=Kind, default=Kind.STATE)
    from_status = models.CharField(_("from"), max_length=10, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=10, choices=Status)
    # Which of the ready reasons it was given, where it was one of them.
    canned = models.ForeignKey(
        "comments.CannedReason",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("ready reason"),
    )
    # That it was made with, where many were decided at once.
    batch = models.ForeignKey(
        "comments.Batch",
        null=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("batch"),
    )
    # The one that it takes back.
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by", editable=False
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = DecisionQuerySet.as_manager()  # type: ignore[misc]  # another manager, on purpose

    class Meta:
        base_manager_name = "objects"  # see AppendOnly
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=True) ^ models.Q(rule=""),
                name="a_person_or_a_rule_decided",
            )
        ]
        # The log, newest first (decision_log.py): all of it, or what one of its filters lets
        # through. Those of one person serve the foreign key, too.
        indexes = [
            models.Index(fields=["at", "id"], name="decision_at"),
            models.Index(fields=["by", "at", "id"], name="decision_by"),
            models.Index(
                fields=["rule", "at", "id"],
                condition=models.Q(by__isnull=True),
                name="decision_rule",
            ),
            models.Index(fields=["kind", "at", "id"], name="decision_kind"),
            models.Index(fields=["from_status", "at", "id"], name="decision_from"),
            models.Index(fields=["to_status", "at", "id"], name="decision_to"),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_status_display() or _('new')} → {self.get_to_status_display()}"

    @property
    def who(self) -> str:
        """The user name of a person, or the rule in words."""
        return self.by.get_username() if self.by else name_of(self.rule)

    @property
    def reason(self) -> str:
        """Why, in words; empty where none were given, or the reply was erased."""
        given: DecisionReason | None = getattr(self, "given", None)
        return given.text if given else ""

    @property
    def note(self) -> str:
        """What moderators tell each other of it; empty where nothing is left of it."""
        given: DecisionReason | None = getattr(self, "given", None)
        return given.note if given else ""


class DecisionReason(models.Model):
    """Why something was decided, in a moderator's words or a rule's."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="given")
    text = models.CharField(_("reason"), max_length=MAX_REASON, blank=True)
    # Readers see it nowhere.
    note = models.TextField(_("note"), max_length=MAX_NOTE, blank=True)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self) -> str:
        return self.text
