"""What was learned, on the cards of the queue."""

from typing import NamedTuple

from django import template

from comments.learning import obvious
from comments.learning.facts import in_words
from comments.learning.obvious import Group
from comments.models import Comment, Prediction

register = template.Library()


class Weighed(NamedTuple):
    text: str
    is_fact: bool


class Expected(NamedTuple):
    """What is likely of a reply, and why."""

    label: str
    sure: int
    speaks_for: list[Weighed]
    speaks_against: list[Weighed]


@register.simple_tag
def expected(comment: Comment) -> Expected | None:
    """None where nothing is known of its text as it is now, or it doesn't wait.

    It asks no question where `prediction` was joined.
    """
    prediction: Prediction | None = getattr(comment, "prediction", None)
    if not comment.is_held or prediction is None or prediction.version != comment.version:
        return None
    sides: tuple[list[Weighed], list[Weighed]] = ([], [])
    for is_fact, code, weight in prediction.weighed:
        if text := in_words(code) if is_fact else code:
            sides[weight < 0].append(Weighed(text, is_fact))
    return Expected(str(comment.get_likely_display()), comment.sure, *sides)


@register.simple_tag
def obvious_groups() -> list[Group]:
    return obvious.groups()
