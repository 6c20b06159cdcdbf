from django.contrib.auth.models import User
from django.tasks import task

from newsroom import cdn, staff
from newsroom.models import SignOfLife
from newsroom.retrying import ATTEMPTS, later


@task(queue_name="mail")
def send_password_mail(kind: str, user_id: int, attempt: int = 1) -> None:
    """Send it, or try again later: after 1, 2, 4 … 64 minutes, eight attempts in all."""
    user = User.objects.get(pk=user_id)
    try:
        staff.send_password_mail(kind, user)
    except staff.MailNotSent:
        if attempt == ATTEMPTS:
            raise
        send_password_mail.using(run_after=later(attempt)).enqueue(kind, user_id, attempt + 1)


@task
def give_sign_of_life() -> None:
    """Each worker says by itself that it works; who asks is another process."""
    SignOfLife.objects.give("worker")


@task
def purge_cdn() -> None:
    """Just after a change. What the network does not take, `purge_cdn_again` tries each minute."""
    cdn.send(by_the_way=True)


@task
def purge_cdn_again() -> None:
    while cdn.send():
        pass
