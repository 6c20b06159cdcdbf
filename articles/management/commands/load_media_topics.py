from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.importers.errors import Refused
from articles.media_topics import SHIPPED, load


class Command(BaseCommand):
    help = "Loads IPTC's Media Topics: the shipped ones, or those of a file (our table, or JSON)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            done = load(file.read_bytes(), file.name)
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{done.new} new, {done.changed} changed, {done.retired} retired.")
