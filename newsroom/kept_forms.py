"""A form of the admin that was sent in vain comes back with all its fields, to be sent again.

Where the session has ended, Django would lead to the login page; where somebody has logged in
again since the form was opened, refuse its old token. And while the page store cannot be told of
changes, none is made. What was typed would be lost each time.
"""

from enum import Enum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.csrf import csrf_failure as django_csrf_failure

from newsroom.same_origin import Sender, sender


class Lost(Enum):
    """What was missing when a form came in."""

    SESSION = "session"
    TOKEN = "token"
    STORE = "store"


NEVER_REPEATED = ("password", "sender_address")  # in the names of fields


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a refused token. Only a form of this site's own is drawn again."""
    if request.path.startswith(reverse("admin:index")) and may_be_drawn_again(request):
        return draw_again(request, Lost.TOKEN)
    return django_csrf_failure(request, reason)


def may_be_drawn_again(request: HttpRequest) -> bool:
    """A page never repeats a password or a sender's address, nor what another site has sent."""
    return (
        request.method == "POST"
        and bool(request.POST.keys() - {"csrfmiddlewaretoken"})
        and sender(request) is Sender.THIS_SITE
        and not any(secret in name for secret in NEVER_REPEATED for name in request.POST)
    )


def draw_again(request: HttpRequest, lost: Lost, *, status: int = 403) -> HttpResponse:
    """All that was sent, in a form with a token that is good now."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    context = {
        "fields": fields,
        "has_files": bool(request.FILES),
        "lost": lost.value,
        "is_nav_sidebar_enabled": False,
    }
    response = render(request, "admin/send_again.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
