from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import template
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles import head_meta
from articles.models import Article, Indexing
from comments import body_html, reply_page, waits
from comments.closing import place_of
from comments.forms import ReplyForm
from comments.models import Comment, Policy, Report
from comments.reply_page import ReplyPage
from comments.report_address import report_url
from comments.status_address import status_url

BEGINNING = 200  # letters

register = template.Library()


@register.inclusion_tag("comments/_replies.html", takes_context=True)
def replies(context: dict[str, Any], article: Article) -> dict[str, Any]:
    """The page of replies that the request asks for, and the form for one more.

    The form is the one the view put into the context (with its errors), else a new one; the
    query parameter `reply_to` names the reply that it answers.
    """
    request = context["request"]
    page = reply_page.on(request, article)
    form = context.get("reply_form")
    if form is None:
        answered = page.answered(request.GET.get("reply_to", ""))
        form = ReplyForm(article, initial={"parent": answered.pk if answered else ""})
    else:
        answered = form.answered
    policy = Policy.objects.current()
    place = place_of(article, policy)
    if policy.asks_for_work():
        form.challenge_url = reverse("comments:challenge")
    return {
        "article": article,
        "page": page,
        "count": page.thread.shown_in_thread if page.thread else article.reply_count,
        "answer": "" if place.is_closed else page.answer,
        # Followed by the number of a reply and a slash: quicker than to ask for each.
        "permanent": reverse("comments:permalink", args=[0]).removesuffix("0/"),
        "form": form,
        "answered": answered,
        "place": place,
        "usual_wait": waits.in_words(policy.usual_wait) if policy.usual_wait else "",
    }


@register.inclusion_tag("comments/_replies.html")
def no_replies(article: Article) -> dict[str, Any]:
    """What stands under a piece that nobody has replied to."""
    return {
        "article": article,
        "page": ReplyPage(article),
        "count": 0,
        "form": ReplyForm(article),
    }


@register.inclusion_tag("comments/_head.html", takes_context=True)
def replies_head(context: Mapping[str, Any], article: Article) -> dict[str, Any]:
    """The pages beside the one that is asked for, and the feeds."""
    return {"article": article, "page": reply_page.on(context["request"], article)}


@register.simple_tag
def replies_title(page: ReplyPage) -> str:
    """What a page of replies is called."""
    if page.thread:
        title = _("A thread of replies to “%(headline)s”") % {"headline": page.article.headline}
    else:
        title = _("Replies to “%(headline)s”") % {"headline": page.article.headline}
    if page.number == 1:
        return title
    return _("%(title)s, page %(number)d") % {"title": title, "number": page.number}


@register.inclusion_tag("articles/_head_meta.html", takes_context=True)
def replies_meta(context: Mapping[str, Any], page: ReplyPage) -> dict[str, Any]:
    """Search engines may list it where they may list its piece: its path alone, in one order."""
    request, site = context["request"], context["site"]
    meta = head_meta.of_page(request, site, title=replies_title(page))
    if page.article.indexed == Indexing.NOINDEX:
        meta = replace(meta, canonical="")
    return {"meta": meta, "site": site}


@register.filter
def to_whom(name: str) -> str:
    """Says after “Reply” which reply is meant, for those who hear the links alone."""
    return _("to %(name)s") % {"name": name}


@register.filter
def beginning(html: str) -> str:
    """Of the text of a reply, as plain text."""
    return Truncator(" ".join(body_html.readable(html).split())).chars(BEGINNING)


@register.simple_tag(takes_context=True)
def waiting_replies(context: Mapping[str, Any], user: User) -> int | None:
    """How many replies wait for a moderator; None for those who can't decide on them.

    A page that has counted them says so in its context, as `replies_waiting`.
    """
    if not user.has_perm("comments.moderate_comment"):
        return None
    counted: int | None = context.get("replies_waiting")
    return Comment.objects.held().count() if counted is None else counted


@register.simple_tag
def author_page(comment: Comment) -> str:
    """Where the author of a reply sees what became of it: for pages of that author alone."""
    return status_url(comment)


@register.simple_tag
def report_page(report: Report) -> str:
    """Where whoever reported a reply sees what became of it: for pages of that reader alone."""
    return report_url(report)
