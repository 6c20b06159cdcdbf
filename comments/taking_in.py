"""How a reply is taken in: once, and committed when its receipt is given."""

import math
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone

from comments import body_html, email_privacy
from comments.models.commenter import Commenter
from comments.models.decision import Decision
from comments.models.finding import Finding
from comments.models.record import NO_RECORD
from comments.moderation.findings import Submission
from comments.moderation.pipeline import judge
from comments.posting import PAUSE, RETRY_WINDOW, Draft, Receipt, SameTextAgain, TooSoon

if TYPE_CHECKING:
    from comments.models.comment_queryset import CommentQuerySet


def take(comments: "CommentQuerySet", draft: Draft) -> Receipt:
    """The same draft again gives the same reply: for good under the same key of the form's
    script, for RETRY_WINDOW without one. Raises SameTextAgain or TooSoon.

    What takes time (cleaning, sealing, the rules) is done before the transaction. Within it
    the sender's row is locked, so that what one sender posts at once is taken in turn.
    """
    fingerprint = email_privacy.fingerprint(draft.email)
    sealed_address = email_privacy.seal(draft.email)
    html = body_html.clean(draft.text)
    verdict = judge(submission_of(comments, draft, fingerprint))
    with transaction.atomic():
        sender = Commenter.objects.locked(fingerprint=fingerprint, sealed_address=sealed_address)
        post_key = draft.post_key(fingerprint)
        if receipt := retried(comments, draft, sender, post_key):
            # The address of a post that adds nothing is not kept.
            transaction.set_rollback(True)
            return receipt
        refuse_same_text(comments, draft, sender)
        refuse_haste(comments, sender)
        comment = comments.create(
            article=draft.article,
            commenter=sender,
            parent=draft.parent,
            thread=draft.parent and (draft.parent.thread or draft.parent),
            name=draft.name,
            website=draft.website,
            body=draft.text,
            body_html=html,
            submitted_at=timezone.now(),
            post_key=post_key,
            text_digest=draft.text_digest,
        )
        Finding.objects.keep(comment, verdict.findings)
        Decision.objects.record(
            comment, rule=verdict.rule, to=comment.status, reason=verdict.reason
        )
        if comment.is_approved:
            comments.recount([comment])
    return Receipt(comment, proves_author=True)


def submission_of(comments: "CommentQuerySet", draft: Draft, fingerprint: str) -> Submission:
    """What the rules are asked about."""
    sender = Commenter.objects.filter(fingerprint=fingerprint).values_list("pk", flat=True)
    record = comments.records(sender).get(sender[0], NO_RECORD) if sender else NO_RECORD
    return Submission(
        name=draft.name,
        website=draft.website,
        text=draft.text,
        trap=draft.trap,
        seconds_taken=draft.seconds_taken,
        approved_before=record.approved,
        rejected_before=record.rejected,
    )


def same_text(comments: "CommentQuerySet", draft: Draft) -> "CommentQuerySet":
    return comments.filter(
        article=draft.article, parent=draft.parent, text_digest=draft.text_digest
    )


def retried(
    comments: "CommentQuerySet", draft: Draft, sender: Commenter, post_key: str | None
) -> Receipt | None:
    """The reply that `draft` repeats.

    Without a key, what readers can see counts whoever wrote it, and counts first: else the
    answer would tell who copies a reply from the page whether the address is its author's.
    """
    if post_key:
        first = comments.filter(post_key=post_key).first()
    else:
        since = timezone.now() - RETRY_WINDOW
        recent = same_text(comments, draft).filter(submitted_at__gt=since)
        first = recent.approved().first() or recent.never_shown().filter(commenter=sender).first()
    return Receipt(first, proves_author=bool(post_key)) if first else None


def refuse_same_text(comments: "CommentQuerySet", draft: Draft, sender: Commenter) -> None:
    """What readers can see, or could see once, is refused whoever repeats it.

    Were it refused to its own sender alone, anybody could copy a reply from the page and try
    addresses until one is refused, and so learn who wrote it.
    """
    same = same_text(comments, draft)
    unseen = same.never_shown()
    if unseen.filter(commenter=sender).exists() or same.difference(unseen).exists():
        raise SameTextAgain


def refuse_haste(comments: "CommentQuerySet", sender: Commenter) -> None:
    last = comments.filter(commenter=sender).aggregate(last=models.Max("submitted_at"))["last"]
    wait = (last + PAUSE - timezone.now()).total_seconds() if last else 0
    # More than PAUSE is left only where the clock was set back.
    if 0 < wait <= PAUSE.total_seconds():
        raise TooSoon(math.ceil(wait))
