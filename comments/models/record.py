from dataclasses import dataclass
from typing import TYPE_CHECKING

from comments.models import decision

if TYPE_CHECKING:
    from comments.models.comment import Comment

REFUSED = (decision.Status.REJECTED, decision.Status.SPAM)


@dataclass(frozen=True)
class Record:
    """How many replies of one sender moderators have let out and turned down."""

    approved: int
    rejected: int

    def without(self, comment: "Comment") -> "Record":
        """The record of its other replies."""
        return Record(
            self.approved - (comment.status == decision.Status.APPROVED),
            self.rejected - (comment.status in REFUSED),
        )


NO_RECORD = Record(0, 0)
