from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import (  # type: ignore[import-untyped]
    as_crispy_form,
)
from django import template
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles import head_meta
from articles.models import Article, Indexing
from comments import body_html, drawing, reply_page, waits
from comments.closing import closes_at, place_of
from comments.forms import ReplyForm
from comments.models import Comment, Policy, Report
from comments.reply_page import ReplyPage
from comments.report_address import report_url
from comments.status_address import status_url
from newsroom.page_store import changes_at, for_once
from newsroom.stencils import Html

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
    form: ReplyForm | None = context.get("reply_form")
    policy = Policy.objects.in_force()
    place = place_of(article, policy)
    changes_at(closes_at(article, policy))
    changes_at(policy.attack_until)
    drawn = {
        "article": article,
        "page": page,
        "count": page.thread.shown_in_thread if page.thread else article.reply_count,
        "answer": "" if place.is_closed else page.answer,
        "place": place,
    }
    usual_wait = waits.in_words(policy.usual_wait) if policy.usual_wait else ""
    asks_for_work = policy.asks_for_work()
    if form is None:
        asked = request.GET.get("reply_to", "")
        answered = page.answered(asked)
        if asked and not answered:
            for_once()
        return drawn | {
            "blank_form": drawing.form(
                article, answered=answered, asks_for_work=asks_for_work, usual_wait=usual_wait
            )
        }
    return (
        drawn
        | drawing.addresses(article)
        | {
            "form": form,
            "answering": form.answered.name if form.answered else "",
            "challenge": reverse("comments:challenge") if asks_for_work else "",
            "usual_wait": usual_wait,
        }
    )


@register.inclusion_tag("comments/_replies.html")
def no_replies(article: Article) -> dict[str, Any]:
    """What stands under a piece that nobody has replied to."""
    return {
        "article": article,
        "page": ReplyPage(article),
        "count": 0,
        "blank_form": drawing.form(article, answered=None, asks_for_work=False),
    }


@register.simple_tag
def blank_fields(parent: str, drawn: str) -> str:
    """Those of the form of replies that nobody has typed into. They are of no piece."""
    form = ReplyForm(Article(), initial={"parent": parent, "drawn": drawn})
    return str(as_crispy_form(form))


@register.simple_tag
def thread(page: ReplyPage, answer: str) -> Html:
    return drawing.thread(page, answer=answer)


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


@register.simple_tag(takes_context=True)
def replies_meta(context: Mapping[str, Any], page: ReplyPage) -> str:
    """Search engines may list it where they may list its piece: its path alone, in one order."""
    request, site = context["request"], context["site"]
    meta = head_meta.of_page(request, site, title=replies_title(page))
    if page.article.indexed == Indexing.NOINDEX:
        meta = replace(meta, canonical="")
    return head_meta.html(meta, site)


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
