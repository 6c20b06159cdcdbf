import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from newsroom.management.commands.load_demo import STAFF, demo_staff


class Command(BaseCommand):
    help = "Makes a new password for the demo's editor and moderator, and prints it."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        users = list(demo_staff())
        if len(users) != len(STAFF):
            raise CommandError("There is no demo newsroom here.")
        password = secrets.token_urlsafe(12)
        for user in users:
            user.set_password(password)
            user.save(update_fields=["password"])
        self.stdout.write(password)
