"""Senders who are blocked or trusted, and all that is known of one. Nobody sees an address."""

from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.keyset import KeysOf, in_order, page_of
from comments import body_html
from comments.admin.log_form import DayField
from comments.admin.standings import StandingForm
from comments.models import NO_RECORD, Comment, Commenter, Standing
from comments.models.standing import SenderForgotten, StandingQuerySet
from comments.queue import Choice, Tab
from newsroom.admin_site import site
from newsroom.primary_keys import is_key
from newsroom.private_pages import private

STANDINGS = 50  # a page
REPLIES = 20  # a page of one sender
MOST_NAMES = 20


class Part(models.TextChoices):
    """Of the list."""

    BLOCKED = "blocked", gettext_lazy("Blocked")
    TRUSTED = "trusted", gettext_lazy("Trusted")
    ENDED = "ended", gettext_lazy("Ended")

    def standings(self) -> StandingQuerySet:
        if self == Part.ENDED:
            return Standing.objects.ended()
        return Standing.objects.in_force().filter(kind=self.value)


class SenderForm(StandingForm):
    """Blocks, trusts or lifts, for some days or until one of them."""

    day = DayField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("A day, instead of the choice above."),
    )

    def clean_day(self) -> datetime | None:
        day = self.cleaned_data["day"]
        if day is None:
            return None
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Please choose a day to come."))
        return timezone.make_aware(datetime.combine(day, time.min))

    @property
    def until(self) -> datetime | None:
        day: datetime | None = self.cleaned_data["day"]
        return day or super().until


@permission_required("comments.view_standing", raise_exception=True)
@require_safe
@private
def senders(request: HttpRequest) -> HttpResponse:
    """Who is blocked, who is trusted, and who was: newest first."""
    asked = request.GET.get("part", Part.BLOCKED)
    part = Part(asked) if asked in Part.values else Part.BLOCKED
    standings = part.standings().select_related("by", "lifted_by", "sender")
    page = Paginator(standings.order_by("-at", "-pk"), STANDINGS).get_page(request.GET.get("page"))
    context = admin.site.each_context(request) | {
        "title": _("Blocked and trusted senders"),
        "parts": [(each, each.standings().count()) for each in Part],
        "part": part,
        "page": page,
        "may_change": _may_change(request),
    }
    return TemplateResponse(request, "admin/comments/senders/list.html", context)


@permission_required("comments.moderate_comment", raise_exception=True)
@require_POST
@private
def lift(request: HttpRequest) -> HttpResponse:
    """The button beside a standing in the list."""
    number = request.POST.get("standing", "")
    if not is_key(number):
        raise Http404
    standing = get_object_or_404(Standing, pk=int(number))
    if standing.lift(by=cast(User, request.user)):
        messages.success(request, _("It counts no more from now on."))
    else:
        messages.info(request, _("That had been lifted before."))
    return redirect("admin:comments_senders")


@permission_required(["comments.view_standing", "comments.view_comment"], raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
@private
def sender(request: HttpRequest, number: int) -> HttpResponse:
    """What is known of a sender: names, record, what they were blocked and trusted for, replies."""
    who = get_object_or_404(Commenter, pk=number)
    form = SenderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not _may_change(request):
            raise PermissionDenied
        if form.is_valid():
            return _apply(request, who, form)
    return _draw(request, who, form)


def _apply(request: HttpRequest, who: Commenter, form: SenderForm) -> HttpResponse:
    try:
        counts = form.apply(who, by=cast(User, request.user))
    except SenderForgotten:
        messages.warning(request, _("Nothing is left by which the sender could be known."))
    else:
        if counts:
            messages.success(request, _("It counts from now on."))
    return redirect("admin:comments_sender", who.pk)


def _draw(request: HttpRequest, who: Commenter, form: SenderForm) -> HttpResponse:
    of_sender = Comment.objects.filter(commenter=who)

    def dated_until(moment: datetime | None) -> Any:
        return of_sender if moment is None else of_sender.filter(submitted_at__lte=moment)

    page = page_of(KeysOf(dated_until, "submitted_at"), request.GET, REPLIES)
    keys = [key.pk for key in page.keys]
    replies = (
        Comment.objects.filter(pk__in=keys)
        .select_related("article")
        .defer("body", "article__body", "article__body_html", "article__desk_notes")
    )
    standings = Standing.objects.filter(fingerprint=who.fingerprint).select_related(
        "by", "lifted_by"
    )
    names = Comment.objects.names_of([who.pk]).get(who.pk, [])
    context = admin.site.each_context(request) | {
        "title": _("Sender %(number)s") % {"number": who.pk},
        "sender": who,
        "names": names[:MOST_NAMES],
        "more_names": max(len(names) - MOST_NAMES, 0),
        "record": Comment.objects.records([who.pk]).get(who.pk, NO_RECORD),
        "standings": standings,
        "standing": standings.in_force().first(),
        "is_known": who.fingerprint is not None,
        "form": form,
        "may_change": _may_change(request),
        "replies": [(each, body_html.readable(each.body_html)) for each in in_order(replies, keys)],
        "replies_page": page,
        "in_queue": Choice(tab=Tab.ALL, sender=who.pk).as_query(),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/comments/senders/sender.html", context, status=status)


def _may_change(request: HttpRequest) -> bool:
    return request.user.has_perm("comments.moderate_comment")


site.add_page("comments/senders/", senders, name="comments_senders")
site.add_page("comments/senders/lift/", lift, name="comments_standing_lift")
site.add_page("comments/senders/<int:number>/", sender, name="comments_sender")
