"""Gathers what the rules are asked about, in as many queries for one reply as for any other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils import timezone

from articles.models import Author, Replies
from comments import body_html, proof_of_work
from comments.closing import place_of
from comments.models.commenter import Commenter
from comments.models.decision import Status
from comments.models.policy import Policy
from comments.models.record import REFUSED
from comments.models.standing import Standing
from comments.moderation import questions
from comments.moderation.findings import Pace, Place, Sender, Submission
from comments.posting import Draft
from newsroom.models import SiteSettings
from newsroom.page_store import remembered

if TYPE_CHECKING:
    from comments.models.comment import Comment

CROWD = ("everywhere", "under_article", "of_network", "of_network_in_a_minute")
SHORTLY = timedelta(minutes=10)  # the time in which the pace of replies is counted
RECENTLY = timedelta(days=30)  # in which rejections count
RECENT_TEXTS = 200  # how many are compared with a new one


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """What came in on the whole site SHORTLY before."""

    everywhere: int
    under_article: int
    of_network: int
    of_network_in_a_minute: int


def crowd_before(draft: Draft, now: datetime) -> Crowd:
    (counts,) = questions.crowd(
        since=now - SHORTLY,
        last_minute=now - timedelta(minutes=1),
        article=draft.article.pk,
        network=draft.network,
    )
    return Crowd(**dict(zip(CROWD, counts[1:], strict=True)))


def submission_of(
    draft: Draft,
    fingerprints: Sequence[str],
    *,
    policy: Policy,
    place: Place,
    crowd: Crowd,
    html: str,
) -> Submission:
    """A reply that somebody sends.

    `fingerprints` are those of the address under all keys there are.
    """
    now = timezone.now()
    ((_one, approved, rejected, shortly, last),) = questions.record(len(fingerprints))(
        since=now - RECENTLY, shortly=now - SHORTLY, **questions.named(fingerprints)
    )
    record = {"approved": approved, "rejected": rejected}
    return Submission(
        policy=policy,
        trap=draft.trap,
        seconds_taken=draft.seconds_taken,
        work_is_missing=policy.asks_for_work(now) and not proof_of_work.is_solved(draft.work),
        sender=_sender(record, fingerprints, now, is_known=is_proved(draft.proof, fingerprints)),
        pace=Pace(
            of_sender=shortly,
            of_network=crowd.of_network,
            under_article=crowd.under_article,
            seconds_since_last=_seconds_between(last, now),
        ),
        place=place,
        **said(draft, html),
    )


def pace_of_sender(sender: Commenter) -> tuple[int, float | None]:
    """How many replies came from the sender shortly before, and how long ago the last one."""
    now = timezone.now()
    ((_one, count, last),) = questions.pace(sender=sender.pk, since=now - SHORTLY)
    return count, _seconds_between(last, now)


def _seconds_between(last: datetime | None, now: datetime) -> float | None:
    return (now - last).total_seconds() if last else None


def submission_of_change(comment: "Comment", draft: Draft, html: str) -> Submission:
    """What the author of `comment` makes of it, as if it came in just now.

    Its author counts as known where it appeared at once when it came in. What a moderator let
    out is held again if it had been held as a newcomer's, or as every reply is: somebody could
    have harmless words let out, and then put others in their place. How fast it came plays no part.
    """
    policy, now = Policy.objects.current(), timezone.now()
    others = type(comment).objects.exclude(pk=comment.pk)
    place, sender = place_of(comment.article, policy), comment.commenter
    fingerprint = (sender and sender.fingerprint) or ""
    record = others.filter(commenter=sender).aggregate(**_record_until(now))
    first = comment.decisions.order_by("pk")[0]
    return Submission(
        policy=policy,
        seconds_taken=math.inf,
        # It came in while the piece took replies: a change is no new one.
        place=Place(replies=Replies.HELD) if place.is_closed else place,
        sender=_sender(record, [fingerprint], now, is_known=first.to_status == Status.APPROVED),
        **said(draft, html, but=comment.pk),
    )


def _record_until(now: datetime) -> dict[str, Count]:
    """What is counted of a sender's replies."""
    return {
        "approved": Count("pk", filter=Q(status=Status.APPROVED)),
        "rejected": Count("pk", filter=Q(status__in=REFUSED, submitted_at__gt=now - RECENTLY)),
    }


def _sender(
    record: Mapping[str, Any], fingerprints: Sequence[str], now: datetime, *, is_known: bool
) -> Sender:
    standing = questions.standing(len(fingerprints)).first(now=now, **questions.named(fingerprints))
    return Sender(
        is_known=is_known,
        is_blocked=standing is not None and standing.kind == Standing.Kind.BLOCKED,
        is_trusted=standing is not None and standing.kind == Standing.Kind.TRUSTED,
        approved=record["approved"],
        rejected_recently=record["rejected"],
    )


def submission_of_stored(comment: "Comment", policy: Policy) -> Submission:
    """A reply that came in before, as far as it can be judged once more: by what it says."""
    return Submission(
        policy=policy,
        text=comment.body,
        readable=body_html.readable(comment.body_html),
        html=comment.body_html,
        name=comment.name,
        website=comment.website,
        language=comment.article.language,
        seconds_taken=math.inf,
        sender=Sender(is_known=True, approved=policy.hold_first),
    )


def said(draft: Draft, html: str, *, but: int = 0) -> dict[str, Any]:
    """What the reply says, and what it is compared with: all replies `but` the one it changes."""
    ((_one, same_words),) = questions.same_words(digest=draft.text_digest, but=but)
    return {
        "text": draft.text,
        "readable": body_html.readable(html),
        "html": html,
        "name": draft.name,
        "website": draft.website,
        "language": draft.article.language,
        "same_words": same_words,
        "recent_texts": tuple(questions.recent_texts(but=but, limit=RECENT_TEXTS)),
        "staff_names": staff_names(),
    }


def is_proved(proofs: str, fingerprints: Sequence[str]) -> bool:
    """Whether the sender shows the status address of an approved reply from the same address.

    `proofs` are tokens of such addresses, parted by spaces.
    """
    # It imports the models, and they import this.
    from comments.status_address import proved_senders  # noqa: PLC0415

    return any(sender.fingerprint in fingerprints for sender in proved_senders(proofs))


def proved_sender(sender: Commenter) -> Sender:
    """A sender who has shown a proof, as the rules see one."""
    now = timezone.now()
    record = sender.comments.aggregate(**_record_until(now))
    return _sender(record, [sender.fingerprint or ""], now, is_known=True)


@remembered
def staff_names() -> tuple[str, ...]:
    """The names under which the newsroom speaks."""
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(first_name="", last_name="")
    of_staff = staff.order_by("pk").values_list("first_name", "last_name")
    return (
        SiteSettings.objects.current().name,
        *Author.objects.order_by("pk").values_list("name", flat=True),
        *(f"{first} {last}".strip() for first, last in of_staff),
    )
