"""Numbers of people for everybody to read, so that none leads to one of them.

Every number is rounded to the next five, and what is below five is not told, be it none. What is
left when one number is taken from another is so known to within several at best. Parts of a sum are
folded until none of them is small, and the sum is that of the parts as they are shown: it adds
nothing to what they tell.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from newsroom.moments import grouped

STEP = 5


@dataclass(frozen=True)
class Told:
    """A number as it is shown."""

    number: int | None  # None: fewer than STEP

    def __str__(self) -> str:
        if self.number is None:
            return _("under %(count)d") % {"count": STEP}
        return grouped(self.number)


def told(number: int) -> Told:
    return Told(STEP * ((number + STEP // 2) // STEP) if number >= STEP else None)


def sum_of(parts: Iterable[Told]) -> Told:
    return Told(sum(each.number or 0 for each in parts) or None)


def folded[Key: Hashable](counts: Mapping[Key, int]) -> tuple[dict[Key, Told], Told]:
    """What is shown of each key, the most frequent first, and of all others together.

    Small ones are among the others, and so is the smallest of the rest while the others together
    are small or none: nobody sees whether a key that has no line was counted at all.
    """
    order = sorted(counts, key=lambda key: (-counts[key], str(key)))
    shown = [key for key in order if counts[key] >= STEP]
    rest = sum(counts[key] for key in order[len(shown) :])
    while shown and rest < STEP:
        rest += counts[shown.pop()]
    return {key: told(counts[key]) for key in shown}, told(rest)
