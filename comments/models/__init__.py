from comments.models.comment import NO_RECORD, Comment, Record
from comments.models.commenter import Commenter
from comments.models.decision import Decision
from comments.models.finding import Finding

__all__ = ["NO_RECORD", "Comment", "Commenter", "Decision", "Finding", "Record"]
