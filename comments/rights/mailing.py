"""What the mail worker does with a request for one's data."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import email_privacy
from comments.models import Commenter, DataRequest
from comments.notices.delivery import Bounced, MailNotSent, Message, deliver
from comments.rights.links import LASTS, data_url, token_for
from newsroom.language import speaking_as_the_site
from newsroom.models import SiteSettings


class TooEarly(Exception):
    """It can't be answered before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


def answer(request: DataRequest) -> None:
    """Mail the link to the sender whose address was typed; to one nobody wrote from, nothing.

    An unknown address gets no mail: it would let anybody make this site write to strangers. For
    the same reason one gets none while all that came from it can be taken back.
    Raises TooEarly, or MailNotSent; then another attempt may be made.
    """
    try:
        typed = email_privacy.unseal_on_its_way(request.sealed_address)
    except email_privacy.CannotUnseal:
        request.answered()  # sealed to a key that is lost: nobody can read it any more
        return
    with transaction.atomic():
        known = Commenter.objects.known_by(email_privacy.fingerprints(typed))
        sender = known.select_for_update().first()
        if sender and sender.stays_from > timezone.now():
            raise TooEarly(sender.stays_from)
        handle = sender.hand_out_link() if sender else None
        if sender is None or handle is None:
            request.answered()
            return
        address = _address_of(sender, typed)
    try:
        deliver(message(token_for(handle)), to=address, key=secrets.token_hex(16))
    except Bounced:
        sender.bounce()
    except MailNotSent:
        # So that another attempt may do so today.
        sender.take_back_link()
        raise
    request.answered()


def _address_of(sender: Commenter, typed: str) -> str:
    """The one that the sender wrote from: a spelling that matches might be another mailbox.

    Where the key to it is lost, the typed one, sealed anew.
    """
    try:
        return email_privacy.unseal(sender.sealed_address, fingerprint=sender.fingerprint)
    except email_privacy.CannotUnseal:
        sender.seal_again(typed)
        return typed


def message(token: str) -> Message:
    """It holds nothing that anybody typed into a form."""
    with speaking_as_the_site():
        site = SiteSettings.objects.current()
        subject = _("Your data at %(site)s") % {"site": site.name}
        context = {
            "site": site,
            "site_url": settings.SITE_URL,
            "link": settings.SITE_URL + data_url(token),
            "hours": int(LASTS.total_seconds() // 3600),
            "subject": subject,
        }
        return Message(
            subject=subject,
            text=render_to_string("comments/mail/data.txt", context),
            html=render_to_string("comments/mail/data.html", context),
        )
