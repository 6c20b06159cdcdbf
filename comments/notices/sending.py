"""What the mail worker does with the outbox.

A mail is sent in three steps, so that no transaction waits for a mail server: an attempt begins
(committed), the server takes it, it is marked as sent (committed). A crash between the last two
sends one mail twice, with the same Message-ID; nothing else does.
"""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from articles.models import Article
from comments import email_privacy
from comments.models import Comment, Mail, Subscription
from comments.notices import messages
from comments.notices.decisions import of_new_replies
from comments.notices.delivery import Bounced, MailNotSent, Message, deliver

logger = logging.getLogger(__name__)


def send_due() -> None:
    """Send what is due, one after the other.

    Without the private key everything stays as it is, and is sent once the key is there.
    """
    try:
        while attempt := _begin_next():
            mail, address = attempt
            _finish(mail, address)
    except (email_privacy.NoPrivateKey, ImproperlyConfigured) as error:
        logger.error(
            "The private key of readers' addresses is missing (%s): %d mails wait for it.",
            type(error).__name__,
            Mail.objects.due().count(),
        )


def _begin_next() -> tuple[Mail, str] | None:
    """The next mail that is due, and its address; none for a mail that is given up.

    Raises NoPrivateKey or ImproperlyConfigured; then nothing has changed.
    """
    with transaction.atomic():
        mail = (
            Mail.objects.due()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("sender", "article", "comment__article", "letter")
            .first()
        )
        if mail is None:
            return None
        mail.begin()
        try:
            address = email_privacy.unseal(
                mail.sender.sealed_address, fingerprint=mail.sender.fingerprint or ""
            )
        except email_privacy.CannotUnseal:
            mail.drop("CannotUnseal")
            logger.error("%s can't be sent: its address was sealed to another key.", mail)
            return mail, ""
        return mail, address


def _finish(mail: Mail, address: str) -> None:
    try:
        message = messages.message(mail) if address and mail.sender.takes_mail else None
    except Exception as error:
        # A mistake of ours in one mail stops no other. Its message may quote a reply.
        mail.try_later(type(error).__name__)
        logger.error("%s can't be put into words: %s.", mail, type(error).__name__)
        return
    if message is None:
        _close(mail)
        return
    try:
        deliver(message, to=address, key=mail.key)
    except Bounced as bounce:
        with transaction.atomic():
            mail.sender.bounce()
            mail.drop(f"Bounced: {bounce}")
        logger.warning("%s came back at once: %s.", mail, bounce)
    except MailNotSent as error:
        mail.try_later(f"{type(error).__name__}: {error}")
        logger.warning("%s was not sent (attempt %d): %s.", mail, mail.attempts, error)
    else:
        _close(mail, message)


def _close(mail: Mail, sent: Message | None = None) -> None:
    """Sent, or not needed any more."""
    with transaction.atomic():
        if mail.kind == Mail.Kind.NEW_REPLIES:
            # Decisions lock it too: each sees this mail either waiting or closed.
            Article.objects.select_for_update(no_key=True).only("pk").get(pk=mail.article_id or 0)
        if sent:
            mail.mark_sent(told=sent.told)
        elif mail.dropped_at is None:
            mail.drop("not needed any more")
        if mail.kind == Mail.Kind.NEW_REPLIES:
            _go_on(mail, is_sent=sent is not None)


def _go_on(mail: Mail, *, is_sent: bool) -> None:
    """Note what was told, and queue the next mail where there is more to tell."""
    subscription = Subscription.objects.filter(
        sender=mail.sender_id, article=mail.article_id, kind=Subscription.Kind.ALL
    ).first()
    if subscription is None:
        return
    told_until = messages.tells_until(mail)
    if is_sent:
        subscription.told_until = told_until
        subscription.save(update_fields=["told_until"])
    if subscription.ended_at is None and mail.sender.takes_mail:
        newer = Comment.objects.approved().filter(
            article=mail.article_id, approved_at__gt=told_until
        )
        if newer.exclude(commenter=mail.sender_id).exists():
            Mail.objects.queue([of_new_replies(subscription)])
