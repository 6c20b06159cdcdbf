from comments.models.batch import Batch
from comments.models.canned_reason import CannedReason
from comments.models.comment import Comment
from comments.models.commenter import Commenter
from comments.models.data_request import DataRequest, TooManyRequests
from comments.models.decision import Decision, DecisionReason
from comments.models.finding import Finding
from comments.models.former_text import FormerText
from comments.models.letter import Letter
from comments.models.mail import Mail
from comments.models.policy import Policy
from comments.models.policy_change import PolicyChange
from comments.models.record import NO_RECORD, Record
from comments.models.second_look import SecondLook
from comments.models.standing import Standing
from comments.models.subscription import Subscription
from comments.models.used_work import UsedWork

__all__ = [
    "NO_RECORD",
    "Batch",
    "CannedReason",
    "Comment",
    "Commenter",
    "DataRequest",
    "Decision",
    "DecisionReason",
    "Finding",
    "FormerText",
    "Letter",
    "Mail",
    "Policy",
    "PolicyChange",
    "Record",
    "SecondLook",
    "Standing",
    "Subscription",
    "TooManyRequests",
    "UsedWork",
]
