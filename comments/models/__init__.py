from comments.models.batch import Batch, BatchItem
from comments.models.canned_reason import CannedReason, CannedReasonText
from comments.models.comment import Comment
from comments.models.commenter import Commenter
from comments.models.data_request import DataRequest, TooManyRequests
from comments.models.day_figure import DayFigure
from comments.models.decision import Decision, DecisionReason
from comments.models.finding import Finding
from comments.models.former_text import FormerText
from comments.models.learned_model import LearnedModel
from comments.models.letter import Letter
from comments.models.mail import Mail
from comments.models.mail_choice import MailChoice
from comments.models.open_card import OpenCard
from comments.models.policy import Policy
from comments.models.policy_change import PolicyChange
from comments.models.prediction import Likely, Prediction
from comments.models.record import NO_RECORD, Record
from comments.models.report import Report
from comments.models.second_look import SecondLook
from comments.models.second_reading import SecondReading
from comments.models.sender_search import SenderSearch, TooManySearches
from comments.models.standing import Standing
from comments.models.subscription import Subscription
from comments.models.used_work import UsedWork

__all__ = [
    "NO_RECORD",
    "Batch",
    "BatchItem",
    "CannedReason",
    "CannedReasonText",
    "Comment",
    "Commenter",
    "DataRequest",
    "DayFigure",
    "Decision",
    "DecisionReason",
    "Finding",
    "FormerText",
    "LearnedModel",
    "Letter",
    "Likely",
    "Mail",
    "MailChoice",
    "OpenCard",
    "Policy",
    "PolicyChange",
    "Prediction",
    "Record",
    "Report",
    "SecondLook",
    "SecondReading",
    "SenderSearch",
    "Standing",
    "Subscription",
    "TooManyRequests",
    "TooManySearches",
    "UsedWork",
]
