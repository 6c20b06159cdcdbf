"""What is decided by a rule after a reply came in, while it is held."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Replies
from comments.closing import place_of
from comments.models import Comment, Finding, Policy, Standing
from comments.models.decision import Kind
from comments.moderation import findings, rules, spam_service
from comments.moderation.findings import Severity
from newsroom.language import speaking_as_the_site

BLOCKED = rules.blocked_sender.__name__
NEWCOMER = rules.newcomer.__name__
SPAM_SERVICE = "spam_service"
# As long as a moderator may take, so that nobody learns by a reply whether an address is blocked.
BLOCKED_WAIT = timedelta(hours=1)


def reject_blocked() -> int:
    """Turn down what is held of senders who are blocked; how many."""
    standings = Standing.objects.in_force().filter(kind=Standing.Kind.BLOCKED)
    held = (
        Comment.objects.held()
        .filter(findings__rule=BLOCKED, submitted_at__lt=timezone.now() - BLOCKED_WAIT)
        .filter(commenter__fingerprint__in=standings.values("fingerprint"))
        # What somebody put back into the queue is theirs to decide.
        .exclude(decisions__by__isnull=False)
        .order_by("pk")
    )
    with speaking_as_the_site():
        reason = _("This sender is blocked.")
        return sum(each.turn_down(rule=BLOCKED, reason=reason) for each in held.distinct())


def ask_spam_service(number: int) -> None:
    """Ask what the service says of a held reply, and act on it by the site's rules.

    Raises spam_service.SpamServiceFailed; the reply stays held.
    """
    comment = Comment.objects.held().select_related("article__section").filter(pk=number).first()
    if comment is None:
        return
    is_spam = spam_service.is_spam(comment)
    with speaking_as_the_site(), transaction.atomic():
        now = Comment.objects.select_for_update().get(pk=comment.pk)
        if not now.is_held or now.version != comment.version:
            return  # decided on, or changed by its author, meanwhile
        if is_spam:
            _note_spam(comment)
        elif _may_let_out(comment):
            comment.let_out(rule=SPAM_SERVICE, reason=_("The spam service takes it for no spam."))


def _note_spam(comment: Comment) -> None:
    reason = _("The spam service takes it for spam.")
    if comment.findings.filter(rule=SPAM_SERVICE).exists():
        return
    found = findings.Finding(SPAM_SERVICE, Severity.HOLD, reason)
    Finding.objects.keep(comment, [found])
    is_decided_by_somebody = comment.decisions.filter(by__isnull=False).exists()
    marks = Policy.objects.current().spam_verdict == Policy.SpamVerdict.SPAM
    if marks and not is_decided_by_somebody:
        comment.turn_down(rule=SPAM_SERVICE, reason=reason, as_spam=True)


def _may_let_out(comment: Comment) -> bool:
    """Where nothing but being the sender's first holds it, and nobody has put it back."""
    policy = Policy.objects.current()
    if not policy.spam_service_lets_out:
        return False
    if place_of(comment.article, policy).replies != Replies.OPEN:
        return False
    holding = comment.findings.filter(severity__gte=Severity.HOLD)
    was_decided = comment.decisions.exclude(kind=Kind.STATE, from_status="").exists()
    return not was_decided and {each.rule for each in holding} <= {NEWCOMER}
