"""How the newsroom answers its readers: at once, under its own name, with a badge."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Author
from comments import body_html
from comments.models.decision import Decision, Status
from comments.notices.decisions import decided
from comments.posting import RETRY_WINDOW, Draft, Refused
from comments.seen import changes_under
from newsroom.models import SiteSettings

if TYPE_CHECKING:
    from comments.models.comment import Comment
    from comments.models.comment_queryset import CommentQuerySet


class NothingToAnswer(Refused):
    """Readers don't see the piece, or not (any more) the reply that was answered under it."""

    def __init__(self) -> None:
        super().__init__(_("Readers can't see what you answer (any more)."))


def answer(
    comments: "CommentQuerySet",
    article: Article,
    *,
    parent: "Comment | None" = None,
    text: str,
    by: User,
) -> "Comment":
    """A reply of the newsroom to a public piece, or to an approved one under it: approved at once.

    It stands under the name of the piece's author where `by` is one, else under that of the site.
    The same words of the same person sent again within RETRY_WINDOW are the same reply. Raises
    NothingToAnswer, and ValueError for a text that is too long.
    """
    html = body_html.clean(text)
    author = Author.objects.filter(user=by, byline__article=article).first()
    name = author.name if author else SiteSettings.objects.current().name
    draft = Draft(article=article, name=name, email="", text=text, parent=parent)
    with transaction.atomic(), changes_under([article.pk]):
        if parent:
            rows = comments.model.objects.select_for_update(no_key=True)
            rows.filter(pk=parent.thread_key).values_list("pk").first()  # see lock_threads()
        # Whoever sends the same twice at once comes second.
        Article.objects.select_for_update(no_key=True).only("pk").get(pk=article.pk)
        _must_be_seen(comments, article, parent)
        if sent := _sent_before(comments, draft, by):
            return sent
        now = timezone.now()
        comment: Comment = comments.create(
            article=article,
            written_by=by,
            badge=comments.model.Badge.AUTHOR if author else comments.model.Badge.NEWSROOM,
            parent=parent,
            thread_id=parent.thread_key if parent else None,
            name=name,
            body=text,
            body_html=html,
            status=Status.APPROVED,
            submitted_at=now,
            approved_at=now,
            text_digest=draft.text_digest,
        )
        Decision.objects.record(comment, by=by, to=Status.APPROVED)
        comments.recount([comment])
        decided(comment, before="")
    return comment


def _must_be_seen(comments: "CommentQuerySet", article: Article, parent: "Comment | None") -> None:
    if not Article.objects.published().filter(pk=article.pk).exists():
        raise NothingToAnswer
    if parent and not comments.under(article).filter(pk=parent.pk).exists():
        raise NothingToAnswer


def _sent_before(comments: "CommentQuerySet", draft: Draft, by: User) -> "Comment | None":
    since = timezone.now() - RETRY_WINDOW
    return comments.filter(
        article=draft.article,
        parent=draft.parent,
        text_digest=draft.text_digest,
        written_by=by,
        submitted_at__gt=since,
        status=Status.APPROVED,
    ).first()
