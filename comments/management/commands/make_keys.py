from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from comments import email_privacy


class Command(BaseCommand):
    help = "Makes the keys that seal and match readers' addresses, where there are none."

    def handle(self, *args: Any, **options: Any) -> None:
        settings.STATE.prepare()
        email_privacy.make_keys(settings.STATE.keys / "address-private.pem")
