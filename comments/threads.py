"""Replies as they are drawn: each under the one it answers."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from comments.models import Comment
from comments.shown import Shown

DRAWN_LEVELS = 4  # deeper answers stand beside the one they answer


type Named = Shown | Comment  # what is told of a reply that another answers


@dataclass(slots=True)
class Branch:
    """A reply with the answers drawn below it, oldest first.

    `comment` is None where a reply was taken away that others have answered. `in_reply_to` is
    the reply it answers where that is not the one it is drawn under.
    """

    comment: Shown | None
    in_reply_to: Named | None = None
    answers: list["Branch"] = field(default_factory=list)


@dataclass(slots=True)
class Place:
    """Where a branch stands: in the list `beside`, at `level` (1 is a thread's first reply)."""

    branch: Branch
    level: int
    beside: list[Branch]


@dataclass(slots=True)
class Row:
    """A branch as the template prints it, one after the other, without going down into them.

    `opens` a list of answers, which the next row begins; else it is the last of as many lists as
    `ends` has. `whole` is the thread's first reply where the thread was cut after this row.
    """

    comment: Shown | None
    in_reply_to: Named | None
    opens: bool
    ends: int
    whole: Shown | None = None
    above: str = ""  # where the reply is that it answers


def grow(
    comments: Iterable[Shown],
    *,
    taken_away: Collection[int] = (),
    elsewhere: Mapping[int, Named] = MappingProxyType({}),
) -> list[Branch]:
    """The threads of `comments`, each of which comes after the one it answers.

    Threads and answers keep the order in which they are given. What was `taken_away` (primary
    keys, among the comments) keeps its place and is not shown. What answers a reply that stands
    `elsewhere` (by primary key) begins a branch of its own, in reply to it.
    """
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
        below, branch = None, Branch(None if comment.pk in taken_away else comment)
        if comment.parent_id is not None:
            below = places.get(comment.parent_id)
            if below is None and comment.parent_id in elsewhere:
                branch.in_reply_to = elsewhere[comment.parent_id]
            elif below is None:
                is_first = comment.parent_id == comment.thread_id
                thread = None if is_first else places.get(comment.thread_id or 0)
                below = plant(comment.parent_id, Branch(None), thread)
        plant(comment.pk, branch, below)
    return roots


def rows(branches: Iterable[Branch]) -> Iterator[Row]:
    """All branches, in reading order."""
    for branch in branches:
        yield from _rows_of(branch, ends=0)


def _rows_of(branch: Branch, ends: int) -> Iterator[Row]:
    answers = branch.answers
    yield Row(branch.comment, branch.in_reply_to, bool(answers), 0 if answers else ends)
    for answer in answers:
        yield from _rows_of(answer, ends + 1 if answer is answers[-1] else 0)
