"""Decisions to learn from, and what was learned from them."""

from datetime import timedelta
from itertools import count as counted
from itertools import cycle
from typing import Any

from django.db.models import Max
from django.utils import timezone

from articles.tests.factories import make_article, make_staff
from comments.learning import record
from comments.learning.acting import SAMPLE
from comments.learning.record import LEAST, SUREST, Side
from comments.models import Comment, Commenter, Decision, LearnedModel, Prediction
from comments.models.decision import Status
from comments.tests.factories import make_comment

GOOD = ("the council", "our garden", "a fine report", "the harbour", "my school", "well written")
BAD = ("you idiots", "shut up", "stupid liars", "what morons", "disgusting fools", "idiots all")
SPAM = ("cheap casino", "buy pills", "win money", "casino bonus", "crypto profit", "cheap pills")
_number = counted(1)

TEXTS = {Status.APPROVED: GOOD, Status.REJECTED: BAD, Status.SPAM: SPAM}


def make_decided(count: int, *, by: Any = None, first: int = 0) -> None:
    """So many replies, let out, rejected and marked as spam in turn, each for words of its own,
    an hour apart. Written at once."""
    by, article = by or make_staff("Moderators"), make_article()
    sender, _ = Commenter.objects.get_or_create(
        fingerprint="1" * 64, defaults={"sealed_address": b"sealed"}
    )
    begin, states = timezone.now() - timedelta(hours=count + 1), cycle(TEXTS)
    last = Comment.objects.aggregate(last=Max("pk"))["last"] or 0
    made = []
    for number, state in zip(range(count), states, strict=False):
        words = TEXTS[state]
        parts = [words[(number + step * 7) % len(words)] for step in (0, 1)]
        body = f"{parts[0]} number {first + number} {parts[1]}"
        made.append(
            Comment(
                article=article,
                commenter=sender,
                name="Reader",
                body=body,
                body_html=f"<p>{body}</p>",
                status=state,
                submitted_at=begin + timedelta(hours=number),
                text_digest=f"{number}",
            )
        )
    Comment.objects.bulk_create(made)
    decided = Comment.objects.filter(pk__gt=last).order_by("pk")
    Decision.objects.bulk_create(
        Decision(comment=each, by=by, from_status=Status.HELD, to_status=each.status)
        for each in decided
    )


def make_model(*, precision: int = 99, count: int = 100, **fields: Any) -> LearnedModel:
    """One that knows nothing, whose record is of `count` decisions a side at every threshold."""
    kept = record.nothing()
    right = count * precision // 100
    kept["points"] = {side.value: [[count, right]] * (SUREST - LEAST + 1) for side in Side}
    kept |= {"count": 2 * count, "decided": {"approve": count, "reject": count}}
    kept["since"] = kept["until"] = timezone.now().timestamp()
    fields = {"decisions": 10 * count, "description": {}, "weights": b""} | fields
    return LearnedModel.objects.create(**{"record": kept} | fields)


def make_likely(
    likely: str, sure: int, model: LearnedModel, *, weighed: Any = (), **fields: Any
) -> Comment:
    """A waiting reply that isn't of those that wait for a person all the same. Where the first one
    is, it waits beside it with nothing told of it."""
    comment = make_comment(**fields)
    if comment.pk % SAMPLE == 0:
        comment = make_comment(**fields | {"text": f"Again, number {next(_number)}."})
    Comment.objects.filter(pk=comment.pk).update(likely=likely, sure=sure)
    Prediction.objects.create(comment=comment, model=model, version=1, weighed=list(weighed))
    comment.refresh_from_db()
    return comment
