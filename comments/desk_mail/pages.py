"""The page on which a moderator decides by a link in a mail.

Whoever has the address has it from the moderator's mailbox: it needs no cookie, and the session
plays no part. Opening it only asks; programs that look at the links of a mail change nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.db import OperationalError, transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comments.deciding import ChangedMeanwhile, Said
from comments.desk_mail.links import (
    LASTS,
    BadLink,
    Expired,
    Link,
    about_state,
    last_decision,
    link_of,
)
from comments.meanwhile import in_words
from comments.models import CannedReason, Comment, Decision, Report
from comments.models.decision import MAX_REASON, Kind
from comments.models.second_look import ForAnotherModerator
from newsroom.language import speaking_as_the_site
from newsroom.private_pages import private
from newsroom.same_origin import proof_in_address
from newsroom.see_other import SeeOther


class NotOpen(Exception):
    """What the link was made for is so no more: it was decided on, changed or erased."""


@dataclass(frozen=True)
class Deed:
    """What a link does, and how its page asks."""

    verb: Callable[..., bool]
    question: str | Promise
    button: str | Promise


DEEDS = {
    "approve": Deed(
        Comment.approve, gettext_lazy("Approve this reply?"), gettext_lazy("Approve it")
    ),
    "reject": Deed(Comment.reject, gettext_lazy("Reject this reply?"), gettext_lazy("Reject it")),
    "spam": Deed(
        Comment.mark_spam, gettext_lazy("Mark this reply as spam?"), gettext_lazy("Mark it as spam")
    ),
}


class ReadyReasons(forms.ModelChoiceField):
    """The ready reasons, in the language of a piece."""

    language = ""

    def label_from_instance(self, obj: CannedReason) -> str:
        return obj.words(self.language)


class ReasonForm(forms.Form):
    """Why it is rejected: in the moderator's own words, else in those of a ready reason."""

    canned = ReadyReasons(
        label=gettext_lazy("Reason"),
        queryset=CannedReason.objects.offered(),
        widget=forms.RadioSelect,
        required=False,
        blank=True,
        empty_label=gettext_lazy("none of these"),
    )
    reason = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The author reads it."),
    )

    def __init__(self, data: Any, comment: Comment) -> None:
        super().__init__(data)
        self.language = comment.article.language
        cast(ReadyReasons, self.fields["canned"]).language = self.language

    def said(self) -> Said:
        """What the verb is told."""
        canned, own = self.cleaned_data["canned"], self.cleaned_data["reason"]
        reason = own or (canned.words(self.language) if canned else "")
        return Said(canned=canned, reason=reason)


@proof_in_address
@private
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, token: str, decision: str) -> HttpResponse:
    """Ask, and decide when it is confirmed; afterwards it says what became of the reply."""
    deed = DEEDS.get(decision)
    if deed is None:
        raise Http404
    with speaking_as_the_site():
        try:
            link = link_of(token)
        except BadLink:
            raise Http404 from None
        except Expired:
            return _refusal(
                request, _("This link has ended: it worked for %d days.") % LASTS.days, 410
            )
        if not _may_decide(link.user):
            return _refusal(request, _("You don't decide on replies any more."), 403)
        return _page(request, link, decision, deed)


def _page(request: HttpRequest, link: Link, decision: str, deed: Deed) -> HttpResponse:
    reports = Prefetch("reports", Report.objects.open(), to_attr="open_reports")
    replies = Comment.objects.select_related("article", "parent", "second_look")
    comment = replies.prefetch_related("findings", reports).filter(pk=link.comment).first()
    if comment is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None, comment)
    refusal, status = _take(link, deed, form) if form.is_bound else ("", 200)
    if status == 303:
        return SeeOther(request.path)
    context = {
        "link": link,
        "comment": comment,
        "deed": deed,
        "form": form if decision == "reject" else None,
        "refusal": refusal,
        "others": [
            (each.button, reverse("comments:mailed_decision", args=[link.token, name]))
            for name, each in DEEDS.items()
            if name != decision
        ],
    } | _meanwhile(link, comment)
    response = render(request, "comments/desk_mail/decide.html", context, status=status)
    if status == 503:
        response.headers["Retry-After"] = "30"
    return response


def _take(link: Link, deed: Deed, form: ReasonForm) -> tuple[str, int]:
    """What was sent. Gives the HTTP status of the answer (303 where it is decided), and before
    it what else the page has to say."""
    if not form.is_valid():
        return "", 422
    try:
        _decide(link, deed.verb, form)
    except (NotOpen, ChangedMeanwhile):
        return "", 409
    except ForAnotherModerator as error:
        return str(error), 409
    except OperationalError:
        # The database is locked or full, and reading may still work.
        return _("We can't take this just now. Please send it again later."), 503
    return "", 303


def _decide(link: Link, verb: Callable[..., bool], form: ReasonForm) -> None:
    """Raises NotOpen, ChangedMeanwhile or ForAnotherModerator; then nothing has changed."""
    with transaction.atomic():
        now = Comment.objects.select_for_update(of=("self",)).get(pk=link.comment)
        if not _is_open(link, now, last_decision(now)):
            raise NotOpen
        note = _("By a link in a mail.")
        verb(now, by=link.user, seen=link.version, note=note, **form.said())


def _is_open(link: Link, comment: Comment, last: Decision | None) -> bool:
    same = last is not None and last.pk == link.basis and comment.version == link.version
    return same and not comment.is_erased


def _meanwhile(link: Link, comment: Comment) -> dict[str, object]:
    """Whether there is still something to decide, and if not, who did what."""
    is_open = _is_open(link, comment, last_decision(comment))
    made = Decision.objects.filter(about_state(), comment=comment, to_status=comment.status)
    made = made.exclude(kind=Kind.SECOND_LOOK).select_related("by").order_by("-pk")
    last = None if is_open else made.first()
    return {
        "is_open": is_open,
        "last": last,
        "told": in_words(last) if last else "",
        "is_changed": last is not None and last.kind in (Kind.EDITED, Kind.CORRECTED),
    }


def _may_decide(user: User) -> bool:
    return user.is_active and user.is_staff and user.has_perm("comments.moderate_comment")


def _refusal(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, "comments/desk_mail/ended.html", {"words": words}, status=status)
