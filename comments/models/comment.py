from collections.abc import Callable
from datetime import datetime
from typing import Any, Unpack

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.models.counted import CountedField
from comments import correcting, deciding, editing, identity, reporting
from comments.deciding import Said
from comments.models import decision
from comments.models.comment_queryset import CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.decision import Decision, DecisionReason, Kind
from comments.models.prediction import Likely, Prediction
from comments.models.record import REFUSED
from comments.models.report import Report
from comments.models.second_look import SecondLook
from comments.seen import changes_under, unseen


class Comment(models.Model):
    """A reply of a reader to a piece, or to another reply under the same piece.

    It comes in through `Comment.objects.submit()`. Its state changes through the verbs below
    alone. Each is safe to repeat, runs in one transaction, and leaves a Decision. What somebody
    of the newsroom writes has no sender, but `written_by` and a badge. An erased one is a
    tombstone that keeps its thread whole: it says nothing, and leads to nobody.
    """

    Status = decision.Status

    REFUSED = REFUSED

    class Badge(models.TextChoices):
        """Who speaks where it is somebody of the newsroom."""

        AUTHOR = "author", _("Author")
        NEWSROOM = "newsroom", _("Newsroom")

    # Four keys without an index of their own: those below begin with them. With both, SQLite takes
    # the wrong one for a piece with very many replies, and each reply is written to more of them.
    article = models.ForeignKey(
        Article,
        on_delete=models.PROTECT,
        verbose_name=_("piece"),
        related_name="comments",
        db_index=False,
    )
    commenter = models.ForeignKey(
        Commenter,
        null=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="comments",
        verbose_name=_("sender"),
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
        db_index=False,
    )
    badge = models.CharField(_("badge"), max_length=8, choices=Badge, blank=True)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replies", verbose_name=_("to")
    )
    # The first reply of the thread; null for that reply itself.
    thread = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="thread_replies",
        db_index=False,
    )
    # Of a thread's first reply: how many of the thread readers see, itself included.
    shown_in_thread = CountedField()
    name = models.CharField(_("name"), max_length=identity.MAX_NAME)
    website = models.CharField(_("website"), max_length=identity.MAX_WEBSITE, blank=True)
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.HELD)
    submitted_at = models.DateTimeField(_("came in"))
    approved_at = models.DateTimeField(_("last approved"), null=True, editable=False)
    edited_at = models.DateTimeField(_("changed"), null=True, editable=False)
    # Counts the changes of its author, so that nobody decides on a text they haven't read.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # When a moderator last took something out of it: readers see that one did.
    corrected_at = models.DateTimeField(_("changed by a moderator"), null=True, editable=False)
    # Since when readers' reports on it wait for a moderator.
    reported_at = models.DateTimeField(_("reported"), null=True, editable=False)
    # What a moderator will likely decide of it, and how sure that is: per cent, 0 for not known.
    likely = models.CharField(max_length=7, choices=Likely, blank=True, editable=False)
    sure = models.PositiveSmallIntegerField(default=0, editable=False)
    # An editors' pick since then.
    featured_at = models.DateTimeField(_("picked"), null=True, editable=False)
    # What makes a retried post the same reply; see comments/posting.py.
    post_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    text_digest = models.CharField(max_length=64, editable=False)
    # Its number on a site that moved in, where that is another: links from before name it.
    former_number = models.PositiveBigIntegerField(null=True, editable=False)
    # The keyed hash of the sender's network, for a time.
    network = models.CharField(max_length=64, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        permissions = [
            ("moderate_comment", "Can decide on replies"),
            ("answer_comment", "Can answer as the newsroom"),
            ("find_sender_comment", "Can find a sender by an address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, thread__isnull=True)
                | models.Q(parent__isnull=False, thread__isnull=False),
                name="an_answer_belongs_to_a_thread",
            ),
            models.CheckConstraint(
                condition=models.Q(status="erased", commenter__isnull=True)
                | ~models.Q(status="erased")
                & (models.Q(commenter__isnull=True) ^ models.Q(written_by__isnull=True)),
                name="a_reply_has_a_sender_until_it_is_erased",
            ),
        ]
        indexes = [
            # under(): the replies of a piece.
            models.Index(fields=["article", "status", "id"], name="comment_page"),
            # The threads of a piece that readers see.
            models.Index(
                fields=["article", "id"],
                condition=models.Q(thread__isnull=True, shown_in_thread__gt=0),
                name="comment_threads",
            ),
            # The replies of a thread that readers see.
            models.Index(fields=["thread", "status", "id"], name="comment_thread"),
            # What somebody of the newsroom wrote: whether they can be deleted.
            models.Index(
                fields=["written_by"],
                condition=models.Q(written_by__isnull=False),
                name="comment_by_newsroom",
            ),
            # Editors' picks of a piece.
            models.Index(
                fields=["article", "featured_at"],
                condition=models.Q(featured_at__isnull=False),
                name="comment_picks",
            ),
            # held(): the queue and the number waiting.
            models.Index(fields=["status", "submitted_at"], name="comment_queue"),
            # The most likely decision first, and how many are as sure as that.
            models.Index(fields=["status", "-sure", "-id", "likely"], name="comment_likely"),
            # reported()
            models.Index(
                fields=["reported_at"],
                condition=models.Q(reported_at__isnull=False),
                name="comment_reported",
            ),
            # What came in shortly before, on the whole site: the pace of networks and pieces.
            # With all that is counted, so that a thousand of them are read in the index alone.
            models.Index(
                fields=["submitted_at", "article", "network", "written_by"], name="comment_pace"
            ),
            # records(), and the last reply of a sender.
            models.Index(fields=["commenter", "status", "submitted_at"], name="comment_record"),
            # names_of()
            models.Index(fields=["commenter", "name"], name="comment_names"),
            # The same text again under a piece.
            models.Index(fields=["article", "text_digest"], name="comment_same_text"),
            # The same text again anywhere on the site.
            models.Index(fields=["text_digest", "submitted_at"], name="comment_text_anywhere"),
        ]

    def __str__(self) -> str:
        return _("Reply %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        """Its permanent link, which leads to wherever it stands: see places.address_of()."""
        return reverse("comments:permalink", args=[self.pk])

    @property
    def thread_key(self) -> int:
        """The primary key of its thread's first reply, which may be itself."""
        return self.thread_id or self.pk

    @property
    def is_held(self) -> bool:
        return self.status == self.Status.HELD

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED

    @property
    def is_erased(self) -> bool:
        return self.status == self.Status.ERASED

    @property
    def is_refused(self) -> bool:
        return self.status in REFUSED

    @property
    def is_featured(self) -> bool:
        return self.featured_at is not None

    @property
    def changeable_until(self) -> datetime | None:
        """Until when its author may change it or take it back; None where that is over."""
        return editing.changeable_until(self)

    @property
    def as_seen(self) -> str:
        """What its author's form carries, so that a change is made to what the author saw."""
        return f"{self.status}.{self.version}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            gone = Comment(
                article_id=self.article_id,
                submitted_at=self.submitted_at,
                thread_id=self.thread_id,
            )
            deleted = super().delete(*args, **kwargs)
            Comment.objects.recount([gone])
        return deleted

    # What each may be told, and raises: see deciding.Said and deciding.decide().

    def approve(self, *, by: User, **said: Unpack[Said]) -> bool:
        """Let readers see it."""
        return deciding.decide(self, self.Status.APPROVED, by=by, **said)

    def reject(self, *, by: User, **said: Unpack[Said]) -> bool:
        """Not to be shown, for what it says. Its author reads the reason."""
        return deciding.decide(self, self.Status.REJECTED, by=by, **said)

    def mark_spam(self, *, by: User, **said: Unpack[Said]) -> bool:
        """Not to be shown, for what it is."""
        return deciding.decide(self, self.Status.SPAM, by=by, **said)

    def restore(self, *, by: User, **said: Unpack[Said]) -> bool:
        """Undo whatever was decided: back to the queue."""
        return deciding.decide(self, self.Status.HELD, by=by, **said)

    def turn_down(self, *, rule: str, reason: str, as_spam: bool = False) -> bool:
        """What a rule decides of a held reply after it came in."""
        to = self.Status.SPAM if as_spam else self.Status.REJECTED
        return deciding.decide(self, to, rule=rule, reason=reason)

    def let_out(self, *, rule: str, reason: str) -> bool:
        """Let readers see it, as a rule decides of a held reply after it came in."""
        return deciding.decide(self, self.Status.APPROVED, rule=rule, reason=reason)

    def edit(self, text: str, *, seen: str) -> bool:
        """Let its author change what it says. False where it says so already. See editing.change().

        Raises editing.NotChanged: too late, decided on, or not what the author saw (`as_seen`).
        """
        return editing.change(self, text, seen=seen)

    def correct(self, text: str, *, by: User, seen: str) -> bool:
        """Take something out of what it says; readers see that a moderator did. False where it
        says so already. See correcting.correct(), also for what it raises."""
        return correcting.correct(self, text, by=by, seen=seen)

    def take_back(self) -> bool:
        """Let its author undo it: a tombstone. Raises editing.TooLate."""
        return editing.take_back(self)

    def ask_again(self, words: str = "") -> SecondLook:
        """Let its author ask for a second look at its refusal: one, however often they ask.

        Raises second_look.NotRefused.
        """
        return SecondLook.objects.ask(self, words)

    def report(
        self, *, reason: str, words: str = "", by: Commenter | None = None, network: str = ""
    ) -> Report:
        """Let a reader say that it should not stand there. See reporting.take()."""
        return reporting.take(self, reason=reason, words=words, by=by, network=network)

    def feature(self, *, by: User) -> bool:
        """An editors' pick: shown first. False for what readers don't see, or is one already."""
        return self._pick(Kind.FEATURED, by, lambda now: now.is_approved and not now.is_featured)

    def unfeature(self, *, by: User) -> bool:
        """No pick any more."""
        return self._pick(Kind.UNFEATURED, by, lambda now: now.is_featured)

    def erase(self, *, by: User | None = None, rule: str = "", only_refused: bool = False) -> bool:
        """Make it a tombstone, for good: nothing it said is left, nor anything of its sender.

        False where it is one already, or was let out meanwhile and `only_refused` are meant.

        The log keeps who or which rule did so, and that there were decisions, without their words.
        """
        with transaction.atomic():
            row = Comment.objects.filter(pk=self.pk).values("commenter")
            # The sender is locked first: so it is where a reply is taken in.
            sender = Commenter.objects.select_for_update(no_key=True).filter(pk__in=row).first()
            now = Comment.objects.select_for_update().values_list("status", flat=True)
            if only_refused and now.get(pk=self.pk) not in REFUSED:
                return False
            # Readers see that it goes. What it was is nothing to them by then.
            if not deciding.decide(self, self.Status.ERASED, by=by, rule=rule):
                return False
            self.commenter = None
            self.name = self.website = self.body = self.body_html = ""
            self.text_digest = self.network = ""
            self.post_key = self.edited_at = self.featured_at = None
            self.corrected_at = self.reported_at = None
            self.likely, self.sure = "", 0
            with unseen():
                self.save()
            for beside in (self.findings, self.former_texts, self.letters, self.mails):
                beside.all().delete()
            Prediction.objects.filter(comment=self).delete()
            SecondLook.objects.filter(comment=self).update(words="")
            self.reports.update(words="", network="", sender=None)
            DecisionReason.objects.filter(decision__comment=self).delete()
            if sender:
                sender.go_if_empty()
        return True

    def _pick(self, kind: Kind, by: User, where: Callable[["Comment"], bool]) -> bool:
        with transaction.atomic():
            now = Comment.objects.select_for_update().get(pk=self.pk)
            if not where(now):
                return False
            self.featured_at = timezone.now() if kind == Kind.FEATURED else None
            with changes_under([self.article_id]):
                self.save(update_fields=["featured_at"])
            Decision.objects.record(self, by=by, from_status=now.status, to=now.status, kind=kind)
        return True
