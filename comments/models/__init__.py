from comments.models.comment import Comment
from comments.models.commenter import Commenter
from comments.models.decision import Decision, DecisionReason
from comments.models.finding import Finding
from comments.models.former_text import FormerText
from comments.models.record import NO_RECORD, Record

__all__ = [
    "NO_RECORD",
    "Comment",
    "Commenter",
    "Decision",
    "DecisionReason",
    "Finding",
    "FormerText",
    "Record",
]
