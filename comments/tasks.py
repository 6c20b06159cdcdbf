import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.tasks import task

from comments import health, retention
from comments.email_privacy import NoPrivateKey
from comments.models import DataRequest
from comments.moderation import afterwards
from comments.moderation.spam_service import SpamServiceFailed
from comments.notices import bounce_mailbox, sending
from comments.notices.delivery import MailNotSent
from comments.rights import mailing
from newsroom.retrying import ATTEMPTS, later

SPAM_ATTEMPTS = 5  # within half an hour

logger = logging.getLogger(__name__)


@task(queue_name="mail")
def send_due_mail() -> None:
    """Send what is due in the outbox."""
    sending.send_due()


@task(queue_name="mail")
def read_bounces() -> None:
    """End mail to addresses from which it came back, where a mailbox of bounces is configured."""
    if settings.BOUNCE_MAILBOX:
        bounce_mailbox.read(settings.BOUNCE_MAILBOX)


@task
def erase_due() -> None:
    """Erase what was kept long enough."""
    for _name, _count in retention.erase_due():
        pass


@task
def reject_blocked() -> None:
    """Turn down what waits of blocked senders."""
    afterwards.reject_blocked()


@task
def ask_spam_service(comment_id: int, attempt: int = 1) -> None:
    """Ask about a held reply, or try again later; in the end it waits for a moderator."""
    try:
        afterwards.ask_spam_service(comment_id)
    except SpamServiceFailed as failure:
        if attempt == SPAM_ATTEMPTS:
            logger.warning("The spam service failed: %s.", failure)
            return
        ask_spam_service.using(run_after=later(attempt)).enqueue(comment_id, attempt + 1)


@task(queue_name="mail")
def look_at_keys() -> None:
    health.look_at_keys()


@task(queue_name="mail")
def mail_link_to_data(request_id: int, attempt: int = 1) -> None:
    """Answer a request, or try again later: after 1, 2, 4 … 64 minutes, eight attempts in all."""
    request = DataRequest.objects.unanswered().filter(pk=request_id).first()
    if request is None:
        return
    try:
        mailing.answer(request)
    except mailing.TooEarly as early:
        mail_link_to_data.using(run_after=early.until).enqueue(request_id, attempt)
    except (MailNotSent, NoPrivateKey, ImproperlyConfigured):
        if attempt == ATTEMPTS:
            request.answered()
            raise
        mail_link_to_data.using(run_after=later(attempt)).enqueue(request_id, attempt + 1)
