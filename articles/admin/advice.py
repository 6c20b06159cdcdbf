"""What an editor is told after saving, and may leave as it is. The same as desk-counts.js tells."""

import re

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, StandingPage

LONGEST_HEADLINE = 60  # characters that search results show
UNDESCRIBED = re.compile(r'<img(?![^>]* alt=")[^>]*>')


def advice_on(work: Article | StandingPage) -> list[str]:
    """What search engines or readers would miss of it."""
    advice = []
    if isinstance(work, Article):
        if len(work.headline) > LONGEST_HEADLINE:
            advice.append(
                _("The headline has %(length)d characters. Search results cut it after 60.")
                % {"length": len(work.headline)}
            )
        if work.lead_image_id and not work.lead_alt and not work.lead_is_decorative:
            advice.append(_("The lead picture lacks its alternative text."))
    if undescribed := len(UNDESCRIBED.findall(work.body)):
        advice.append(
            ngettext(
                "%(count)d picture in the text lacks its alternative text.",
                "%(count)d pictures in the text lack their alternative text.",
                undescribed,
            )
            % {"count": undescribed}
        )
    return advice


def give_advice(request: HttpRequest, work: Article | StandingPage) -> None:
    for each in advice_on(work):
        messages.warning(request, each)
