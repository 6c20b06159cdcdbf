"""How long replies wait for a moderator: kept as counts in steps, so that days can be added up.

A step is an eighth of a doubling: a wait read back from it is at most five per cent off.
"""

import math
from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import ngettext

STEPS = 8  # to twice as long
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def step_of(wait: timedelta) -> int:
    """The step that a wait counts in; all below a second are the first."""
    return math.floor(STEPS * math.log2(max(wait.total_seconds(), 1.0)))


def quantile(counts: Mapping[int, int], share: float) -> timedelta | None:
    """What `share` of the waits stay below, given how many there are by step; None for no wait."""
    wanted, seen = share * sum(counts.values()), 0
    for step in sorted(counts):
        number = counts[step]
        if number and seen + number >= wanted:
            return _within(step, (wanted - seen) / number)
        seen += number
    return None


def usual(decided: Mapping[int, int], waiting: Mapping[int, int]) -> timedelta | None:
    """The median of the waits that are over and of those that go on, by step.

    What still waits counts as waiting at least that long (Kaplan and Meier's estimate): the median
    of what was decided alone looks best where the hard cases are left lying. None where half of
    all have not been decided by the longest of the waits that are over.
    """
    still, remaining = sum(decided.values()) + sum(waiting.values()), 1.0
    for step in sorted({*decided, *waiting}):
        over = decided.get(step, 0)
        if over:
            after = remaining * (1 - over / still)
            if after <= 0.5:
                return _within(step, (remaining - 0.5) / (remaining - after))
            remaining = after
        still -= over + waiting.get(step, 0)
    return None


def _within(step: int, part: float) -> timedelta:
    return timedelta(seconds=2 ** ((step + part) / STEPS))


def in_words(wait: timedelta) -> str:
    """Rounded as people say it: 3 minutes, 25 minutes, 2 hours, 4 days."""
    seconds = wait.total_seconds()
    minutes, hours, days = (max(1, round(seconds / each)) for each in (MINUTE, HOUR, DAY))
    if seconds >= 1.5 * DAY or hours == 24:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if seconds >= 1.5 * HOUR or 58 <= minutes <= 62:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    minutes = minutes if minutes <= 10 else 5 * round(minutes / 5)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
