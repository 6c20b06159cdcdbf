"""What the rules are called on the desk, by the names that findings and the log have of them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What stands in the log of a reply that was decided on elsewhere, before it moved in.
MOVED_IN = "moved_in"

# In reading order, as rules.RULES.
OF_FINDINGS: dict[str, Promise] = {
    "closed": _("Replies are closed"),
    "blocked_sender": _("Blocked sender"),
    "newcomer": _("First replies of a sender"),
    "rejected_before": _("Turned down before"),
    "banned_words": _("Banned words"),
    "watched_words": _("Watched words"),
    "blocked_domain": _("Links to blocked sites"),
    "many_links": _("Many links"),
    "only_links": _("Little but links"),
    "same_words": _("The same words again"),
    "nearly_same_words": _("Nearly the same words again"),
    "contact_details": _("Contact details"),
    "pace_of_sender": _("Pace of the sender"),
    "pace_of_network": _("Pace of the network"),
    "pace_under_article": _("Pace under the piece"),
    "honeypot": _("Field that readers don't see"),
    "answered_too_fast": _("Answered too fast"),
    "no_proof_of_work": _("No proof of work"),
    "other_language": _("Another language"),
    "shouting": _("Mostly capitals"),
    "only_emoji": _("Little but emoji"),
    "reserved_name": _("Reserved name"),
    "spam_service": _("Spam service"),
}
# What decides besides, and finds nothing in a text.
OF_DECISIONS: dict[str, Promise] = {
    "every_reply": _("Every reply is read first"),
    "nothing_found": _("No rule objects"),
    "learned": _("Learned from decisions"),
    "reports": _("Readers' reports"),
    MOVED_IN: _("Moved in with a former site"),
    "retention": _("End of keeping"),
    "taken_back": _("Taken back by its author"),
    "erased_by_its_author": _("Erased by its author"),
    "asked_by_author": _("Second look asked for by its author"),
}


def name_of(rule: str) -> str:
    """In words; the name itself for a rule that is no more."""
    words = OF_FINDINGS.get(rule) or OF_DECISIONS.get(rule)
    return str(words) if words else rule
