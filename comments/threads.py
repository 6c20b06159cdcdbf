"""Replies as they are drawn: each under the one it answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from comments.models import Comment

DRAWN_LEVELS = 4  # deeper answers stand beside the one they answer


@dataclass
class Branch:
    """A reply with the answers drawn below it, oldest first.

    `comment` is None where a reply was taken away that others have answered. `in_reply_to` is
    the reply it answers where that is not the one it is drawn under.
    """

    comment: Comment | None
    in_reply_to: Comment | None = None
    answers: list["Branch"] = field(default_factory=list)


@dataclass
class Place:
    """Where a branch stands: in the list `beside`, at `level` (1 is a thread's first reply)."""

    branch: Branch
    level: int
    beside: list[Branch]


def grow(comments: Iterable[Comment]) -> list[Branch]:
    """The threads of `comments`, which must be in the order they came in."""
    roots: list[Branch] = []
    places: dict[int, Place] = {}

    def plant(number: int, branch: Branch, below: Place | None) -> Place:
        beside, level = (below.branch.answers, below.level + 1) if below else (roots, 1)
        if below and below.level == DRAWN_LEVELS:
            beside, level = below.beside, below.level
            branch.in_reply_to = below.branch.comment
        beside.append(branch)
        places[number] = Place(branch, level, beside)
        return places[number]

    for comment in comments:
        below = None
        if comment.parent_id is not None:
            below = places.get(comment.parent_id)
            if below is None:
                is_first = comment.parent_id == comment.thread_id
                thread = None if is_first else places.get(comment.thread_id or 0)
                below = plant(comment.parent_id, Branch(None), thread)
        plant(comment.pk, Branch(comment), below)
    return roots
