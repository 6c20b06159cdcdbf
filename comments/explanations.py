"""What authors are told of why their replies are held or were not published.

In words for them, and in the language of their piece. They say nothing of an address, of other
replies of the same sender, or of how a rule works: that would help those it is made for.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from comments.models.decision import Decision, Kind, Status
from comments.moderation.findings import Severity

if TYPE_CHECKING:
    from comments.models.comment import Comment

# By the names of rules. What is not here is held, or turned down, in the words below.
HELD: dict[str, Promise] = {
    "newcomer": gettext_lazy("First replies are read before they appear."),
    "watched_words": gettext_lazy("It holds a word that a moderator looks at first."),
    "many_links": gettext_lazy("It holds several links."),
    "only_links": gettext_lazy("It holds little but links."),
    "same_words": gettext_lazy("Much the same words were sent here before."),
    "nearly_same_words": gettext_lazy("Much the same words were sent here before."),
    "contact_details": gettext_lazy(
        "It seems to hold an email address or a telephone number, which would be public."
    ),
    "pace_of_network": gettext_lazy("Many replies are coming in just now."),
    "pace_under_article": gettext_lazy("Many replies are coming in just now."),
    "no_proof_of_work": gettext_lazy("Many replies are coming in just now."),
    "other_language": gettext_lazy("It seems to be in another language than the piece."),
    "shouting": gettext_lazy("It is written mostly in capitals."),
    "only_emoji": gettext_lazy("It holds little but emoji."),
    "reserved_name": gettext_lazy(
        "Its name looks like that of somebody of the newsroom, so a moderator looks at it first."
    ),
}
# Of these an author is told no more than NO_WORD. What some find is about the sender: whoever types
# somebody else's address must not learn what came from it, so that nothing else is told where
# every reply is held. The others are about machines, or turn a reply down.
UNTOLD = frozenset(
    {"blocked_sender", "rejected_before", "pace_of_sender"}
    | {"honeypot", "answered_too_fast", "closed"}
    | {"banned_words", "blocked_domain"}
)
NO_WORD = gettext_lazy("A moderator reads it before it appears.")

REFUSED: dict[str, Promise] = {
    "banned_words": gettext_lazy("It holds a word that is not published here."),
    "blocked_domain": gettext_lazy("It links to a site that is not linked to here."),
    "closed": gettext_lazy("Replies were closed."),
    "learned": gettext_lazy(
        "It is much like replies that were not published here. You can ask for a second look."
    ),
}

REPORTS = "reports"  # stands in the log for the readers whose reports hid a reply
TAKEN_BACK = "taken_back"  # stands in the log for the author, as a rule does
MOST = 3  # explanations of one reply


@dataclass(frozen=True)
class Explanation:
    """Why a reply is where it is, for its author."""

    why: tuple[str, ...] = ()  # it is held: short sentences, at least one
    reason: str = ""  # it was rejected: the moderator's words, or what a rule saw
    by_moderator: bool = False
    is_taken_back: bool = False


def explain(comment: "Comment") -> Explanation:
    """Spam is given no reason, and neither are a reply that is published or erased."""
    about_state = (Kind.STATE, Kind.EDITED, Kind.LOOKED_AGAIN)
    stands = comment.decisions.filter(kind__in=about_state, undone_by__isnull=True)
    decisions = list(stands.select_related("given"))
    if not decisions:
        return Explanation(why=(str(NO_WORD),))
    latest = decisions[0]
    return Explanation(
        why=_why_held(comment, latest) if comment.is_held else (),
        reason=_reason(decisions) if comment.status == comment.Status.REJECTED else "",
        by_moderator=latest.by_id is not None,
        is_taken_back=comment.is_erased and latest.rule == TAKEN_BACK,
    )


def _why_held(comment: "Comment", latest: Decision) -> tuple[str, ...]:
    if latest.by_id:
        return (gettext("A moderator looks at it again."),)
    if latest.rule == REPORTS:
        return (gettext("Readers have reported it, so a moderator looks at it."),)
    found = [each.rule for each in comment.findings.all() if each.severity >= Severity.HOLD]
    said = [str(HELD[rule]) for rule in found or [latest.rule] if rule in HELD]
    return tuple(dict.fromkeys(said))[:MOST] or (str(NO_WORD),)


def _reason(decisions: list[Decision]) -> str:
    """That of the last decision, or, where this only upheld another, of the last that gave one."""
    for each in decisions:
        if each.to_status != Status.REJECTED:
            break
        if not each.by_id:
            return str(REFUSED.get(each.rule, ""))
        if each.reason:
            return each.reason
        if each.kind != Kind.LOOKED_AGAIN:
            break
    return ""
