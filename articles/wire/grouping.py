"""Which wires tell of the same, so that the desk sees them together, whichever agency they are of.

Agencies name a story by a slugline or a headline of their own. Two of them are of one story when
the words that matter in their headlines are nearly the same, within a day.
"""

import re
import secrets
from datetime import timedelta

from django.utils import timezone

from articles.models import WireItem

WITHIN = timedelta(hours=24)
MOST_COMPARED = 500
ALIKE = 85  # per cent, by rapidfuzz's token_set_ratio
FEWEST_WORDS = 3
WORD = re.compile(r"\w{3,}")
# What agencies put before a headline that they send again.
PREFIX = re.compile(r"\A\s*(?:[A-Z][A-Z0-9 -]{2,24}(?::|\s+-)\s+)?(?:\(?\d+\w{2} LD\)?\s+)?")


def words_of(headline: str) -> str:
    return " ".join(sorted(set(WORD.findall(PREFIX.sub("", headline).casefold()))))


def group_of(headline: str, *, other_than: int = 0) -> str:
    """The group of the newest wire of the last day that tells of the same; else one of its own."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - few processes receive wires

    words = words_of(headline)
    if len(words.split()) >= FEWEST_WORDS:
        since = timezone.now() - WITHIN
        lately = WireItem.objects.filter(received_at__gte=since).exclude(pk=other_than)
        rows = lately.order_by("-received_at").values_list("headline", "group")[:MOST_COMPARED]
        for other, group in rows:
            if group and fuzz.token_set_ratio(words, words_of(other)) >= ALIKE:
                return group
    return secrets.token_hex(8)
