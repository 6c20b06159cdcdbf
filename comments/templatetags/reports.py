"""Readers' reports in short, as a card of the queue shows them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import template

from comments.models import Report

FIRST = 3  # readers' words that are shown without asking for more

register = template.Library()


@dataclass(frozen=True)
class InShort:
    """Reports of one reply."""

    count: int
    counted: int  # of known senders, of whom enough hide the reply
    since: datetime
    reasons: list[tuple[str, int]]  # the most frequent first
    words: list[Report]  # of those who said more than a reason: the first of them
    more: list[Report]  # and the others


@register.filter
def in_short(reports: Sequence[Report]) -> InShort | None:
    """None where there are none."""
    if not reports:
        return None
    reasons = Counter(each.get_reason_display() for each in reports)
    with_words = [each for each in reports if each.words]
    return InShort(
        count=len(reports),
        counted=sum(each.is_counted for each in reports),
        since=min(each.at for each in reports),
        reasons=sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0])),
        words=with_words[:FIRST],
        more=with_words[FIRST:],
    )
