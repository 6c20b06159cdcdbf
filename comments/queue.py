"""Which replies a moderator looks at: what the address of the queue's page says, as a question.

A Choice is read from a query (`?tab=waiting&section=3`), and written as one again. What makes no
sense is refused, never ignored: all that is asked for may be decided on at once.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import cached_property
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.keyset import Key
from articles.models import Article
from comments.models import Comment, Finding, Likely
from comments.models.comment_queryset import CommentQuerySet
from comments.models.decision import Status
from newsroom.primary_keys import is_key

MAX_WORDS = 100  # characters of a search
ADDRESS = re.compile(r"\S[@＠]\S")  # what may be an email address, which nothing is searched for
RULE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
CONTROLS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
SURENESS_KEY = re.compile(r"([0-9]{1,3})-([0-9]{1,18})")


class NotAChoice(Exception):
    """The query says something that the queue doesn't know. The message says which part of it."""


class Tab(models.TextChoices):
    """The lists of the queue; each reply but the erased ones is in one or more of them."""

    WAITING = "waiting", gettext_lazy("Waiting")
    REPORTED = "reported", gettext_lazy("Reported")
    LOOKS = "looks", gettext_lazy("Second look")
    SPAM = "spam", gettext_lazy("Spam")
    REJECTED = "rejected", gettext_lazy("Rejected")
    APPROVED = "approved", gettext_lazy("Approved")
    ALL = "all", gettext_lazy("All")


class Age(models.TextChoices):
    """When it came in."""

    HOUR = "hour", gettext_lazy("in the last hour")
    DAY = "day", gettext_lazy("in the last day")
    WEEK = "week", gettext_lazy("in the last week")
    OLDER = "older", gettext_lazy("more than a week ago")


class Order(models.TextChoices):
    OLDEST = "oldest", gettext_lazy("Oldest first")
    LIKELY = "likely", gettext_lazy("Most likely decision first")


WEEK = timedelta(days=7)
AGES = {Age.HOUR: timedelta(hours=1), Age.DAY: timedelta(days=1), Age.WEEK: WEEK}
STATUS_OF = {
    Tab.WAITING: Status.HELD,
    Tab.SPAM: Status.SPAM,
    Tab.REJECTED: Status.REJECTED,
    Tab.APPROVED: Status.APPROVED,
}


class Sorting(NamedTuple):
    """By which field, and of equals by the primary key, in the same direction."""

    field: str
    is_descending: bool = False


# What somebody waits for comes oldest first; of what is decided the newest is of interest.
BY_TIME = {
    Tab.WAITING: Sorting("submitted_at"),
    Tab.REPORTED: Sorting("reported_at"),
    Tab.LOOKS: Sorting("second_look__asked_at"),
}
NEWEST_FIRST = Sorting("submitted_at", is_descending=True)
SUREST_FIRST = Sorting("sure", is_descending=True)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What of the replies is asked for, in which order, and from where on."""

    tab: Tab = Tab.WAITING
    article: int | None = None
    section: int | None = None
    rule: str = ""  # that found something in it
    sender: int | None = None
    age: Age | None = None
    language: str = ""  # of the piece
    q: str = ""  # in texts and names
    order: Order = Order.OLDEST
    likely: Likely | None = None
    sure: int | None = None  # percent, at least
    after: str = ""  # the last card of the page before

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Self:
        """Raises NotAChoice. Parameters that the queue doesn't have are none of its business."""
        read: dict[str, Any] = {}
        for each in fields(cls):
            if text := query.get(each.name, ""):
                try:
                    read[each.name] = READERS[each.name](text)
                except ValueError:
                    told = _("The queue knows no such choice: %(name)s.") % {"name": each.name}
                    raise NotAChoice(told) from None
        choice = cls(**read)
        if choice.after and choice._place is None:
            raise NotAChoice(_("The queue knows no such choice: %(name)s.") % {"name": "after"})
        return choice

    def as_query(self, **changes: Any) -> str:
        """The same, or with `changes`, as a query without what goes without saying. Where its
        page begins (`after`) is only said where it is one of the changes."""
        return replace(self, **{"after": "", **changes})._query if changes else self._usual_query

    @cached_property
    def _usual_query(self) -> str:
        """Each card of a page says it several times."""
        return replace(self, after="")._query

    @property
    def _query(self) -> str:
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        usual = {each.name: each.default for each in fields(self)}
        return urlencode({name: value for name, value in said.items() if value != usual[name]})

    @property
    def is_filtered(self) -> bool:
        """Whether it is about less than all of its tab."""
        return replace(self, order=Order.OLDEST, after="") != Choice(tab=self.tab)

    def replies(self) -> CommentQuerySet:
        """All that it is about, in no order, wherever its page begins. Never an erased one."""
        found = _in_tab(self.tab)
        simple = {
            "article": self.article,
            "commenter": self.sender,
            "likely": self.likely,
            "sure__gte": self.sure,
        }
        found = found.filter(**{name: value for name, value in simple.items() if value})
        if self.section or self.language:
            # Found by the index of the pieces that are meant, not by a look at each reply's piece.
            found = found.filter(article__in=self._pieces().values("pk"))
        if self.rule:
            seen_by_it = Finding.objects.filter(comment=OuterRef("pk"), rule=self.rule)
            found = found.filter(Exists(seen_by_it))
        if self.age:
            found = _of_age(found, self.age)
        for word in self.q.split():
            found = found.filter(Q(body__icontains=word) | Q(name__icontains=word))
        return found

    def _pieces(self) -> QuerySet[Article]:
        pieces = Article.objects.all()
        if self.section:
            pieces = pieces.filter(section=self.section)
        if self.language:
            # Of `pt` also what is in `pt-BR`.
            region = Q(language__istartswith=f"{self.language}-")
            pieces = pieces.filter(Q(language__iexact=self.language) | region)
        return pieces

    def from_here(self) -> CommentQuerySet:
        """The replies in their order, from those on that follow `after`."""
        sorting, found, place = self._sorting, self.replies(), self._place
        field, sign = sorting.field, "-" if sorting.is_descending else ""
        if place is not None:
            beyond, until = ("lte", "gte") if sorting.is_descending else ("gte", "lte")
            # The first bounds the range of the index; within it the key decides.
            found = found.filter(**{f"{field}__{beyond}": place[0]})
            found = found.exclude(**{field: place[0], f"pk__{until}": place[1]})
        return found.order_by(f"{sign}{field}", f"{sign}pk")

    def place_of(self, comment: Comment) -> str:
        """What `after` says to go on behind a reply of from_here()."""
        value: Any = comment
        for name in self._sorting.field.split("__"):
            value = getattr(value, name)
        if self.order == Order.LIKELY:
            return f"{value}-{comment.pk}"
        return str(Key(value, comment.pk))

    @property
    def _sorting(self) -> Sorting:
        if self.order == Order.LIKELY:
            return SUREST_FIRST
        return BY_TIME.get(self.tab, NEWEST_FIRST)

    @property
    def _place(self) -> tuple[Any, int] | None:
        if self.order == Order.LIKELY:
            match = SURENESS_KEY.fullmatch(self.after)
            return (int(match[1]), int(match[2])) if match else None
        return Key.read(self.after)


def tab_counts() -> dict[Tab, int]:
    """How many replies each tab holds, as they are now.

    What is approved is by far the most, and is what is left when the others are taken from all:
    databases count all of a table's rows quicker than many of them.
    """
    few = (Tab.WAITING, Tab.REPORTED, Tab.LOOKS, Tab.SPAM, Tab.REJECTED)
    counts = {tab: _in_tab(tab).count() for tab in few}
    erased = Comment.objects.filter(status=Status.ERASED).count()
    counts[Tab.ALL] = Comment.objects.count() - erased
    refused = counts[Tab.SPAM] + counts[Tab.REJECTED]
    counts[Tab.APPROVED] = max(counts[Tab.ALL] - counts[Tab.WAITING] - refused, 0)
    return counts


def _in_tab(tab: Tab) -> CommentQuerySet:
    replies = Comment.objects.all()
    if tab in STATUS_OF:
        return replies.filter(status=STATUS_OF[tab])
    if tab == Tab.REPORTED:
        return replies.filter(reported_at__isnull=False)
    if tab == Tab.LOOKS:
        return replies.filter(
            status__in=Comment.REFUSED,
            second_look__isnull=False,
            second_look__decided_at__isnull=True,
        )
    return replies.exclude(status=Status.ERASED)


def _of_age(replies: CommentQuerySet, age: Age) -> CommentQuerySet:
    now = timezone.now()
    if age == Age.OLDER:
        return replies.filter(submitted_at__lt=now - WEEK)
    return replies.filter(submitted_at__gte=now - AGES[age])


# --- Reading a query: each raises ValueError ---------------------------------------------------


def _key(text: str) -> int:
    if not is_key(text) or not int(text):
        raise ValueError
    return int(text)


def _percent(text: str) -> int:
    if not (is_key(text) and 50 <= int(text) <= 100):
        raise ValueError
    return int(text)


def _words(text: str) -> str:
    """What may be an email address is looked for nowhere."""
    words = " ".join(CONTROLS.sub(" ", text).split())
    if len(words) > MAX_WORDS or ADDRESS.search(words):
        raise ValueError
    return words


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError
        return text

    return read


READERS: dict[str, Callable[[str], Any]] = {
    "tab": Tab,
    "article": _key,
    "section": _key,
    "rule": _matching(RULE),
    "sender": _key,
    "age": Age,
    "language": _matching(LANGUAGE),
    "q": _words,
    "order": Order,
    "likely": Likely,
    "sure": _percent,
    "after": str,
}
