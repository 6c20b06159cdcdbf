"""What the mails say: one function a message. Each gives None where nothing is left to say.

No mail holds an address but that of its own recipient, and none the text of a reply: what is
changed or erased on the site later must not live on in mailboxes.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from comments.models import Comment, Mail, Subscription
from comments.models.comment_queryset import CommentQuerySet
from comments.models.decision import Kind
from comments.models.mail import STANDS
from comments.notices.delivery import Message
from comments.notices.links import letter_url, subscriptions_url
from comments.status_address import status_url
from newsroom.language import speaking
from newsroom.models import SiteSettings

MOST_NAMED = 20  # replies in one mail
# The decisions that a mail tells.
ABOUT_STATE = (Kind.STATE, Kind.LOOKED_AGAIN)


def message(mail: Mail) -> Message | None:
    """What `mail` says, in the language of its piece; None where nothing is left to say."""
    with ExitStack() as stack:
        stack.enter_context(timezone.override(SiteSettings.objects.current().zone))
        if article := mail.article or (mail.comment and mail.comment.article):
            stack.enter_context(speaking(article.language))
        return WORDS[mail.kind](mail)


def confirmation(mail: Mail) -> Message | None:
    """The first mail to an address: it holds nothing that anybody typed into a form."""
    pending = list(
        Subscription.objects.pending()
        .filter(Article.objects.is_public_of("article"), sender=mail.sender)
        .select_related("article")
        .order_by("-asked_at", "kind")
    )
    if not pending:
        return None
    pieces = list({each.article_id: each.article for each in pending}.values())
    with speaking(pieces[0].language):
        return _written(
            mail,
            _("Do you want mail about replies at %(site)s?"),
            {"pieces": pieces, "link": subscriptions_url(mail.sender_id)},
        )


def decision(mail: Mail) -> Message | None:
    comment = mail.comment
    if comment is None or not _is_wanted(mail, Subscription.Kind.OWN):
        return None
    if comment.commenter_id != mail.sender_id or not comment.article.is_public:
        return None
    if not (comment.is_approved or comment.status == Comment.Status.REJECTED):
        return None
    stands = comment.decisions.filter(kind__in=ABOUT_STATE, undone_by__isnull=True)
    decided = stands.filter(to_status=comment.status)
    last = decided.with_reasons().first()
    tells = comment.status if comment.is_approved or not last else f"{comment.status} {last.pk}"
    before = Mail.objects.filter(comment=comment, kind=Mail.Kind.DECISION, sent_at__isnull=False)
    if before.order_by("-sent_at", "-pk").values_list("told", flat=True).first() == tells:
        return None
    links = {"link": permalink(comment), "status": settings.SITE_URL + status_url(comment)}
    if comment.is_approved:
        subject = _("Your reply to “%(headline)s” is published")
        return _written(mail, subject, links | {"reason": None}, told=tells)
    subject = _("Your reply to “%(headline)s” was not published")
    reason = _line(last.reason if last else "")
    return _written(mail, subject, links | {"reason": reason}, told=tells)


def answer(mail: Mail) -> Message | None:
    comment = mail.comment
    if comment is None or not _is_wanted(mail, Subscription.Kind.OWN):
        return None
    answered = comment.parent
    if answered is None or answered.commenter_id != mail.sender_id:
        return None
    if not comment.is_approved or not comment.article.is_public:
        return None
    told = Mail.objects.filter(comment=comment, sender=mail.sender_id, kind=Mail.Kind.ANSWER)
    if told.filter(sent_at__isnull=False).exists():
        return None
    return _written(
        mail,
        _("An answer to your reply to “%(headline)s”"),
        {"name": _line(comment.name), "link": permalink(comment)},
    )


def new_replies(mail: Mail) -> Message | None:
    article = mail.article
    if article is None or not article.is_public or not _is_wanted(mail, Subscription.Kind.ALL):
        return None
    replies = _untold(mail)
    count = replies.count()
    if not count:
        return None
    named = [
        {"name": _line(each.name), "link": permalink(each), "at": each.submitted_at}
        for each in replies.defer("body", "body_html").order_by("pk")[:MOST_NAMED]
    ]
    return _written(
        mail,
        _("New replies to “%(headline)s”"),
        {
            "replies": named,
            "more": count - len(named),
            "count": count,
            "link": f"{settings.SITE_URL}{article.get_absolute_url()}#comments",
        },
    )


def letter(mail: Mail) -> Message | None:
    """The one mail that is not asked for, but written by hand for one reader."""
    written = mail.letter
    if written is None or mail.comment is None or mail.comment.commenter_id != mail.sender_id:
        return None
    return _written(
        mail,
        _("A letter from %(site)s about your reply to “%(headline)s”"),
        {"text": written.text, "link": letter_url(written)},
    )


WORDS: dict[str, Callable[[Mail], Message | None]] = {
    Mail.Kind.CONFIRMATION: confirmation,
    Mail.Kind.DECISION: decision,
    Mail.Kind.ANSWER: answer,
    Mail.Kind.NEW_REPLIES: new_replies,
    Mail.Kind.LETTER: letter,
}


def tells_until(mail: Mail) -> datetime:
    """The moment until which a reply must have been let out to stand in a mail of new ones."""
    return (mail.tried_at or timezone.now()) - STANDS


def permalink(comment: Comment) -> str:
    return settings.SITE_URL + reverse("comments:permalink", args=[comment.pk])


def _untold(mail: Mail) -> CommentQuerySet:
    """What was let out since the last mail and has stood, but the reader's own replies and the
    answers that the reader is told of anyway."""
    wanted = Subscription.objects.get(
        sender=mail.sender_id, article=mail.article_id, kind=Subscription.Kind.ALL
    )
    since = (
        Q(approved_at__gt=wanted.told_until)
        if wanted.told_until
        else Q(approved_at__gte=wanted.asked_at)
    )
    answers = Mail.objects.filter(
        sender=mail.sender_id, kind=Mail.Kind.ANSWER, dropped_at__isnull=True
    )
    return (
        Comment.objects.approved()
        .filter(article=mail.article_id, approved_at__lte=tells_until(mail))
        .filter(since)
        .exclude(commenter__isnull=False, commenter=mail.sender_id)
        .exclude(pk__in=answers.values("comment"))
    )


def _is_wanted(mail: Mail, kind: str) -> bool:
    active = Subscription.objects.active()
    return active.filter(sender=mail.sender_id, article=mail.article_id, kind=kind).exists()


def _written(mail: Mail, subject: str, context: dict[str, Any], *, told: str = "") -> Message:
    site = SiteSettings.objects.current()
    article = mail.article or (mail.comment and mail.comment.article)
    headline = article.headline if article else ""
    unsubscribe = subscriptions_url(
        mail.sender_id, mail.article_id if mail.kind != Mail.Kind.LETTER else None
    )
    subject = subject % {"site": site.name, "headline": headline}
    context |= {
        "site": site,
        "site_url": settings.SITE_URL,
        "subject": subject,
        "headline": headline,
        "piece_url": settings.SITE_URL + article.get_absolute_url() if article else "",
        "unsubscribe": unsubscribe,
    }
    text, html = (
        render_to_string(f"comments/mail/{mail.kind}.{ending}", context).strip() + "\n"
        for ending in ("txt", "html")
    )
    return Message(subject=subject, text=text, html=html, unsubscribe=unsubscribe, told=told)


def _line(words: str) -> str:
    return " ".join(words.split())
