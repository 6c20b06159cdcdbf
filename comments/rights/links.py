"""The signed address at which a reader sees what is kept of them, for LASTS after it was mailed.

It holds a random handle, made anew for each mail: nothing of the address, and no number that
could be tried. A newer one ends those before.
"""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from comments.models import Commenter

LASTS = timedelta(hours=24)
SIGNER = signing.TimestampSigner(salt="comments.your-data", sep=".")


class BadLink(Exception):
    """This site has not made it."""


class Expired(Exception):
    """Too old, or a newer one was mailed, or all has been erased."""


def token_for(handle: str) -> str:
    return SIGNER.sign(handle)


def data_url(token: str) -> str:
    return reverse("comments:data", args=[token])


def sender_of(token: str) -> Commenter:
    """Whose data it opens. Raises BadLink or Expired."""
    try:
        handle = SIGNER.unsign(token, max_age=LASTS)
    except signing.SignatureExpired:
        raise Expired from None
    except signing.BadSignature:
        raise BadLink from None
    sender = Commenter.objects.filter(data_handle=handle).first()
    if sender is None:
        raise Expired
    return sender
