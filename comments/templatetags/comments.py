from typing import Any

from django import template
from django.contrib.auth.models import User

from articles.models import Article
from comments.forms import ReplyForm
from comments.models import Comment
from comments.threads import grow

register = template.Library()


@register.inclusion_tag("comments/_replies.html", takes_context=True)
def replies(context: dict[str, Any], article: Article) -> dict[str, Any]:
    """The replies under a piece and the form for one more.

    The form is the one the view put into the context (with its errors), else a new one; the
    query parameter `reply_to` names the reply that it answers.
    """
    shown = list(Comment.objects.under(article))
    form = context.get("reply_form")
    if form is None:
        reply_to = context["request"].GET.get("reply_to", "")
        answered = next((each for each in shown if str(each.pk) == reply_to), None)
        form = ReplyForm(article, initial={"parent": answered.pk if answered else ""})
    else:
        answered = form.answered
    return {
        "article": article,
        "threads": grow(shown),
        "count": len(shown),
        "form": form,
        "answered": answered,
    }


@register.inclusion_tag("comments/_replies.html")
def no_replies(article: Article) -> dict[str, Any]:
    """What stands under a piece that nobody has replied to."""
    return {"article": article, "threads": [], "count": 0, "form": ReplyForm(article)}


@register.simple_tag
def waiting_replies(user: User) -> int | None:
    """How many replies wait for a moderator; None for those who can't decide on them."""
    if not user.has_perm("comments.moderate_comment"):
        return None
    return Comment.objects.held().count()
