"""The rules for replies as readers are told them, from the policy as it is.

They say what is looked at, and nothing of how: neither the words nor the numbers, which would help
those against whom the rules are made. See comments/explanations.py.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Replies
from comments.editing import EDIT_WINDOW
from comments.models import Policy
from comments.models.comment_queryset import CommentQuerySet
from comments.moderation import spam_service


def before_it_appears(policy: Policy) -> Iterator[str]:
    """What becomes of a reply when it comes in."""
    if policy.replies == Replies.CLOSED:
        yield _("Replies are closed at present.")
        return
    if policy.replies == Replies.HELD:
        yield _("A moderator reads every reply before it appears.")
    elif policy.hold_first:
        yield ngettext(
            "The first reply of a reader is read by a moderator before it appears. After that, "
            "what no rule below holds appears at once.",
            "The first %(count)d replies of a reader are read by a moderator before they appear. "
            "After that, what no rule below holds appears at once.",
            policy.hold_first,
        ) % {"count": policy.hold_first}
    else:
        yield _("What no rule below holds appears at once.")
    yield _("A piece or a section can have stricter rules than these, never looser ones.")
    if policy.close_after_days:
        yield ngettext(
            "Replies close %(count)d day after a piece was published.",
            "Replies close %(count)d days after a piece was published.",
            policy.close_after_days,
        ) % {"count": policy.close_after_days}


def holds(policy: Policy) -> Iterator[str]:
    """What makes a reply wait until a moderator has read it, whatever the rest says."""
    if policy.watched_words:
        yield _("some words")
    yield _("many links, and little but links")
    if policy.hold_contact_details:
        yield _("what looks like an email address or a telephone number")
    if policy.hold_other_language:
        yield _("another language than that of the piece")
    if policy.hold_shouting:
        yield _("texts in capitals, and little but emoji")
    yield _("the same words sent again and again")
    yield _("a name that looks like that of somebody of the newsroom")
    if policy.sender_pace or policy.network_pace or policy.article_pace:
        yield _("more replies at once than people write")
    if policy.hold_after_rejections:
        yield _("other replies of the same reader that were turned down shortly before")


def turns_down(policy: Policy) -> Iterator[str]:
    """What decides without a moderator, and what machines are met with."""
    if policy.banned_words or policy.blocked_domains:
        yield _(
            "A reply with a word that is not published here, or with a link to a site that we "
            "don't link to, is turned down at once. A moderator can bring it back."
        )
    else:
        yield _("No word and no link is turned down without a moderator.")
    if policy.proof_of_work != Policy.ProofOfWork.NEVER:
        yield _(
            "Now and then your browser is asked to solve a small sum before it sends a reply, "
            "so that machines have it harder. A reply without it waits for a moderator."
        )


def who_decides(policy: Policy) -> Iterator[str]:
    yield _(
        "Moderators of the newsroom decide. Every decision is on record: who or which rule made "
        "it, when and why. Nobody's email address is shown to them."
    )
    if spam_service.is_configured():
        yield _("A service for spam is asked about replies that wait.")
    if policy.learned_approves_from or policy.learned_rejects_from:
        yield _(
            "A program that has learned from the moderators' own decisions decides where it is "
            "sure enough. It runs on our own machines."
        )
    else:
        yield _("No program decides by what it has learned. It may only say what is likely.")
    if policy.hide_after_reports:
        yield _(
            "Everybody can report a reply. When several known readers do so, it is hidden until a "
            "moderator has looked at it."
        )
    else:
        yield _("Everybody can report a reply. A moderator looks at it.")
    if policy.shows_again:
        yield _(
            "A part of the decided replies is read by a second moderator, who doesn't know of the "
            "decision, so that we see how far we agree."
        )


def yours() -> Iterator[str]:
    """What the author of a reply can do."""
    minutes = int(EDIT_WINDOW.total_seconds() // 60)
    yield ngettext(
        "You can change your reply or take it back within %(count)d minute.",
        "You can change your reply or take it back within %(count)d minutes.",
        minutes,
    ) % {"count": minutes}
    yield _("Whoever was turned down reads why, and can ask once for a second look.")
    yield _("Another moderator than the one who turned it down takes that look.")
    days = CommentQuerySet.REFUSED_KEPT.days
    yield ngettext(
        "What was turned down is erased after %(count)d day.",
        "What was turned down is erased after %(count)d days.",
        days,
    ) % {"count": days}
