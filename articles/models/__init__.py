from articles.models.activity import Activity
from articles.models.article import Article
from articles.models.author import Author
from articles.models.byline import Byline
from articles.models.correction import Correction
from articles.models.former_slug import FormerSlug
from articles.models.front_place import FrontPlace
from articles.models.image import Image
from articles.models.image_change import ImageChange
from articles.models.image_use import ImageUse
from articles.models.list_subject import ListSubject
from articles.models.media_topic import MediaTopic
from articles.models.moved import Kind as MovedKind
from articles.models.moved import Moved, MoveNote, MoveReport, OldAddress, OldSite, Outcome
from articles.models.page import StandingPage
from articles.models.pin import Pin
from articles.models.preview_link import PreviewLink
from articles.models.recording import Recording, RecordingUse
from articles.models.revision import Revision
from articles.models.revision_decision import RevisionDecision
from articles.models.search_entry import SearchEntry
from articles.models.section import Section
from articles.models.share_image import ShareImage
from articles.models.source import Indexing, Source
from articles.models.state_change import StateChange
from articles.models.takes_replies import Replies, TakesReplies
from articles.models.topic import Topic
from articles.models.wire_item import PubStatus, WireEvent, WireItem, WireVersion
from articles.models.wire_stream import WireStream
from articles.models.working_copy import WorkingCopy

__all__ = [
    "Activity",
    "Article",
    "Author",
    "Byline",
    "Correction",
    "FormerSlug",
    "FrontPlace",
    "Image",
    "ImageChange",
    "ImageUse",
    "Indexing",
    "ListSubject",
    "MediaTopic",
    "MoveNote",
    "MoveReport",
    "Moved",
    "MovedKind",
    "OldAddress",
    "OldSite",
    "Outcome",
    "Pin",
    "PreviewLink",
    "PubStatus",
    "Recording",
    "RecordingUse",
    "Replies",
    "Revision",
    "RevisionDecision",
    "SearchEntry",
    "Section",
    "ShareImage",
    "Source",
    "StandingPage",
    "StateChange",
    "TakesReplies",
    "Topic",
    "WireEvent",
    "WireItem",
    "WireStream",
    "WireVersion",
    "WorkingCopy",
]
