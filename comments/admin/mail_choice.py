"""The page on which each moderator chooses what mail they get: /admin/comments/your-mail/."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comments.desk_mail.links import LASTS
from comments.models import MailChoice
from newsroom.admin_site import site
from newsroom.private_pages import private

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class MailChoiceForm(forms.Form):
    when = forms.ChoiceField(
        label=gettext_lazy("Mail about replies that wait"),
        choices=[
            (MailChoice.When.NEVER, gettext_lazy("No mail")),
            (
                MailChoice.When.AT_ONCE,
                gettext_lazy("At once: what is new, in one mail at most every five minutes"),
            ),
            (MailChoice.When.HOURLY, gettext_lazy("Once an hour: all that waits")),
            (MailChoice.When.DAILY, gettext_lazy("Once a day: all that waits")),
        ],
        widget=forms.RadioSelect,
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Once a day at"),
        choices=HOURS,
        coerce=int,
        help_text=gettext_lazy("On the clock of the site."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
def mail_choice(request: HttpRequest) -> HttpResponse:
    """What mail the moderator gets who opens it. Nobody sees or changes another's."""
    if not request.user.has_perm("comments.moderate_comment"):
        raise PermissionDenied
    user = cast(User, request.user)
    choice = MailChoice.objects.of(user)
    now = {"when": choice.when, "hour": choice.hour}
    form = MailChoiceForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        choice.choose(form.cleaned_data["when"], hour=form.cleaned_data["hour"])
        messages.success(request, _("It counts from now on."))
        return redirect("admin:comments_mail_choice")
    context = site.each_context(request) | {
        "title": _("Your mail"),
        "choice": choice,
        "form": form,
        "has_address": bool(user.email),
        "days": LASTS.days,
    }
    status = 422 if form.errors else 200
    return render(request, "admin/comments/mail_choice.html", context, status=status)


site.add_page("comments/your-mail/", mail_choice, name="comments_mail_choice")
