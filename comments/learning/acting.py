"""Decisions of what was learned, where the rules of the site ask for them.

It decides a held reply alone when all of this is so: the rules name a threshold, and it is as sure
as that; its record on held-back decisions supports the threshold (see record.Point.supports); the
text is the one that it read; nobody has decided on the reply before, or reported it; and no rule
has found in it what a person is to look at. One of SAMPLE waits for a person all the same: else
the record would soon be of those alone of which it isn't sure.
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.models import Replies
from comments.learning import RULE
from comments.learning.record import Record, Side, decides_from
from comments.models import Comment, LearnedModel, Likely, Policy
from comments.models.comment_queryset import CommentQuerySet
from comments.moderation import spam_service
from newsroom.language import speaking_as_the_site

AT_ONCE = 200  # at most, each time
SAMPLE = 20

# What these found is for a person to let out, however harmless the words are.
FOR_A_PERSON = (
    *("closed", "blocked_sender", "banned_words", "blocked_domain", "watched_words"),
    *("contact_details", "reserved_name", "rejected_before", "reports", "spam_service"),
)


def decide_the_obvious() -> int:
    """How many were decided."""
    policy, model = Policy.objects.current(), LearnedModel.objects.current()
    if model is None or not (policy.learned_approves_from or policy.learned_rejects_from):
        return 0
    record, count = Record.read(model), 0
    for side in Side:
        threshold = decides_from(policy, record, side)
        if threshold is not None:
            some = obvious(model, side, threshold)[:AT_ONCE]
            count += sum(_decide(comment, side) for comment in some)
    return count


def obvious(model: LearnedModel, side: Side, threshold: int) -> CommentQuerySet:
    """What `model` may decide by itself from a threshold on."""
    if side == Side.APPROVE and spam_service.is_configured():
        # A reply says nothing of whether the service has answered yet, and none may appear before.
        return Comment.objects.none()
    likely = [Likely.APPROVE] if side == Side.APPROVE else [Likely.REJECT, Likely.SPAM]
    waiting = (
        Comment.objects.held()
        .filter(likely__in=likely, sure__gte=threshold, reported_at__isnull=True)
        .filter(prediction__model=model.pk, prediction__version=F("version"))
        .exclude(decisions__by__isnull=False)
        .annotate(sample=F("pk") % SAMPLE)
        .exclude(sample=0)
    )
    if side == Side.APPROVE:
        # What the site says of all replies gives way to the threshold, which stands beside it in
        # the same rules; what a piece or a section says of its own doesn't.
        waiting = waiting.exclude(article__replies=Replies.HELD)
        waiting = waiting.exclude(article__section__replies=Replies.HELD)
        # It was let out before, and held again, by its author's change or otherwise.
        waiting = waiting.filter(approved_at__isnull=True)
        waiting = waiting.exclude(findings__rule__in=FOR_A_PERSON)
    return waiting.order_by("pk")


def _decide(comment: Comment, side: Side) -> bool:
    with speaking_as_the_site(), transaction.atomic():
        now = Comment.objects.select_for_update().get(pk=comment.pk)
        same = now.is_held and now.version == comment.version
        same = same and (now.likely, now.sure) == (comment.likely, comment.sure)
        if not same or now.reported_at or now.decisions.filter(by__isnull=False).exists():
            return False
        if side == Side.APPROVE:
            reason = _("Moderators let replies like it out; how sure that is: %(sure)d %%.")
            return now.let_out(rule=RULE, reason=reason % {"sure": now.sure})
        reason = _("Moderators turn replies like it down; how sure that is: %(sure)d %%.")
        as_spam = now.likely == Likely.SPAM
        return now.turn_down(rule=RULE, reason=reason % {"sure": now.sure}, as_spam=as_spam)
