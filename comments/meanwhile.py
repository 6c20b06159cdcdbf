"""What others did with a reply since somebody has read it."""

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _

from comments.deciding import ChangedMeanwhile
from comments.models.decision import Decision, Status
from comments.moderation.rule_names import name_of
from newsroom.moments import moment_text

if TYPE_CHECKING:
    from comments.models.comment import Comment


class DecidedMeanwhile(Exception):
    """Somebody else has decided on the reply since it was read. The message says who, and what.

    `decision` is theirs.
    """

    def __init__(self, decision: Decision) -> None:
        super().__init__(in_words(decision))
        self.decision = decision


def as_seen(comment: "Comment", seen: str) -> "Comment":
    """The reply, locked, where it is still as it was seen (Comment.as_seen).

    Runs within a transaction. Raises DecidedMeanwhile where its state is another now, and
    ChangedMeanwhile where its text is; so it is for what can't have been seen at all.
    """
    now = type(comment).objects.select_for_update().get(pk=comment.pk)
    if now.as_seen == seen:
        return now
    if now.status != seen.partition(".")[0] and (last := last_of_state(now)):
        raise DecidedMeanwhile(last)
    raise ChangedMeanwhile


def last_of_state(comment: "Comment") -> Decision | None:
    """The decision by which the reply came into the state that it is in."""
    changes = comment.decisions.select_related("by").exclude(from_status=F("to_status"))
    return changes.order_by("-pk").first()


def in_words(decision: Decision) -> str:
    """Who decided what, and when; of a rule, by its name."""
    who = decision.by.get_username() if decision.by else name_of(decision.rule)
    told = {"who": who, "moment": moment_text(decision.at)}
    words = {
        Status.HELD: _("%(who)s put it back into the queue, %(moment)s."),
        Status.APPROVED: _("%(who)s approved it, %(moment)s."),
        Status.REJECTED: _("%(who)s rejected it, %(moment)s."),
        Status.SPAM: _("%(who)s marked it as spam, %(moment)s."),
        Status.ERASED: _("%(who)s erased it, %(moment)s."),
    }
    return words[Status(decision.to_status)] % told
