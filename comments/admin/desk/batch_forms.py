"""What a moderator chooses to decide on at once, and how."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from django import forms
from django.db.models import Exists, Max, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.admin.desk.deciding import STATES
from comments.models import Batch, CannedReason, Comment, SecondLook
from comments.models.batch import MOST
from comments.models.comment_queryset import CommentQuerySet
from comments.models.decision import MAX_NOTE, MAX_REASON, Status
from comments.queue import Choice, NotAChoice, Order
from newsroom.primary_keys import is_key

MOST_BY_HAND = 500
AS_SEEN = re.compile(r"([0-9]{1,18})\.([a-z]{1,10})\.([0-9]{1,9})")


@dataclass(frozen=True)
class Selection:
    """The replies that are meant: some of what a Choice is about.

    `until` is the highest primary key there was when they were counted: what came in later is
    never meant. `seen` is how each of those that were selected by hand was when it was read, by
    its primary key.
    """

    choice: Choice
    chosen: Batch.Chosen
    to: Status
    until: int
    first: int = 0
    last: int = 0
    seen: Mapping[int, str] | None = None

    def replies(self) -> CommentQuerySet:
        """Without what is already so and leaves nothing to settle, unless selected by hand."""
        if self.seen is not None:
            return Comment.objects.filter(pk__in=self.seen).exclude(status=Status.ERASED)
        looks = SecondLook.objects.filter(comment=OuterRef("pk"), decided_at__isnull=True)
        is_so = Q(status=self.to, reported_at__isnull=True)
        if self.to in Comment.REFUSED:
            is_so &= ~Q(Exists(looks))
        found = self.choice.replies().filter(pk__lte=self.until)
        if self.chosen == Batch.Chosen.RANGE:
            found = found.filter(pk__gte=self.first, pk__lte=self.last)
        return found.exclude(is_so)

    def count(self) -> int:
        """At most MOST."""
        return self.replies().order_by("pk")[:MOST].count()


class SelectionForm(forms.Form):
    """The form above the cards of the queue."""

    decision = forms.ChoiceField(
        choices=[(name, name) for name in STATES],
        error_messages={
            "required": gettext_lazy("Nothing was decided: no button was pressed."),
            "invalid_choice": gettext_lazy("Nothing was decided: no button was pressed."),
        },
    )
    chosen = forms.ChoiceField(choices=Batch.Chosen.choices, required=False)
    # Of a search in another script each letter takes nine characters or twelve.
    choice = forms.CharField(required=False, max_length=2000)
    first = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    last = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def clean_choice(self) -> Choice:
        try:
            choice = Choice.parse(QueryDict(self.cleaned_data["choice"]).dict())
        except NotAChoice as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return replace(choice, after="", order=Order.OLDEST)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.errors:
            return data
        data["chosen"] = Batch.Chosen(data["chosen"] or Batch.Chosen.HAND)
        data["seen"] = self._by_hand() if data["chosen"] == Batch.Chosen.HAND else None
        if data["chosen"] == Batch.Chosen.RANGE:
            if not (data["first"] and data["last"]):
                raise forms.ValidationError(_("A range needs two numbers of replies."))
            # In whichever order they were typed.
            data["first"], data["last"] = sorted([data["first"], data["last"]])
        return data

    def _by_hand(self) -> dict[int, str]:
        """How each was seen, or is now, by its primary key."""
        sent = dict.fromkeys(cast(QueryDict, self.data).getlist("reply"))
        if not sent:
            raise forms.ValidationError(_("Nothing was decided: no reply was selected."))
        if len(sent) > MOST_BY_HAND:
            raise forms.ValidationError(
                _("At most %(most)s replies can be selected by hand.") % {"most": MOST_BY_HAND}
            )
        told = (AS_SEEN.fullmatch(each) for each in sent)
        seen = {int(match[1]): f"{match[2]}.{match[3]}" for match in told if match}
        unread = [int(each) for each in sent if is_key(each)]
        for comment in Comment.objects.filter(pk__in=unread).only("status", "version"):
            seen[comment.pk] = comment.as_seen
        return seen

    def selection(self, *, until: int | None = None) -> Selection:
        data = self.cleaned_data
        if until is None:
            until = Comment.objects.aggregate(last=Max("pk"))["last"] or 0
        return Selection(
            choice=data["choice"],
            chosen=data["chosen"],
            to=STATES[data["decision"]],
            until=until,
            first=data["first"] or 0,
            last=data["last"] or 0,
            seen=data["seen"],
        )


class ConfirmationForm(SelectionForm):
    """The same again, with what is said to the authors, and what the page had told."""

    until = forms.IntegerField(min_value=0, max_value=2**62)
    count = forms.IntegerField(min_value=1, max_value=MOST)
    key = forms.RegexField(r"^[0-9a-f]{32}$")
    reason = forms.CharField(
        label=gettext_lazy("In your own words"), required=False, max_length=MAX_REASON
    )
    canned = forms.ModelChoiceField(CannedReason.objects.offered(), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note for moderators alone"), required=False, max_length=MAX_NOTE
    )

    def said(self) -> dict[str, Any]:
        """For Batch: a ready reason is for what is rejected, and gives way to own words."""
        data = self.cleaned_data
        is_rejection = data["decision"] == "reject"
        return {
            "reason": data["reason"],
            "note": data["note"],
            "canned": data["canned"] if is_rejection else None,
        }
