"""How a moderator takes something out of a reply: a name, a number. Readers see that one did."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from comments import body_html
from comments.editing import draft_of
from comments.meanwhile import as_seen
from comments.models.decision import Decision, Kind
from comments.models.finding import Finding
from comments.models.former_text import FormerText
from comments.moderation.findings import Finding as RuleFinding
from comments.moderation.gather import submission_of_change
from comments.moderation.pipeline import judge
from comments.seen import changes_under

if TYPE_CHECKING:
    from comments.models.comment import Comment


class NotCorrected(Exception):
    """The text stays as it is; the message says why."""


def correct(comment: "Comment", text: str, *, by: User, seen: str) -> bool:
    """Give `comment` another text. False where it says so already.

    Its state stays: a person has read it. The rules say anew what they find in it. The former
    text is kept for moderators, with who changed it. `seen` is what the moderator's form carried
    (Comment.as_seen). Raises NotCorrected for a reply that is erased or a text that says nothing,
    DecidedMeanwhile and ChangedMeanwhile; ValueError for a text that is too long.
    """
    html = body_html.clean(text)
    if body_html.is_empty(html):
        raise NotCorrected(_("Nothing would be left of the reply: reject it instead."))
    findings = findings_in(comment, text, html)
    with transaction.atomic():
        now = as_seen(comment, seen)
        if now.is_erased:
            raise NotCorrected(_("The reply was erased."))
        if now.body == text:
            return False
        made = Decision.objects.record(
            now, by=by, from_status=now.status, to=now.status, kind=Kind.CORRECTED
        )
        with changes_under([now.article_id] if now.is_approved else []):
            rewrite(now, text, html, findings, decision=made)
            now.corrected_at = made.at
            now.save(update_fields=["corrected_at"])
    comment.refresh_from_db()
    return True


def findings_in(comment: "Comment", text: str, html: str) -> tuple[RuleFinding, ...]:
    """What the rules see in it with that text; they are asked of no reply of the newsroom."""
    if comment.commenter_id is None:
        return ()
    return judge(submission_of_change(comment, draft_of(comment, text), html)).findings


def rewrite(
    comment: "Comment",
    text: str,
    html: str,
    findings: tuple[RuleFinding, ...],
    *,
    decision: Decision,
) -> None:
    """Put the text in place of the one that is kept, with whoever made the decision.

    Runs in a transaction that holds the row of the reply.
    """
    found = "\n".join(finding.reason for finding in comment.findings.all())
    FormerText.objects.create(
        comment=comment, body=comment.body, found=found, by=decision.by, decision=decision
    )
    comment.findings.all().delete()
    Finding.objects.keep(comment, findings)
    comment.body, comment.body_html = text, html
    comment.text_digest = draft_of(comment, text).text_digest
    comment.version += 1
    comment.save(update_fields=["body", "body_html", "text_digest", "version"])
