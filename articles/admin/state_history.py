"""The changes of state of a piece, in words."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.models import Article, StateChange

DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Article.Status


def deed_of(change: StateChange) -> str:
    """What was done, such as "submitted for review"."""
    if change.to_status == IN_REVIEW:
        return _("submitted for review")
    if change.to_status == DRAFT:
        return _("sent back")
    if change.to_status == WITHDRAWN:
        return _("withdrawn")
    if change.from_status == PUBLISHED:
        return _("given another time")
    if change.from_status == WITHDRAWN:
        return _("brought back")
    is_ahead = change.published_at is not None and change.published_at > change.at
    return _("scheduled") if is_ahead else _("published")


def history_of(article: Article) -> str:
    """All of them as a list in HTML, the newest first: what, who, when, from when and why."""
    changes = article.state_changes.select_related("by") if article.pk else []
    told = [(deed_of(change), change) for change in changes]
    return render_to_string("admin/articles/_history.html", {"changes": told})
