"""What the database is asked about a reply that comes in, each question prepared once.

The figures of many rows stand behind a constant, so that a question which counts is a queryset as
others are.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from comments.models.commenter import Commenter
from comments.models.decision import Decision, Status
from comments.models.record import REFUSED
from comments.models.standing import Standing
from newsroom.prepared import Given, Prepared


def _comments() -> Any:
    return apps.get_model("comments", "Comment").objects.order_by()  # it imports this


def _counted(replies: Any, **figures: Any) -> QuerySet[Any, Any]:
    counted: QuerySet[Any, Any] = replies.values_list(Value(1)).annotate(**figures)
    return counted


def _text(name: str) -> Given:
    return Given(name, CharField())


def _moment(name: str) -> Given:
    return Given(name, DateTimeField())


_BY_READERS = Q(written_by__isnull=True)


def _from_network() -> Q:
    # Nothing is the network of those whose network isn't known.
    return Q(network=_text("network")) & ~Q(network="")


# Given `since`, `last_minute`, `article` and `network`: how many came in everywhere, under the
# piece, from the network, and from that in the last minute.
# Were the newsroom's own left out by a condition, SQLite would go through all readers' replies by
# the index of that field.
crowd = Prepared(
    lambda: _counted(
        _comments().filter(submitted_at__gt=_moment("since")),
        everywhere=Count("submitted_at", filter=_BY_READERS),
        under_article=Count("submitted_at", filter=_BY_READERS & Q(article=Given("article"))),
        of_network=Count("submitted_at", filter=_BY_READERS & _from_network()),
        of_network_in_a_minute=Count(
            "submitted_at",
            filter=_BY_READERS & _from_network() & Q(submitted_at__gt=_moment("last_minute")),
        ),
    )
)

# Given `sender` and `since`: how many came from the sender, and when the last of them.
pace = Prepared(
    lambda: _counted(
        _comments().filter(commenter=Given("sender"), submitted_at__gt=_moment("since")),
        count=Count("pk"),
        last=Max("submitted_at"),
    )
)

# Given `digest` and the primary key of the reply that doesn't count in `but`: how many say that.
same_words = Prepared(
    lambda: _counted(
        _comments().filter(text_digest=_text("digest")).exclude(pk=Given("but")),
        count=Count("pk"),
    )
)

# Given `but`.
recent_texts: Prepared[str] = Prepared(
    lambda: (
        _comments()
        .exclude(body="")
        .exclude(pk=Given("but"))
        .order_by("-pk")
        .values_list("body", flat=True)
    )
)

# Given `key`: the reply that was taken in with it.
sent_with_key: Prepared[Any] = Prepared(
    lambda: _comments().filter(post_key=_text("key")).select_related("article")
)


@lru_cache
def same_text(*, is_answer: bool) -> Prepared[Any]:
    """Given `article`, `parent`, `digest` and `sender`: whether the same words stand, or stood,
    where readers see them, or came from the same sender; the primary key of one such reply."""
    approvals = Decision.objects.filter(comment=OuterRef("pk"), to_status=Status.APPROVED)
    parent = Q(parent=Given("parent")) if is_answer else Q(parent__isnull=True)
    return Prepared(
        lambda: (
            _comments()
            .filter(parent, article=Given("article"), text_digest=_text("digest"))
            .filter(Q(commenter=Given("sender")) | Q(status=Status.APPROVED) | Exists(approvals))
            .values_list("pk", flat=True)
        )
    )


def _fingerprints(number: int) -> list[Any]:
    return [_text(f"fingerprint_{place}") for place in range(number)]


@lru_cache
def record(number: int) -> Prepared[Any]:
    """Given `since`, `shortly` and so many fingerprints (see named()): of the sender, how many
    replies were approved, rejected since, came in shortly before, and when the last."""
    return Prepared(
        lambda: _counted(
            _comments().filter(commenter__fingerprint__in=_fingerprints(number)),
            approved=Count("pk", filter=Q(status=Status.APPROVED)),
            rejected=Count("pk", filter=Q(status__in=REFUSED, submitted_at__gt=_moment("since"))),
            shortly=Count("pk", filter=Q(submitted_at__gt=_moment("shortly"))),
            last=Max("submitted_at"),
        )
    )


@lru_cache
def standing(number: int) -> Prepared[Standing]:
    """Given so many fingerprints, and `now`: what is in force of the sender."""
    return Prepared(
        lambda: (
            Standing.objects.filter(lifted_at__isnull=True, fingerprint__in=_fingerprints(number))
            .filter(Q(until__isnull=True) | Q(until__gt=_moment("now")))
            .order_by("pk")
        )
    )


@lru_cache
def sender(number: int) -> Prepared[Commenter]:
    """Given so many fingerprints: the sender, locked. See CommenterQuerySet.known_by()."""
    return Prepared(
        lambda: Commenter.objects.select_for_update(no_key=True).known_by(_fingerprints(number))
    )


def named(fingerprints: Iterable[str]) -> dict[str, Any]:
    """As these questions are given fingerprints."""
    return {f"fingerprint_{place}": each for place, each in enumerate(fingerprints)}
