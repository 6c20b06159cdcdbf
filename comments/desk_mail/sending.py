"""What the mail worker does: for each moderator whose mail is due, one mail or none.

As with mails to readers, no transaction waits for a mail server: an attempt begins (committed),
the server takes it, it is marked as sent (committed).
"""

import logging

from comments.desk_mail import messages
from comments.desk_mail.news import has_news
from comments.models import MailChoice
from comments.notices.delivery import Bounced, MailNotSent, deliver

logger = logging.getLogger(__name__)


def send_due() -> None:
    """Send what is due. A mistake in one mail, or a server that refuses it, stops no other."""
    for choice in MailChoice.objects.due():
        if has_news(choice):
            _send(choice)
        elif choice.is_digest:
            choice.skip()


def _send(choice: MailChoice) -> None:
    if not choice.begin():
        return
    try:
        written = messages.message(choice)
    except Exception as error:
        # Its message may quote a reply.
        choice.try_later(type(error).__name__)
        logger.error("%s can't be put into words: %s.", choice, type(error).__name__)
        return
    if written is None:
        choice.skip()
        return
    message, news = written
    try:
        deliver(message, to=choice.user.email, key=choice.key)
    except Bounced as bounce:
        choice.give_up(f"Bounced: {bounce}")
        logger.warning("%s came back at once: %s.", choice, bounce)
    except MailNotSent as error:
        choice.try_later(f"{type(error).__name__}: {error}")
        logger.warning("%s was not sent (attempt %d): %s.", choice, choice.attempts, error)
    else:
        choice.mark_sent(until=news.until)
