from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom import maintenance


class Command(BaseCommand):
    help = "Closes the site for all but the health check, at once (on), or opens it again (off)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument(
            "--minutes",
            type=int,
            choices=range(1, 1441),
            default=maintenance.RETRY_MINUTES,
            metavar="1-1440",
            help="when browsers and search engines are to come back (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["state"] == "on":
            maintenance.begin(minutes=options["minutes"])
            self.stdout.write("The site is closed. `manage.py maintenance off` opens it.")
        elif maintenance.end():
            self.stdout.write("The site is open.")
        else:
            self.stdout.write("The site was open.")
