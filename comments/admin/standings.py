"""Blocking and trusting the sender of a reply, whose address nobody sees."""

from datetime import datetime, timedelta
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.admin.listed_elsewhere import ListedElsewhere
from comments.models import Comment, Commenter, Decision, Standing
from comments.models.standing import SenderForgotten
from newsroom.admin.read_only import ReadOnly

MAX_REASON = 500
FOR_GOOD = "0"
DAYS = [("7", _("7 days")), ("30", _("30 days")), ("365", _("a year")), (FOR_GOOD, _("for good"))]
LIFT = "lift"


STANDINGS = [
    (Standing.Kind.BLOCKED, _("is blocked: their replies are turned down")),
    (Standing.Kind.TRUSTED, _("is trusted: what shows their proof is not held as new")),
]


class StandingForm(forms.Form):
    standing = forms.ChoiceField(
        label=_("This sender"),
        choices=[*STANDINGS, (LIFT, _("is one like others"))],
        widget=forms.RadioSelect,
    )
    days = forms.ChoiceField(label=_("How long"), choices=DAYS, initial="30")
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REASON,
        help_text=_("The sender can read it among their data."),
    )

    def apply(self, sender: Commenter, *, by: User, decision: Decision | None = None) -> bool:
        """False where the sender was one like others, and is."""
        kind = self.cleaned_data["standing"]
        if kind == LIFT:
            return sender.lift(by=by)
        verb = sender.block if kind == Standing.Kind.BLOCKED else sender.trust
        verb(by=by, until=self.until, reason=self.cleaned_data["reason"], decision=decision)
        return True

    @property
    def until(self) -> datetime | None:
        """When it ends; None for good."""
        days = int(self.cleaned_data["days"])
        return timezone.now() + timedelta(days=days) if days else None


class KeepsStandings(admin.ModelAdmin):
    """For the admin of replies: a page to block or trust the sender of one."""

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<int:number>/sender/",
            self.admin_site.admin_view(self.sender),
            name="comments_comment_sender",
        )
        return [page, *super().get_urls()]

    def sender(self, request: HttpRequest, number: int) -> HttpResponse:
        if not request.user.has_perm("comments.moderate_comment"):
            raise PermissionDenied
        replies = Comment.objects.select_related("article", "commenter")
        comment = get_object_or_404(replies, pk=number, commenter__fingerprint__isnull=False)
        form = StandingForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            sender = cast(Commenter, comment.commenter)
            try:
                counts = form.apply(sender, by=cast(User, request.user))
            except SenderForgotten:
                raise Http404 from None  # as if the page were opened now
            if counts:
                self.message_user(request, _("It counts from now on."), messages.SUCCESS)
            return redirect("admin:comments_comment_change", comment.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("The sender of a reply"),
            "comment": comment,
            "standing": standing_of(comment),
            "form": form,
            "opts": Comment._meta,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/comments/sender.html", context, status=status)

    @admin.display(description=_("sender"))
    def standing(self, comment: Comment) -> str:
        context = {"comment": comment, "standing": standing_of(comment)}
        return render_to_string("admin/comments/_standing.html", context)


def standing_of(comment: Comment) -> Standing | None:
    """The one in force of the reply's sender."""
    sender = comment.commenter
    if sender is None or sender.fingerprint is None:
        return None
    of_sender = Standing.objects.in_force().filter(fingerprint=sender.fingerprint)
    return of_sender.select_related("by").first()


@admin.register(Standing)
class StandingAdmin(ReadOnly, ListedElsewhere):
    """One standing, by number, since nobody sees an address; the list of all is of senders."""

    list_page = "comments_senders"
    fields = ["at", "kind", "whom", "until", "by", "reason", "lifted_at", "lifted_by"]
    readonly_fields = ["whom"]

    @admin.display(description=_("sender"))
    def whom(self, standing: Standing) -> str:
        return str(standing.sender or _("erased"))
