"""The cards of the queue: replies with all that a moderator needs to decide on them.

However many there are, the questions to the database are as many.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.utils import timezone

from comments import body_html, second_readings
from comments.admin.desk.marks import Part, marked
from comments.models import (
    NO_RECORD,
    Comment,
    Decision,
    FormerText,
    Record,
    Report,
    SecondLook,
    Standing,
)
from comments.models.comment_queryset import CommentQuerySet
from comments.models.decision import Kind, Status
from comments.models.second_look import active_moderators
from comments.queue import Choice, Tab

MOST_NAMES = 5  # of a sender, that a card tells
UNDONE_BY: Any = Decision._meta.get_field("undone_by")
MOST_AGAIN = 3  # cards that a moderator reads as a second one, at once


@dataclass
class Card:
    comment: Comment
    record: Record = NO_RECORD  # of the sender's other replies
    other_names: tuple[str, ...] = ()
    standing: Standing | None = None  # of the sender, in force
    who_decides: str = ""  # where a second look is waited for

    @cached_property
    def parts(self) -> list[Part]:
        """What readers see, or would, with what the rules saw in it."""
        text = body_html.readable(self.comment.body_html)
        return list(marked(text, self.comment.findings.all()))

    @property
    def decisions(self) -> list[Decision]:
        """On it, the newest first. For a second reader only those before the one in question."""
        before = getattr(self.comment, "decisions_before", None)
        return list(self.comment.decisions.all()) if before is None else list(before)

    @property
    def of_piece(self) -> str:
        """The query of what waits under the piece."""
        return Choice(article=self.comment.article_id).as_query()

    @property
    def of_sender(self) -> str:
        """The query of all that its sender has written."""
        return Choice(tab=Tab.ALL, sender=self.comment.commenter_id).as_query()

    @property
    def waits_since(self) -> datetime | None:
        """None for what nobody waits for."""
        comment = self.comment
        if self.who_decides:
            return comment.second_look.asked_at
        if comment.is_held:
            # What was public or refused waits since it came back, but not for being undone.
            held = [each.at for each in self.decisions if _puts_back(each)]
            return max(held, default=comment.submitted_at)
        return comment.reported_at

    @property
    def has_just_come(self) -> bool:
        """Too short ago to be told in minutes."""
        since = self.waits_since
        return since is not None and timezone.now() - since < timedelta(minutes=1)

    @property
    def more_names(self) -> int:
        """How many of the sender's other names the card leaves out."""
        return max(len(self.other_names) - MOST_NAMES, 0)

    @property
    def names(self) -> tuple[str, ...]:
        return self.other_names[:MOST_NAMES]


def for_cards(replies: CommentQuerySet) -> CommentQuerySet:
    """With what cards show of each, besides what cards_of() finds out of all of them at once."""
    return (
        replies.select_related(
            *("article__section", "commenter", "parent", "written_by", "prediction"),
            *("second_look__refused_by", "second_look__decided_by"),
        )
        # A piece is long, and a card only names it.
        .defer("article__body", "article__body_html", "article__desk_notes")
        .prefetch_related(
            "findings",
            Prefetch("reports", Report.objects.open(), to_attr="open_reports"),
            Prefetch("former_texts", FormerText.objects.select_related("by")),
            # What took one back is among them.
            Prefetch("decisions", Decision.objects.select_related("by", "given")),
        )
    )


def cards_of(comments: Sequence[Comment]) -> list[Card]:
    """The cards of replies that were found by for_cards()."""
    senders = {each.commenter_id for each in comments if each.commenter_id}
    records = Comment.objects.records(senders)
    names = Comment.objects.names_of(senders)
    prints = {each.commenter.fingerprint for each in comments if each.commenter}
    standings = {
        each.fingerprint: each
        for each in Standing.objects.in_force()
        .filter(fingerprint__in=prints - {None})
        .select_related("by")
    }
    has_looks = any(_waiting_look(each) for each in comments)
    active = {user.pk for user in active_moderators()} if has_looks else set()
    cards = []
    for comment in comments:
        _tell_undone(comment.decisions.all())
        sender, look = comment.commenter, _waiting_look(comment)
        cards.append(
            Card(
                comment,
                record=records.get(comment.commenter_id or 0, NO_RECORD).without(comment),
                other_names=tuple(
                    name
                    for name in names.get(comment.commenter_id or 0, ())
                    if name != comment.name
                ),
                standing=standings.get(sender.fingerprint or "") if sender else None,
                who_decides=look.who_decides(active) if look else "",
            )
        )
    return cards


def _tell_undone(decisions: Iterable[Decision]) -> None:
    """Which were taken back, where these are all of one reply: without asking for each."""
    by_what = {each.undoes_id: each for each in decisions if each.undoes_id}
    for each in decisions:
        UNDONE_BY.set_cached_value(each, by_what.get(each.pk))


def second_cards(user: User) -> list[Card]:
    """Of decided replies that `user` reads as if nobody had decided on them."""
    readings = {each.comment_id: each for each in second_readings.due_for(user)[:MOST_AGAIN]}
    if not readings:
        return []
    cards = cards_of(list(for_cards(Comment.objects.filter(pk__in=readings))))
    for card in cards:
        second_readings.as_if_new(card.comment, readings[card.comment.pk])
    return cards


def _puts_back(decision: Decision) -> bool:
    return (
        decision.kind != Kind.UNDONE
        and decision.to_status == Status.HELD
        and decision.from_status not in ("", Status.HELD)
    )


def _waiting_look(comment: Comment) -> SecondLook | None:
    look = getattr(comment, "second_look", None)
    return look if look and look.is_waiting and comment.is_refused else None
