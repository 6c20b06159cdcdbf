"""The menu of the replies' desk: {% include "admin/comments/_desk_menu.html" %}."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

# Name of the page, what it is called, and the permission without which it isn't offered.
PAGES: tuple[tuple[str, Promise, str], ...] = (
    ("comments_queue", _("Queue"), "comments.moderate_comment"),
    ("comments_batches", _("Batches"), "comments.moderate_comment"),
    ("comments_comment_changelist", _("All replies"), "comments.view_comment"),
    ("comments_log", _("Log"), "comments.view_decision"),
    ("comments_dashboard", _("Figures"), "comments.moderate_comment"),
    ("comments_learned", pgettext_lazy("page of the desk", "Learned"), "comments.view_policy"),
    ("comments_policy_changelist", _("Rules"), "comments.view_policy"),
    ("comments_word_lists", _("Lists"), "comments.view_policy"),
    ("comments_senders", _("Senders"), "comments.view_standing"),
    ("comments_find_sender", _("Find a sender"), "comments.find_sender_comment"),
    ("comments_cannedreason_changelist", _("Ready reasons"), "comments.view_cannedreason"),
    (
        "comments_mail_choice",
        pgettext_lazy("page of the desk", "Mail"),
        "comments.moderate_comment",
    ),
)


class DeskPage(NamedTuple):
    title: str
    url: str
    is_here: bool


@register.simple_tag(takes_context=True)
def desk_pages(context: Mapping[str, Any]) -> list[DeskPage]:
    """The pages about replies that whoever looks may open, in the order of the menu."""
    request = context["request"]
    pages = []
    for name, title, permission in PAGES:
        if request.user.has_perm(permission):
            url = reverse(f"admin:{name}")
            pages.append(DeskPage(str(title), url, is_here=request.path == url))
    return pages
