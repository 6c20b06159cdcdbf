"""The mail that tells the desk of a kill."""

import smtplib

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import WireItem
from articles.wire.killing import told
from newsroom.models import SiteSettings
from newsroom.staff import MailNotSent


def send(item_id: int, user_id: int) -> None:
    """To one of those who may act, unless they may no longer. Raises MailNotSent."""
    user = told().filter(pk=user_id).first()
    item = WireItem.objects.select_related("article", "newest").filter(pk=item_id).first()
    if user is None or item is None or item.article is None:
        return
    _deliver(user, item)


def _deliver(user: User, item: WireItem) -> None:
    site = SiteSettings.objects.current()
    page = reverse("admin:articles_wireitem_change", args=[item.pk])
    text = render_to_string(
        "articles/mail/kill.txt",
        {
            "item": item,
            "piece": item.article,
            "site": site,
            "page": f"{settings.SITE_URL}{page}",
        },
    )
    subject = _("Killed by %(provider)s: %(headline)s") % {
        "provider": item.provider,
        "headline": item.headline,
    }
    try:
        send_mail(" ".join(subject.split()), text, None, [user.email])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # ValueError: Django's, for an address that no mail can be written to. It names it.
        raise MailNotSent(type(error).__name__) from None
