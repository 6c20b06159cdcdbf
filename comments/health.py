"""What /readyz says of mail to readers."""

from django.core.exceptions import ImproperlyConfigured

from comments import email_privacy
from newsroom.health import Report, State, of_worker
from newsroom.models import SignOfLife

MAIL_WORKER = "mail worker"
PROBE = "probe@example.invalid"


def keys() -> Report:
    """Whether this process can seal and match an address: without that no reply is taken."""
    try:
        email_privacy.seal(PROBE)
    except ImproperlyConfigured as error:
        return Report("keys", State.DEGRADED, f"no reply is taken: {error}")
    return Report("keys", State.READY, "addresses can be sealed and matched")


def mail() -> Report:
    return of_worker(MAIL_WORKER, called="mail")


def look_at_keys() -> None:
    """Tell whether mails can be sent. By the mail worker, the only one that can try."""
    SignOfLife.objects.give(MAIL_WORKER, trouble=trouble_with_keys())


def trouble_with_keys() -> str:
    """Why an address that is sealed now could not be read, in short words; empty if it can."""
    try:
        email_privacy.unseal_on_its_way(email_privacy.seal_on_its_way(PROBE))
    except email_privacy.NoPrivateKey:
        return "the mail worker was given no private key: no mail is sent to readers"
    except email_privacy.CannotUnseal:
        return "the private key doesn't fit the public key: no mail is sent to readers"
    except ImproperlyConfigured as error:
        return f"no mail is sent to readers: {error}"[:200]
    return ""
