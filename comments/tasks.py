import logging

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.tasks import task

from comments import batches, figures, health, learning, retention, second_readings
from comments.desk_mail import sending as desk_mail
from comments.email_privacy import NoPrivateKey
from comments.learning import acting, progress
from comments.models import DataRequest, LearnedModel
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
def mail_moderators() -> None:
    """Tell moderators what waits for them, each as they have chosen."""
    desk_mail.send_due()


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
def keep_figures() -> None:
    """Count what happened to replies, and draw those that another moderator reads again."""
    figures.keep_up()
    second_readings.draw()


@task
def work_on_batch(batch_id: int) -> None:
    """Decide on the replies of a batch, or take that back."""
    batches.work(batch_id)


@task
def take_up_batches() -> None:
    """Those whose worker was killed over them."""
    batches.take_up_again()


# What comments.learning.training and predicting import takes seconds and much memory to load, and
# may not be installed.


@task
def learn(asked_by: int | None = None) -> None:
    """Learn from the moderators' decisions, as somebody has asked, or because it is time to."""
    if not learning.is_installed():
        logger.warning("Nothing can be learned: scikit-learn is not installed.")
        return
    from comments.learning.training import NotEnough, learn  # noqa: PLC0415

    try:
        learn(asked_by=User.objects.filter(pk=asked_by or 0).first())
    except NotEnough:
        logger.info("There are too few decisions to learn from.")


@task
def learn_when_due() -> None:
    if learning.is_installed() and progress.is_due():
        learn.enqueue()


@task
def predict_waiting() -> None:
    """Say what is likely of what waits, and decide the obvious where the rules ask for that."""
    model = LearnedModel.objects.current()
    if model is None or not learning.is_installed():
        return
    from comments.learning import predicting  # noqa: PLC0415
    from comments.learning.stored import CannotRead  # noqa: PLC0415

    try:
        predicting.predict_waiting()
    except CannotRead as damage:
        logger.error("What was learned can't be read, and is learned anew: %s", damage)
        model.delete()
        return
    acting.decide_the_obvious()


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
