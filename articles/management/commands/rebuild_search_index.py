from typing import Any

from django.core.management.base import BaseCommand

from articles.search.rebuilding import rebuild

WIDTH = 30
LINES = 20  # where nobody watches: so many at most


class Command(BaseCommand):
    help = (
        "Makes the index of search again from the pieces. The site can go on meanwhile, and the "
        "command can be stopped and repeated at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = changed = said = 0
        for progress in rebuild():
            done, total, changed = progress
            part = done / total
            if self.stdout.isatty():
                bar = "#" * round(part * WIDTH)
                self.stdout.write(f"\r[{bar:<{WIDTH}}] {done:,} of {total:,}", ending="")
                self.stdout.flush()
            elif int(part * LINES) > said:
                said = int(part * LINES)
                self.stdout.write(f"{done:,} of {total:,}")
        if self.stdout.isatty() and done:
            self.stdout.write("")
        self.stdout.write(f"{done:,} pieces looked at, {changed:,} indexed anew.")
