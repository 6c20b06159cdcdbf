from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Replies
from comments.models.policy_change import PolicyChange
from newsroom.page_store import remembered

MAX_LIST = 400_000  # characters of one list of words
CALM = timedelta(minutes=30)  # below the pace of an attack, after which it counts as over


class PolicyQuerySet(models.QuerySet["Policy"]):
    def current(self) -> "Policy":
        """The one row, or its defaults while nobody has saved any."""
        return self.first() or Policy()

    def in_force(self) -> "Policy":
        """The same without asking the database again. For reading alone: all share it."""
        return _in_force()

    def notice_attack(self, known: "Policy", *, came_in: int) -> None:
        """For the transaction of a post: `came_in` is how many came shortly before, and `known`
        what the rules were then.

        From the pace of an attack on, proofs of work are asked for until CALM after the last
        such post. That it began is recorded; it ends by the clock alone.
        """
        is_watched = known.proof_of_work == Policy.ProofOfWork.UNDER_ATTACK and known.attack_pace
        if not is_watched or came_in < known.attack_pace or known.has_just_noticed_attack:
            return
        self.get_or_create(pk=1)
        now, policy = timezone.now(), self.select_for_update().get(pk=1)
        if policy.has_just_noticed_attack:
            return
        if not policy.is_under_attack(now):
            PolicyChange.objects.create(
                rule="attack_pace", field="attack_until", after=(now + CALM).isoformat()
            )
        policy.attack_until = now + CALM
        policy.save(update_fields=["attack_until"])


class Policy(models.Model):
    """The one row of the site's rules for replies. A piece or a section may tighten them."""

    class ProofOfWork(models.TextChoices):
        """When a reader's browser is asked for a proof of work."""

        NEVER = "never", _("never")
        UNDER_ATTACK = "attack", _("while replies pour in")
        ALWAYS = "always", _("always")

    class SpamVerdict(models.TextChoices):
        """What becomes of a held reply that the spam service takes for spam."""

        HELD = "held", _("it stays held, with a note")
        SPAM = "spam", _("it is marked as spam")

    # --- Who may reply, and what appears at once ---
    replies = models.CharField(
        _("replies"),
        max_length=6,
        choices=Replies,
        default=Replies.HELD,
        help_text=_(
            "“Open”: what no rule below holds appears at once. “All held”: a moderator reads each "
            "reply before it appears. A section or a piece can be stricter, never wider."
        ),
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("close replies after"),
        default=0,
        validators=[MaxValueValidator(3650)],
        help_text=_("Days after a piece was published. 0: they stay open."),
    )
    hold_first = models.PositiveSmallIntegerField(
        _("first replies held"),
        default=1,
        validators=[MaxValueValidator(1000)],
        help_text=_(
            "A sender's replies are held until so many were approved. A sender is known by a sign "
            "kept in the browser they replied with, never by the address alone. 0: newcomers "
            "appear at once, too."
        ),
    )
    hold_after_rejections = models.PositiveSmallIntegerField(
        _("hold after rejections"),
        default=1,
        validators=[MaxValueValidator(1000)],
        help_text=_(
            "Hold the replies of a sender of whom so many were turned down in the last 30 days. "
            "0: never for that."
        ),
    )

    # --- What a reply says ---
    banned_words = models.TextField(
        _("banned words"),
        blank=True,
        max_length=MAX_LIST,
        help_text=_(
            "One word or phrase a line. A reply with one of them is rejected, and can be brought "
            "back from the queue. Capitals, accents, look-alike letters and dots between letters "
            "make no difference; * stands for any letters of a word."
        ),
    )
    watched_words = models.TextField(
        _("watched words"),
        blank=True,
        max_length=MAX_LIST,
        help_text=_("One word or phrase a line. A reply with one of them is held."),
    )
    blocked_domains = models.TextField(
        _("blocked domains"),
        blank=True,
        max_length=MAX_LIST,
        help_text=_(
            "One host a line, such as example.com; those below it are meant, too. A reply with a "
            "link to one of them is rejected."
        ),
    )
    reserved_names = models.TextField(
        _("reserved names"),
        blank=True,
        max_length=MAX_LIST,
        help_text=_(
            "One name a line. A reply under a name that looks like one of them is held, and so is "
            "one under the name of the site or of an author."
        ),
    )
    most_links = models.PositiveSmallIntegerField(
        _("links"),
        default=2,
        validators=[MaxValueValidator(100)],
        help_text=_("A reply with more links than that is held."),
    )
    hold_contact_details = models.BooleanField(
        _("hold email addresses and telephone numbers"), default=True
    )
    hold_other_language = models.BooleanField(
        _("hold what is written in another language than the piece"), default=True
    )
    hold_shouting = models.BooleanField(
        _("hold shouting, and what is only links or only emoji"), default=True
    )

    # --- How fast replies come ---
    sender_pace = models.PositiveSmallIntegerField(
        _("replies of one sender"),
        default=5,
        validators=[MaxValueValidator(10_000)],
        help_text=_("More in ten minutes are held. 0: any number."),
    )
    network_pace = models.PositiveSmallIntegerField(
        _("replies from one network"),
        default=20,
        validators=[MaxValueValidator(10_000)],
        help_text=_(
            "More in ten minutes are held. Carriers, schools and offices share a network. "
            "0: any number."
        ),
    )
    article_pace = models.PositiveSmallIntegerField(
        _("replies to one piece"),
        default=100,
        validators=[MaxValueValidator(10_000)],
        help_text=_("More in ten minutes are held. 0: any number."),
    )
    most_posts_a_minute = models.PositiveSmallIntegerField(
        _("refuse above"),
        default=60,
        validators=[MaxValueValidator(10_000)],
        help_text=_(
            "Posts a minute from one network, above which more are sent back with their text and "
            "asked to wait. 0: nothing is refused."
        ),
    )

    # --- Machines ---
    proof_of_work = models.CharField(
        _("proof of work"),
        max_length=6,
        choices=ProofOfWork,
        default=ProofOfWork.UNDER_ATTACK,
        help_text=_(
            "The reader's browser solves a small sum, unseen, before a reply is sent. Replies "
            "without it are held, none is refused."
        ),
    )
    attack_pace = models.PositiveSmallIntegerField(
        _("replies that pour in"),
        default=100,
        validators=[MaxValueValidator(10_000)],
        help_text=_(
            "So many on the whole site within ten minutes switch the proof of work on, until half "
            "an hour of calm. 0: never."
        ),
    )
    attack_until = models.DateTimeField(null=True, editable=False)
    spam_verdict = models.CharField(
        _("taken for spam by the service"),
        max_length=4,
        choices=SpamVerdict,
        default=SpamVerdict.HELD,
    )
    spam_service_lets_out = models.BooleanField(
        _("the service may let replies out"),
        default=False,
        help_text=_(
            "A reply that nothing but “first replies held” holds appears when the service takes "
            "it for no spam."
        ),
    )

    # --- Readers' reports ---
    hide_after_reports = models.PositiveSmallIntegerField(
        _("hide after reports"),
        default=3,
        validators=[MaxValueValidator(1000)],
        help_text=_(
            "Reports of so many known senders hide a reply until a moderator has looked at it. "
            "0: none is hidden."
        ),
    )

    # --- What was learned from the moderators' decisions ---
    learned_approves_from = models.PositiveSmallIntegerField(
        _("approve when as sure as"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("Per cent, from which what was learned lets a held reply out. 0: never."),
    )
    learned_rejects_from = models.PositiveSmallIntegerField(
        _("turn down when as sure as"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("Per cent, from which what was learned turns a held reply down. 0: never."),
    )

    # --- How the moderators decide ---
    shows_again = models.BooleanField(
        _("show some decided replies again"),
        default=False,
        help_text=_(
            "Two of a hundred decided replies come to another moderator as if they were new, so "
            "that you see how far moderators agree. It needs two of them."
        ),
    )
    # How long held replies waited lately, at the median: told beside the form. Written by a job.
    usual_wait = models.DurationField(null=True, editable=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules for replies")
        verbose_name_plural = _("rules for replies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="one_row_of_policy",
                violation_error_message=_("There is one row of rules for replies."),
            )
        ]

    def __str__(self) -> str:
        return str(_("Rules for replies"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    def is_under_attack(self, now: datetime | None = None) -> bool:
        return self.attack_until is not None and (now or timezone.now()) < self.attack_until

    @property
    def has_just_noticed_attack(self) -> bool:
        """Less than a minute ago: posts would wait for one another's if each wrote it down."""
        margin = CALM - timedelta(minutes=1)
        return self.attack_until is not None and self.attack_until > timezone.now() + margin

    def asks_for_work(self, now: datetime | None = None) -> bool:
        """Whether a reply must come with a proof of work, not to be held."""
        if self.proof_of_work == self.ProofOfWork.UNDER_ATTACK:
            return self.is_under_attack(now)
        return self.proof_of_work == self.ProofOfWork.ALWAYS

    def adopt(self, *, by: User) -> int:
        """Let these rules be the site's. Records what differs from those before; says how much."""
        with transaction.atomic():
            before = Policy.objects.select_for_update().first() or Policy()
            changes = PolicyChange.objects.between(before, self, by=by)
            self.attack_until, self.usual_wait = before.attack_until, before.usual_wait
            if changes:
                self.save()
                PolicyChange.objects.bulk_create(changes)
        return len(changes)


@remembered
def _in_force() -> Policy:
    return Policy.objects.current()
