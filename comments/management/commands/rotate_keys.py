from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments import key_rotation
from comments.key_rotation import Progress

WIDTH = 30


class Command(BaseCommand):
    help = (
        "Makes new keys for readers' addresses, and seals and fingerprints all of them anew. "
        "The site may run meanwhile. Stopped at any point, it goes on when it is run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--private-key-lost",
            action="store_true",
            help="makes a new pair in place of a private key that is lost; no mail reaches those "
            "whose addresses were sealed to it until they write again",
        )
        parser.add_argument(
            "--forget-former",
            action="store_true",
            help="removes the former keys that nothing needs any more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["forget_former"]:
                self.forget()
            else:
                self.rotate(private_key_lost=options["private_key_lost"])
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None

    def rotate(self, *, private_key_lost: bool) -> None:
        last = Progress(0, 0, 0)
        for last in key_rotation.rotate(private_key_lost=private_key_lost):
            self.show(last)
        if last.total and self.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(f"New keys are in place for {last.total} senders.")
        if last.unreadable:
            self.stderr.write(
                f"{last.unreadable} addresses can't be read: their private key is lost. These "
                "senders are still recognised, and get mail again once they ask for their data."
            )
        self.stdout.write("Back up the keys. `rotate_keys --forget-former` removes the old ones.")

    def show(self, progress: Progress) -> None:
        """A bar that grows on a terminal, a line a step elsewhere."""
        text = f"{progress.done} of {progress.total} senders"
        if not self.stdout.isatty():
            self.stdout.write(text)
            return
        full = WIDTH * progress.done // max(progress.total, 1)
        bar = "#" * full + "." * (WIDTH - full)
        self.stdout.write(f"\r[{bar}] {text}", ending="\033[K")
        self.stdout.flush()

    def forget(self) -> None:
        for reason in key_rotation.forget_former():
            self.stdout.write(reason)
        self.stdout.write("No other former key is left.")
