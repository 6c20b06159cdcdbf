"""How a reply is taken in: once, and committed when its receipt is given."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles.models import Replies
from comments import body_html, email_privacy, proof_of_work
from comments.closing import place_of
from comments.models.commenter import Commenter
from comments.models.decision import Decision, Status
from comments.models.finding import Finding
from comments.models.policy import Policy
from comments.moderation import questions, spam_service
from comments.moderation.findings import Place, Submission
from comments.moderation.gather import Crowd, crowd_before, pace_of_sender, submission_of
from comments.moderation.pipeline import Verdict, judge
from comments.notices.asking import asked
from comments.notices.decisions import decided
from comments.posting import (
    RETRY_WINDOW,
    Draft,
    ParentGone,
    Receipt,
    RepliesClosed,
    SameTextAgain,
    TooManyPosts,
)
from comments.seen import changes_under, unseen
from newsroom.inserting import inserted

if TYPE_CHECKING:
    from comments.models.comment import Comment
    from comments.models.comment_queryset import CommentQuerySet


@dataclass(frozen=True)
class Surroundings:
    """What a reply comes into: the rules as they are, its place, and what else comes in."""

    policy: Policy
    place: Place
    crowd: Crowd


def take(comments: "CommentQuerySet", draft: Draft) -> Receipt:
    """The same draft again gives the same reply: for good under the same key of the form's
    script, for RETRY_WINDOW without one. Raises a kind of Refused.

    What takes time (cleaning, sealing, the rules) is done before the transaction. Within it
    the sender's row is locked, so that what one sender posts at once is taken in turn.
    """
    around = surroundings(draft)
    # Under all keys there are, so that a sender stays the same one while keys are rotated.
    fingerprints = email_privacy.fingerprints(draft.email)
    sealed_address = email_privacy.seal(draft.email, bound_to=fingerprints[0])
    html = draft.html or body_html.clean(draft.text)
    submission = submission_of(
        draft,
        fingerprints,
        policy=around.policy,
        place=around.place,
        crowd=around.crowd,
        html=html,
    )
    verdict = judge(submission)
    with transaction.atomic():
        with unseen():
            sender, is_new = Commenter.objects.locked(
                fingerprints=fingerprints, sealed_address=sealed_address
            )
        post_key = draft.post_key(fingerprints[0])
        if receipt := sent_before(comments, draft, sender, post_key):
            # The address of a post that adds nothing is not kept.
            transaction.set_rollback(True)
            return receipt
        refuse_answer_to_nothing(comments, draft)
        pace = (0, None) if is_new else pace_of_sender(sender)
        if changed := changed_meanwhile(draft, pace, submission):
            verdict = judge(changed)
        is_seen = verdict.status == Status.APPROVED
        with changes_under([draft.article.pk] if is_seen else []):
            comment = create(comments, draft, sender, verdict, html=html, post_key=post_key)
            asked(comment, draft)
            decided(comment, before="")
        Policy.objects.notice_attack(around.policy, came_in=around.crowd.everywhere + 1)
    return Receipt(comment, proves_author=True)


def surroundings(draft: Draft) -> Surroundings:
    """Raises RepliesClosed, or TooManyPosts where a network floods the site."""
    now = timezone.now()
    policy = Policy.objects.in_force()
    crowd = crowd_before(draft, now)
    most = policy.most_posts_a_minute
    if most and crowd.of_network_in_a_minute >= most:
        raise TooManyPosts
    place = place_of(draft.article, policy, now)
    if place.replies == Replies.CLOSED:
        raise RepliesClosed(place.why)
    return Surroundings(policy, place, crowd)


def create(
    comments: "CommentQuerySet",
    draft: Draft,
    sender: Commenter,
    verdict: Verdict,
    *,
    html: str,
    post_key: str | None,
) -> "Comment":
    now = timezone.now()
    comment: Comment = inserted(
        comments.model(
            article=draft.article,
            commenter=sender,
            parent=draft.parent,
            thread_id=draft.parent.thread_key if draft.parent else None,
            name=draft.name,
            website=draft.website,
            body=draft.text,
            body_html=html,
            status=verdict.status,
            submitted_at=now,
            approved_at=now if verdict.status == Status.APPROVED else None,
            post_key=post_key,
            text_digest=draft.text_digest,
            network=draft.network,
        )
    )
    Finding.objects.keep(comment, verdict.findings)
    Decision.objects.record(comment, rule=verdict.rule, to=comment.status, reason=verdict.reason)
    if comment.is_approved:
        comments.recount([comment])
    spam_service.ask_later(comment)
    return comment


def changed_meanwhile(
    draft: Draft, pace_now: tuple[int, float | None], submission: Submission
) -> Submission | None:
    """The same with what others that came in at once have changed of it; None for nothing.

    The rules were asked before the sender was locked. Replies of one sender wait for each other
    here, and a proof of work counts once.
    """
    of_sender, seconds = pace_now
    changed = submission
    if of_sender != submission.pace.of_sender:
        pace = replace(changed.pace, of_sender=of_sender, seconds_since_last=seconds)
        changed = replace(changed, pace=pace)
    asked_and_given = submission.policy.asks_for_work() and not submission.work_is_missing
    if asked_and_given and not proof_of_work.use(draft.work):
        changed = replace(changed, work_is_missing=True)
    return None if changed is submission else changed


def same_text(comments: "CommentQuerySet", draft: Draft) -> "CommentQuerySet":
    return comments.filter(
        article=draft.article, parent=draft.parent, text_digest=draft.text_digest
    )


def sent_before(
    comments: "CommentQuerySet", draft: Draft, sender: Commenter, post_key: str | None
) -> Receipt | None:
    """The reply that `draft` repeats. Raises SameTextAgain for the words of one that is no retry.

    What readers can see, or could see once, is refused whoever repeats it. Were it refused to its
    own sender alone, anybody could copy a reply from the page and try addresses until one is
    refused, and so learn who wrote it.
    """
    if post_key and (first := questions.sent_with_key.first(key=post_key)):
        return Receipt(first, proves_author=True)
    parent = draft.parent and draft.parent.pk
    is_there = questions.same_text(is_answer=parent is not None).first(
        article=draft.article.pk, parent=parent, digest=draft.text_digest, sender=sender.pk
    )
    if not is_there:
        return None  # nor is it a retry, whose first post has the same words
    if not post_key and (first := retried(comments, draft, sender)):
        return Receipt(first, proves_author=False)
    raise SameTextAgain


def retried(comments: "CommentQuerySet", draft: Draft, sender: Commenter) -> "Comment | None":
    """The reply that `draft`, which has no key, repeats within RETRY_WINDOW.

    What readers can see counts whoever wrote it, and counts first: else the answer would tell who
    copies a reply from the page whether the address is its author's.
    """
    since = timezone.now() - RETRY_WINDOW
    recent = same_text(comments, draft).filter(submitted_at__gt=since)
    return recent.approved().first() or recent.never_shown().filter(commenter=sender).first()


def refuse_answer_to_nothing(comments: "CommentQuerySet", draft: Draft) -> None:
    """The reply that is answered may have been taken away since the form was checked."""
    if draft.parent and not comments.approved().filter(pk=draft.parent.pk).exists():
        raise ParentGone
