"""Finding who wrote from an address: for chief moderators, who see it nowhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from comments import email_privacy
from comments.admin.desk.requests import moderator
from comments.models import SenderSearch, Standing, TooManySearches
from comments.models.sender_search import MOST
from comments.queue import Choice, Tab
from newsroom.admin_site import site
from newsroom.private_pages import private

SHOWN = 20  # of the searches before


class NeverRepeated(forms.EmailInput):
    """What was typed into it is not drawn again."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class AddressForm(forms.Form):
    sender_address = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        widget=NeverRepeated(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Please give an email address."),
            "invalid": gettext_lazy("This is no email address."),
            "max_length": gettext_lazy("This is no email address."),
        },
    )


@sensitive_post_parameters()
@private
@require_http_methods(["GET", "HEAD", "POST"])
def find_sender(request: HttpRequest) -> HttpResponse:
    """The form, and who has used it; a sender who is found is shown in the queue."""
    if not request.user.has_perm("comments.find_sender_comment"):
        raise PermissionDenied
    form = AddressForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            address: str = form.cleaned_data["sender_address"]
            try:
                sender = SenderSearch.objects.find(address, by=moderator(request))
            except TooManySearches:
                text = _("You can look for %(count)d addresses an hour. Please wait a while.")
                form.add_error(None, text % {"count": MOST})
                status = 429
            else:
                if sender:
                    messages.success(request, _("Everything this sender has written is below."))
                    query = Choice(tab=Tab.ALL, sender=sender.pk).as_query()
                    return HttpResponseRedirect(f"{reverse('admin:comments_queue')}?{query}")
                messages.info(request, _nobody(address))
                return HttpResponseRedirect(request.path)
    searches = SenderSearch.objects.select_related("by", "sender").order_by("-at", "-pk")
    context = admin.site.each_context(request) | {
        "title": _("Find a sender by an address"),
        "form": form,
        "most": MOST,
        "searches": searches[:SHOWN],
    }
    page = "admin/comments/queue/find_sender.html"
    return TemplateResponse(request, page, context, status=status)


def _nobody(address: str) -> str:
    """A block outlives the sender."""
    fingerprints = email_privacy.fingerprints(address)
    if Standing.objects.in_force().filter(fingerprint__in=fingerprints).exists():
        return _("Nothing that was sent from this address is left, but its sender is blocked.")
    return _("Nobody has written from this address, or all of it was erased.")


site.add_page("comments/queue/find-sender/", find_sender, name="comments_find_sender")
