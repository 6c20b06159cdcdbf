"""Inviting people who work here, and letting them back in when they forgot their password.

A link leads to a page where they choose a password; it works once and for three days. Tasks
carry only the user's id, and addresses appear in no error: a failed task's traceback is kept.
"""

import smtplib
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from newsroom.models import SiteSettings


class MailNotSent(Exception):
    """The mail server did not take it; the message names the kind of error, never an address."""


def invite(user: User) -> None:
    """Mail `user` a link to choose a password. Sent by the mail worker after the commit."""
    _enqueue("invitation", user)


def _enqueue(kind: str, user: User) -> None:
    from newsroom import tasks  # noqa: PLC0415 - tasks imports this module

    # The queue is in the database: the task is there when, and only when, the user is.
    tasks.send_password_mail.enqueue(kind, user.pk)


class ResetForm(PasswordResetForm):
    """Django's form, whose mail goes through the mail worker.

    The page answers the same whether or not the address belongs to somebody, and waits for no
    mail server either way.
    """

    email = forms.EmailField(
        max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def get_users(self, email: str) -> Any:
        """Also people who were invited and have not chosen a password yet."""
        return User.objects.filter(email__iexact=email, is_active=True, is_staff=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        for user in self.get_users(self.cleaned_data["email"]):
            _enqueue("reset", user)


def send_password_mail(kind: str, user: User) -> None:
    """Send the invitation or the reset mail. Raises MailNotSent."""
    site = SiteSettings.objects.current()
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    link = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    text = render_to_string(
        f"newsroom/mail/{kind}.txt",
        {"user": user, "site": site, "site_url": settings.SITE_URL, "link": link},
    )
    subject = {
        "invitation": _("You are invited to work at %(site)s"),
        "reset": _("Choose a new password for %(site)s"),
    }[kind]
    try:
        send_mail(subject % {"site": site.name}, text, None, [user.email])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # ValueError: Django's, for an address that no mail can be written to. It names it.
        raise MailNotSent(type(error).__name__) from None
