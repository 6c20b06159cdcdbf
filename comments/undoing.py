"""Taking back what a moderator did: the decision stays on record, and another one undoes it.

So it is for what they decided, picked, took out of a text, noted, and for the senders they blocked.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import body_html, correcting, deciding
from comments.meanwhile import DecidedMeanwhile
from comments.models.commenter import Commenter
from comments.models.decision import Decision, Kind, Status
from comments.models.second_look import SecondLook
from comments.models.standing import Standing
from comments.seen import changes_under

if TYPE_CHECKING:
    from comments.models.comment import Comment

REACHES_BACK = timedelta(days=1)  # where nobody says which decision is meant


class NotUndone(Exception):
    """It stays as it is; the message says why."""


class NothingToUndo(NotUndone):
    """The moderator did nothing lately that isn't taken back."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing of yours from the last day to take back."))


def last_by(user: User) -> Decision | None:
    """What `user` did last, within REACHES_BACK, and that isn't taken back.

    What was decided in a batch is taken back with all of it.
    """
    since = timezone.now() - REACHES_BACK
    own = Decision.objects.filter(by=user, at__gte=since, undone_by__isnull=True)
    single = own.filter(batch__isnull=True, kind__in=WAYS)
    last: Decision | None = single.select_related("comment").order_by("-pk").first()
    return last


def undo(decision: Decision, *, by: User) -> Decision:
    """Take back what `by` decided; the decision that does so.

    Raises NotUndone where it can't be, DecidedMeanwhile where somebody has decided on the same
    reply since, and ForAnotherModerator where its author has asked for a second look since.
    """
    way = WAYS.get(Kind(decision.kind))
    if decision.by_id != by.pk or decision.batch_id or way is None:
        raise NotUndone(_("Only what you decided yourself can be taken back here."))
    with transaction.atomic():
        # The sender is locked first: so it is wherever both are.
        sender = Commenter.objects.select_for_update(no_key=True)
        sender.filter(comments=decision.comment_id).first()
        comments = type(decision.comment)._default_manager.select_for_update()
        comment = comments.get(pk=decision.comment_id)
        if Decision.objects.filter(undoes=decision).exists():
            raise NotUndone(_("This was taken back already."))
        if comment.is_erased:
            raise NotUndone(_("The reply was erased."))
        with changes_under([comment.article_id]):
            return way(comment, decision, by)


def _record(comment: "Comment", decision: Decision, by: User) -> Decision:
    """That it is taken back, without a change of the reply's state."""
    return Decision.objects.record(
        comment,
        by=by,
        from_status=comment.status,
        to=comment.status,
        kind=Kind.UNDONE,
        undoes=decision,
    )


def take_back_state(comment: "Comment", decision: Decision, by: User) -> Decision:
    """Bring a reply, which is locked, back into the state before `decision`: see undo()."""
    later = comment.decisions.filter(pk__gt=decision.pk, undone_by__isnull=True)
    later = later.exclude(kind=Kind.UNDONE).exclude(from_status=F("to_status"))
    if last := later.select_related("by").order_by("-pk").first():
        raise DecidedMeanwhile(last)
    # An answer of the newsroom was in no state before: readers see it no more.
    to = Status(decision.from_status or Status.REJECTED)
    edited = comment.decisions.filter(pk__gt=decision.pk, kind=Kind.EDITED)
    if to == Status.APPROVED and not comment.is_approved and edited.exists():
        # What readers saw was another text.
        raise NotUndone(_("The text was changed again since."))
    if deciding.decide(comment, to, by=by, kind=Kind.UNDONE, undoes=decision):
        made: Decision = Decision.objects.get(undoes=decision)
    else:
        made = _record(comment, decision, by)
    if decision.kind == Kind.LOOKED_AGAIN:
        for look in SecondLook.objects.filter(comment=comment, decided_at__isnull=False):
            look.reopen()
    return made


def _take_back_pick(comment: "Comment", decision: Decision, by: User) -> Decision:
    was_picked = decision.kind == Kind.FEATURED
    if comment.is_featured != was_picked:
        raise NotUndone(_("Somebody has changed that since."))
    comment.featured_at = None if was_picked else timezone.now()
    comment.save(update_fields=["featured_at"])
    return _record(comment, decision, by)


def _take_back_correction(comment: "Comment", decision: Decision, by: User) -> Decision:
    former = comment.former_texts.filter(decision=decision).first()
    if former is None:
        raise NotUndone(_("The former text is kept no more."))
    later = comment.former_texts.filter(pk__gt=former.pk)
    is_undone = Q(decision__undone_by__isnull=False) | Q(decision__kind=Kind.UNDONE)
    if later.exclude(is_undone).exists():
        raise NotUndone(_("The text was changed again since."))
    if comment.is_approved:
        # Who let it out, or kept it where it was, has read the text as it is now.
        since = comment.decisions.filter(pk__gt=decision.pk, undone_by__isnull=True)
        others = since.filter(kind__in=ABOUT_STATE).exclude(by=by).select_related("by")
        if last := others.order_by("-pk").first():
            raise DecidedMeanwhile(last)
    made = _record(comment, decision, by)
    html = body_html.clean(former.body)
    findings = correcting.findings_in(comment, former.body, html)
    correcting.rewrite(comment, former.body, html, findings, decision=made)
    earlier = comment.decisions.filter(kind=Kind.CORRECTED, undone_by__isnull=True)
    last = earlier.order_by("-pk").first()
    comment.corrected_at = last.at if last else None
    comment.save(update_fields=["corrected_at"])
    return made


def _take_back_standing(comment: "Comment", decision: Decision, by: User) -> Decision:
    standing = Standing.objects.filter(decision=decision).select_related("instead_of__by").first()
    sender = comment.commenter
    if standing is None or standing.lifted_at or sender is None:
        raise NotUndone(_("Somebody has changed that since."))
    sender.lift(by=by)
    before = standing.instead_of
    if before and (before.until is None or before.until > timezone.now()):
        Standing.objects.give(
            sender, before.kind, by=before.by, until=before.until, reason=before.reason
        )
    return _record(comment, decision, by)


ABOUT_STATE = (Kind.STATE, Kind.LOOKED_AGAIN, Kind.REPORTS)
WAYS: dict[Kind, Callable[["Comment", Decision, User], Decision]] = {
    **dict.fromkeys(ABOUT_STATE, take_back_state),
    Kind.FEATURED: _take_back_pick,
    Kind.UNFEATURED: _take_back_pick,
    Kind.CORRECTED: _take_back_correction,
    Kind.BLOCKED: _take_back_standing,
    Kind.TRUSTED: _take_back_standing,
    Kind.NOTED: _record,
}
