"""What a page of replies draws hundreds of times, and the form that stands on every page."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from articles.models import Article
from comments.forms import drawn_now
from comments.reply_page import ReplyPage
from comments.threads import Named, Row
from newsroom.moments import grouped, moments
from newsroom.stencils import Html, Stencil, filled


def thread(page: ReplyPage, *, answer: str) -> Html:
    """The replies of a page, each under the one it answers. `answer` is the address for an answer
    to the reply whose number follows; empty where none can be given."""
    # Followed by the number of a reply and a slash: quicker than to ask for each.
    around = {"permanent": reverse("comments:permalink", args=[0]).removesuffix("0/")}
    if answer:
        around["answer"] = answer
    stencil, moment = Stencil("comments/_reply.html"), moments()
    return Html(*(_reply(row, around, stencil, moment) for row in page.rows))


def _reply(
    row: Row, around: dict[str, str], stencil: Stencil, moment: Callable[[datetime], str]
) -> str:
    reply, values = row.comment, dict[str, object]()
    if row.whole:
        values["whole"] = reverse("comments:thread", args=[row.whole.pk])
        values["whole_replies"] = grouped(row.whole.shown_in_thread)
    if reply is None:
        return stencil.fill(values, opens=row.opens, ends=row.ends * "·")
    values |= around
    values["number"] = reply.pk
    values["name"] = reply.name
    values["moment"] = moment(reply.submitted_at)
    values["text"] = Html(reply.body_html)
    if reply.website:
        values["website"] = reply.website
    if reply.badge:
        values["badge"] = reply.badge_label
    if reply.former_number:
        values["former"] = reply.former_number
    if row.in_reply_to:
        values["above"], values["above_name"] = row.above, row.in_reply_to.name
    return stencil.fill(
        values,
        opens=row.opens,
        ends=row.ends * "·",
        is_picked=reply.featured_at is not None,
        is_edited=reply.edited_at is not None,
        is_corrected=reply.corrected_at is not None,
    )


def form(
    article: Article, *, answered: Named | None, asks_for_work: bool, usual_wait: str = ""
) -> str:
    """The form as a reader finds it, without anything typed into it."""
    values = addresses(article) | {"drawn": drawn_now()}
    if answered:
        values |= {"answering": answered.name, "parent": str(answered.pk)}
    if asks_for_work:
        values["challenge"] = reverse("comments:challenge")
    if usual_wait:
        values["usual_wait"] = usual_wait
    return filled("comments/_form.html", values)


def addresses(article: Article) -> dict[str, str]:
    """Those that its form leads to."""
    return {
        "piece": article.get_absolute_url(),
        "create": reverse("comments:create", args=[article.slug]),
        "preview": reverse("comments:preview", args=[article.slug]),
    }
