from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from comments.notices import bounce_mailbox


class Command(BaseCommand):
    help = "Reads the mailbox BOUNCE_MAILBOX, and ends mail to the addresses that are not there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BOUNCE_MAILBOX:
            raise CommandError("BOUNCE_MAILBOX is not set; see docs/configuration.md.")
        try:
            count = bounce_mailbox.read(settings.BOUNCE_MAILBOX)
        except bounce_mailbox.MailboxError as error:
            raise CommandError(f"The mailbox can't be read ({error}).") from None
        self.stdout.write(f"{count} bounces read.")
