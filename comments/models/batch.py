import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models, router, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.decision import MAX_NOTE, MAX_REASON, Status

if TYPE_CHECKING:
    from comments.models.comment import Comment
    from comments.models.comment_queryset import CommentQuerySet

MOST = 100_000  # replies that can be decided at once
SMALL = 1000  # replies that whoever confirms them can wait for
PATIENCE = timedelta(seconds=60)  # after which a batch of which nothing was heard is taken up again


def make_key() -> str:
    return secrets.token_hex(16)


class NothingToDecide(Exception):
    """None of the replies is there (any more)."""


class BatchQuerySet(models.QuerySet["Batch"]):
    def begin(
        self,
        replies: "CommentQuerySet",
        to: Status,
        *,
        by: User,
        seen: Mapping[int, str] | None = None,
        **fields: Any,
    ) -> "Batch":
        """Have all of `replies` decided, as long as they are as they are at this moment, or as they
        were `seen` (Comment.as_seen, by primary key). The worker does it, but for a small batch:
        that is for whoever begins it (batches.work_at_once()).

        `fields` are those of Batch that say what was chosen, and what is said with each decision.
        The same `key` again is the same batch. Raises NothingToDecide.
        """
        with transaction.atomic():
            if key := fields.get("key"):
                made = {"by": by, "to_status": to, **fields}
                batch, is_new = self.get_or_create(key=key, defaults=made)
                if not is_new:
                    return batch
            else:
                batch = self.create(by=by, to_status=to, **fields)
            if not batch.take_in(replies, seen):
                raise NothingToDecide
            if not batch.is_small:
                batch.call_worker()
        return batch

    def at_work(self) -> Self:
        """That the worker still has something to do for."""
        return self.filter(state__in=Batch.AT_WORK)

    def left_alone(self) -> Self:
        """At work, and nothing was heard of it for PATIENCE: its worker was killed, or is busy."""
        return self.at_work().filter(moved_at__lte=timezone.now() - PATIENCE)


class Batch(models.Model):
    """Many replies decided at once, in one way, by one moderator.

    What is to be decided is kept when it is confirmed (`BatchItem`): what comes in or changes
    later is not decided. The worker does it: see comments/batches.py. It can be stopped, and
    taken back as a whole, which leaves what somebody has decided since.
    """

    class State(models.TextChoices):
        """What the worker is doing with it, or how it ended."""

        DECIDING = "deciding", _("being decided")
        DONE = "done", _("decided")
        STOPPED = "stopped", _("stopped")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("taken back")

    class Chosen(models.TextChoices):
        """How the moderator said which replies are meant."""

        HAND = "hand", _("selected by hand")
        RANGE = "range", _("a range")
        ALL = "all", _("all that match a filter")

    AT_WORK = (State.DECIDING, State.UNDOING)

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    # Of the form that made it: sent twice, it is one batch.
    key = models.CharField(max_length=32, unique=True, default=make_key, editable=False)
    to_status = models.CharField(_("to"), max_length=10, choices=Status)
    # What its author is told of each, and what moderators are. Emptied when all are decided: from
    # then on it stands with the decisions alone, and goes with the reply.
    reason = models.CharField(_("reason"), max_length=MAX_REASON, blank=True)
    note = models.TextField(_("note"), max_length=MAX_NOTE, blank=True)
    canned = models.ForeignKey(
        "comments.CannedReason",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("ready reason"),
    )
    chosen = models.CharField(_("chosen"), max_length=5, choices=Chosen, default=Chosen.HAND)
    # The filter, as the queue's address says it, without words that were searched for.
    query = models.CharField(max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DECIDING)
    total = models.PositiveIntegerField(_("replies"), default=0)
    decided = models.PositiveIntegerField(_("decided"), default=0)
    skipped = models.PositiveIntegerField(_("left as they were"), default=0)
    # When the worker was last heard of.
    moved_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    undone = models.PositiveIntegerField(_("taken back"), default=0)
    # Decided on by somebody since, and so left.
    kept = models.PositiveIntegerField(_("decided anew since"), default=0)
    # The last of its decisions that was looked at for taking it back.
    undone_up_to = models.BigIntegerField(default=0)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of decisions")
        verbose_name_plural = _("batches of decisions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_by__isnull=False)
                | ~models.Q(state__in=["undoing", "undone"]),
                name="somebody_takes_a_batch_back",
            ),
        ]
        indexes = [
            # at_work()
            models.Index(
                fields=["moved_at"],
                condition=models.Q(state__in=["deciding", "undoing"]),
                name="batch_at_work",
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.pk}"

    @property
    def is_at_work(self) -> bool:
        return self.state in self.AT_WORK

    @property
    def is_small(self) -> bool:
        return self.total <= SMALL

    @property
    def is_undoing(self) -> bool:
        return self.state == self.State.UNDOING

    @property
    def may_be_undone(self) -> int:
        """How many of its decisions can be tried to take back, while nobody is at it."""
        return 0 if self.is_at_work else self.decided - self.undone - self.kept

    @property
    def to_do(self) -> int:
        """How many replies it goes over at the moment, or went over."""
        taken_back = self.state in (self.State.UNDOING, self.State.UNDONE)
        return self.decided if taken_back else self.total

    @property
    def gone_over(self) -> int:
        """How many of them it has gone over."""
        taken_back = self.state in (self.State.UNDOING, self.State.UNDONE)
        return self.undone + self.kept if taken_back else self.decided + self.skipped

    def take_in(self, replies: "CommentQuerySet", seen: Mapping[int, str] | None = None) -> int:
        """Keep which replies it is about, and how they are, or were seen; how many.

        In the transaction that makes it. Without `seen` by one statement, however many they are.
        """
        if seen is None:
            self._copy(replies.order_by("pk").values_list("pk", "status", "version")[:MOST])
        else:
            states = ((each.pk, seen[each.pk].split(".")) for each in replies.filter(pk__in=seen))
            BatchItem.objects.bulk_create(
                BatchItem(batch=self, comment_id=number, status=status, version=int(version))
                for number, (status, version) in states
            )
        self.total = self.items.count()
        self.save(update_fields=["total"])
        return self.total

    def _copy(self, rows: models.QuerySet["Comment", tuple[int, str, int]]) -> None:
        select, params = rows.query.get_compiler(router.db_for_write(BatchItem)).as_sql()
        quote = connection.ops.quote_name
        columns = ", ".join(map(quote, ["batch_id", "comment_id", "status", "version", "outcome"]))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quote(BatchItem._meta.db_table)} ({columns})"
                f" SELECT %s, picked.*, '' FROM ({select}) AS picked",
                [self.pk, *params],
            )

    def stop(self) -> bool:
        """Leave the rest as it is. False where the worker isn't at it (any more)."""
        with transaction.atomic():
            self._lock()
            if not self.is_at_work:
                return False
            self.end(self.State.STOPPED)
        return True

    def undo(self, *, by: User) -> bool:
        """Have it taken back as a whole, by whom begin() says. False where there is nothing to take
        back (any more)."""
        with transaction.atomic():
            self._lock()
            if not self.may_be_undone:
                return False
            self.state, self.undone_by = self.State.UNDOING, by
            self.moved_at, self.ended_at = timezone.now(), None
            self.save(update_fields=["state", "undone_by", "moved_at", "ended_at"])
            if not self.is_small:
                self.call_worker()
        return True

    def call_worker(self) -> None:
        """Called in the transaction that leaves it something to do."""
        from comments.tasks import work_on_batch  # noqa: PLC0415 - tasks use the models

        Batch.objects.filter(pk=self.pk).update(moved_at=timezone.now())
        work_on_batch.enqueue(self.pk)

    def move(self, *, ends: bool, **counts: int) -> None:
        """Note how far the worker has got, in the transaction that brought it there."""
        for name, number in counts.items():
            setattr(self, name, number)
        self.moved_at = timezone.now()
        self.save(update_fields=["moved_at", *counts])
        if ends:
            is_undone = self.state == self.State.UNDOING
            self.end(self.State.UNDONE if is_undone else self.State.DONE)

    def end(self, state: str) -> None:
        """What is said to each stands with its decision; here it isn't needed any more."""
        self.state, self.ended_at, self.reason, self.note = state, timezone.now(), "", ""
        self.save(update_fields=["state", "ended_at", "reason", "note"])

    def _lock(self) -> None:
        self.refresh_from_db(from_queryset=Batch.objects.select_for_update(of=("self",)))


class BatchItem(models.Model):
    """One reply of a batch, as it was when the batch was confirmed, until it is decided.

    What was left as it was stays, with why.
    """

    class Outcome(models.TextChoices):
        """Why a reply was left as it was."""

        DECIDED_MEANWHILE = "decided", _("somebody else has decided on it meanwhile")
        CHANGED_MEANWHILE = "changed", _("its text was changed meanwhile")
        ANOTHER_DECIDES = "another", _("another moderator decides on its second look")
        SO_ALREADY = "so", _("it was so already")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    comment = models.ForeignKey("comments.Comment", on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status)
    version = models.PositiveIntegerField()
    outcome = models.CharField(_("why"), max_length=8, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("reply of a batch")
        verbose_name_plural = _("replies of a batch")
        constraints = [
            models.UniqueConstraint(fields=["batch", "comment"], name="a_reply_is_in_a_batch_once")
        ]
        indexes = [
            # What is still to be decided.
            models.Index(
                fields=["batch", "comment"],
                condition=models.Q(outcome=""),
                name="batch_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"Reply {self.comment_id} of batch {self.batch_id}"
