"""How an author changes a reply, or takes it back, shortly after it came in."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import body_html
from comments.deciding import decide
from comments.explanations import TAKEN_BACK
from comments.models.commenter import Commenter
from comments.models.decision import Decision, Kind, Status
from comments.models.finding import Finding
from comments.models.former_text import FormerText
from comments.models.mail import Mail
from comments.moderation import spam_service
from comments.moderation.gather import submission_of_change
from comments.moderation.pipeline import Verdict, judge
from comments.posting import Draft, Refused
from comments.seen import changes_under

if TYPE_CHECKING:
    from comments.models.comment import Comment

EDIT_WINDOW = timedelta(minutes=5)
MOST_CHANGES = 20  # of one reply: each former text is kept
CHANGEABLE = (Status.HELD, Status.APPROVED)
STRICTER = (Status.APPROVED, Status.HELD, Status.REJECTED)  # from left to right


class NotChanged(Refused):
    """The reply stays as it is; the message tells its author why."""


class TooManyChanges(NotChanged):
    """It was changed MOST_CHANGES times."""

    def __init__(self) -> None:
        super().__init__(_("Your reply was changed too often. It stays as it is."))


class TooLate(NotChanged):
    """EDIT_WINDOW is over, or the reply was refused or erased."""

    def __init__(self) -> None:
        super().__init__(_("Your reply can't be changed any more."))


class DecidedMeanwhile(NotChanged):
    """A moderator has decided on it since its author opened the form."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A moderator has decided on your reply meanwhile, so nothing was changed. "
                "You can send your change again."
            )
        )


class OtherTextMeanwhile(NotChanged):
    """It was changed in another window since its author opened this form."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your reply was changed in another window meanwhile. What you wrote here is below, "
                "and takes its place when you send it again."
            )
        )


class CorrectedMeanwhile(NotChanged):
    """A moderator took something out of it, which its author must not bring back unread."""

    def __init__(self) -> None:
        super().__init__(_("A moderator has changed your reply, so you can't change it any more."))


def changeable_until(comment: "Comment") -> datetime | None:
    """Until when the author of `comment` may change it; None where that is over."""
    until = comment.submitted_at + EDIT_WINDOW
    is_open = comment.status in CHANGEABLE and comment.commenter_id is not None
    return until if is_open and timezone.now() < until else None


def change(comment: "Comment", text: str, *, seen: str) -> bool:
    """Give `comment` another text, which runs through all rules as a new reply does.

    What was held stays held, whatever they find; what readers see may be held or rejected. The
    former text is kept for moderators, with what had been found in it. False where the text is
    the same. `seen` is what the author's form carried (Comment.as_seen). Raises NotChanged.
    """
    if changeable_until(comment) is None:
        raise TooLate
    draft, html = draft_of(comment, text), body_html.clean(text)
    verdict = judge(submission_of_change(comment, draft, html))
    with transaction.atomic():
        now = comment.__class__.objects.select_for_update().get(pk=comment.pk)
        if changeable_until(now) is None:
            raise TooLate
        if now.corrected_at:
            raise CorrectedMeanwhile
        if now.as_seen != seen:
            raise DecidedMeanwhile if now.version == _version(seen) else OtherTextMeanwhile
        if now.body == text:
            return False
        if now.version > MOST_CHANGES:
            raise TooManyChanges
        with changes_under([now.article_id] if now.is_approved else []):
            _keep_former_text(now)
            now.body, now.body_html, now.text_digest = text, html, draft.text_digest
            now.edited_at, now.version = timezone.now(), now.version + 1
            now.save(update_fields=["body", "body_html", "text_digest", "edited_at", "version"])
            Finding.objects.keep(now, verdict.findings)
            _decide(now, verdict)
        spam_service.ask_later(now)
    comment.refresh_from_db()
    return True


def take_back(comment: "Comment") -> bool:
    """Erase `comment` for its author. False where that was done before. Raises TooLate."""
    with transaction.atomic():
        # The sender is locked first: so it is where a reply is taken in, or erased.
        senders = Commenter.objects.select_for_update(no_key=True)
        sender = senders.filter(pk=comment.commenter_id or 0).first()
        now = comment.__class__.objects.select_for_update().get(pk=comment.pk)
        if not now.is_erased and changeable_until(now) is None:
            raise TooLate
        if sender:
            Mail.objects.ask_later(sender)
        return now.erase(rule=TAKEN_BACK)


def draft_of(comment: "Comment", text: str) -> Draft:
    """The reply with other words. Its address is sealed, and plays no part."""
    return Draft(
        article=comment.article,
        name=comment.name,
        email="",
        text=text,
        website=comment.website,
        parent=comment.parent,
        network=comment.network,
    )


def _version(seen: str) -> int:
    number = seen.rpartition(".")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0


def _keep_former_text(comment: "Comment") -> None:
    found = "\n".join(finding.reason for finding in comment.findings.all())
    FormerText.objects.create(comment=comment, body=comment.body, found=found)
    comment.findings.all().delete()


def _decide(comment: "Comment", verdict: Verdict) -> None:
    """An edit makes nothing public: at most it takes away."""
    to = max(Status(comment.status), verdict.status, key=STRICTER.index)
    if to != comment.status:
        decide(comment, to, rule=verdict.rule, reason=verdict.reason, kind=Kind.EDITED)
        return
    Decision.objects.record(
        comment,
        rule=verdict.rule,
        from_status=comment.status,
        to=to,
        reason=verdict.reason,
        kind=Kind.EDITED,
    )
