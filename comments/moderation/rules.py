"""The rules, in reading order. A rule finds; the pipeline alone decides."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from articles.models import Replies
from comments.moderation.contact_rules import contact_details
from comments.moderation.findings import Finding, Severity, Submission
from comments.moderation.link_rules import blocked_domain, many_links, only_links
from comments.moderation.manner_rules import only_emoji, other_language, shouting
from comments.moderation.name_rules import reserved_name
from comments.moderation.repeats import nearly_same_words, same_words
from comments.moderation.word_rules import banned_words, watched_words

type Rule = Callable[[Submission], Finding | None]

FASTEST_READER = 2.0  # seconds from seeing the form to sending it
PAUSE = 10  # seconds that readers take from one reply to the next


def closed(submission: Submission) -> Finding | None:
    """What comes after replies were closed is not taken: it goes back with its text."""
    if submission.place.replies != Replies.CLOSED:
        return None
    return Finding("closed", Severity.REJECT, _("Replies were closed."))


def blocked_sender(submission: Submission) -> Finding | None:
    """Rejected at once where it is proved who it is. Else the reply is held for a while first, as
    any newcomer's is (see afterwards.reject_blocked()): nobody is to learn whether an address is
    blocked by typing it.
    """
    if not submission.sender.is_blocked:
        return None
    severity = Severity.REJECT if submission.sender.is_known else Severity.HOLD
    return Finding("blocked_sender", severity, _("This sender is blocked."))


def newcomer(submission: Submission) -> Finding | None:
    """The address alone makes nobody known: anybody can type it."""
    sender, first = submission.sender, submission.policy.hold_first
    if not first or _is_trusted(submission) or (sender.is_known and sender.approved >= first):
        return None
    if not sender.approved:
        reason = _("No reply of this sender was approved before.")
    elif sender.is_known:
        reason = _("Replies of this sender that were approved before: %(count)d.")
        reason %= {"count": sender.approved}
    else:
        reason = _("The sender's address is known, but nothing proves that it is the same person.")
    return Finding("newcomer", Severity.HOLD, reason)


def rejected_before(submission: Submission) -> Finding | None:
    count, most = submission.sender.rejected_recently, submission.policy.hold_after_rejections
    if not most or count < most or _is_trusted(submission):
        return None
    reason = _("Replies of this sender that were turned down in the last 30 days: %(count)d.")
    return Finding("rejected_before", Severity.HOLD, reason % {"count": count})


def pace_of_sender(submission: Submission) -> Finding | None:
    pace, most = submission.pace, submission.policy.sender_pace
    # Where the clock was set back, the last reply may lie far ahead.
    if pace.seconds_since_last is not None and abs(pace.seconds_since_last) < PAUSE:
        reason = _("The sender's last reply came in %(seconds)d seconds before.")
        reason %= {"seconds": abs(pace.seconds_since_last)}
        return Finding("pace_of_sender", Severity.HOLD, reason)
    if not most or pace.of_sender < most:
        return None
    reason = _("Replies of this sender in the ten minutes before: %(count)d.")
    return Finding("pace_of_sender", Severity.HOLD, reason % {"count": pace.of_sender})


def pace_of_network(submission: Submission) -> Finding | None:
    count, most = submission.pace.of_network, submission.policy.network_pace
    if not most or count < most:
        return None
    reason = _("Replies from the same network in the ten minutes before: %(count)d.")
    return Finding("pace_of_network", Severity.HOLD, reason % {"count": count})


def pace_under_article(submission: Submission) -> Finding | None:
    count, most = submission.pace.under_article, submission.policy.article_pace
    if not most or count < most:
        return None
    reason = _("Replies to this piece in the ten minutes before: %(count)d.")
    return Finding("pace_under_article", Severity.HOLD, reason % {"count": count})


def honeypot(submission: Submission) -> Finding | None:
    """Browsers' autofill fills such fields too, so this is no proof of a machine."""
    if not submission.trap:
        return None
    return Finding("honeypot", Severity.HOLD, _("A field that readers do not see was filled in."))


def answered_too_fast(submission: Submission) -> Finding | None:
    taken = submission.seconds_taken
    if taken is None:
        reason = _("The form came without its time stamp.")
        return Finding("answered_too_fast", Severity.HOLD, reason)
    if taken >= FASTEST_READER:
        return None
    reason = _("The form was answered after %(seconds).1f seconds.") % {"seconds": taken}
    return Finding("answered_too_fast", Severity.HOLD, reason)


def no_proof_of_work(submission: Submission) -> Finding | None:
    """Readers without scripts can't give one, so this is no proof of a machine."""
    if not submission.work_is_missing:
        return None
    return Finding("no_proof_of_work", Severity.HOLD, _("It came without a proof of work."))


def _is_trusted(submission: Submission) -> bool:
    return submission.sender.is_trusted and submission.sender.is_known


RULES: tuple[Rule, ...] = (
    closed,
    blocked_sender,
    newcomer,
    rejected_before,
    banned_words,
    watched_words,
    blocked_domain,
    many_links,
    only_links,
    same_words,
    nearly_same_words,
    contact_details,
    pace_of_sender,
    pace_of_network,
    pace_under_article,
    honeypot,
    answered_too_fast,
    no_proof_of_work,
    other_language,
    shouting,
    only_emoji,
    reserved_name,
)
