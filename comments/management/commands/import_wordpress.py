import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from articles.importers.errors import Refused
from articles.importers.wordpress.media import Sources
from articles.importers.wordpress.opening import Source, spooled
from articles.importers.wordpress.report_text import summary, write_html
from articles.importers.wordpress.reporting import Reporting
from articles.importers.wordpress.running import Options, OtherSite, run
from comments.importers.wordpress_replies import bring

WIDTH = 30
SECONDS_BETWEEN_LINES, SECONDS_BETWEEN_DRAWINGS = 10.0, 0.1


class Command(BaseCommand):
    help = (
        "Brings a WordPress site in from its exports (WXR; several files of one site belong "
        "together, - is the standard input, .gz is read). It can be stopped at any time, even "
        "killed: run again, it goes on. A second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--uploads", type=Path, metavar="DIR", help="a copy of wp-content/uploads"
        )
        parser.add_argument(
            "--fetch",
            action="store_true",
            help="fetches pictures and recordings that are not there from their addresses",
        )
        parser.add_argument("--pages", action="store_true", help="brings pages, too")
        parser.add_argument(
            "--by", metavar="USER", help="who does it (default: the first active superuser)"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only tells what would be brought"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="writes the report as HTML, too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = _user(options["by"])
        if options["uploads"] and not options["uploads"].is_dir():
            raise CommandError(_("%(path)s is no directory.") % {"path": options["uploads"]})
        page = options["report"]
        if page and not page.absolute().parent.is_dir():
            raise CommandError(_("%(path)s is no directory.") % {"path": page.absolute().parent})
        self.progress = Progress(self.stderr)

        def finish(reporting: Reporting) -> None:
            self.progress.end()
            if page:
                with page.open("w", encoding="utf-8") as file:
                    write_html(reporting.report, file)
            self.stdout.write(summary(reporting.report, is_kept=not options["dry_run"]))

        with ExitStack() as stack:
            sources = [_source(name, stack) for name in options["files"]]
            try:
                done = run(
                    sources,
                    Options(
                        media=Sources(options["uploads"], options["fetch"]),
                        brings_pages=options["pages"],
                        is_rehearsed=options["dry_run"],
                    ),
                    by=by,
                    bring_replies=bring,
                    told=self.progress,
                    finish=finish,
                )
            except (Refused, OtherSite) as error:
                self.progress.end()
                raise CommandError(str(error)) from None
        if options["dry_run"]:
            self.stdout.write(_("This was a rehearsal: nothing was kept."))
        if done.broken:
            raise CommandError("\n".join(_broken(done.broken)))


def _broken(broken: list[Refused]) -> Iterator[str]:
    for error in broken:
        yield f"{error}"
    yield _("What was whole before it was brought.")


def _source(name: str, stack: ExitStack) -> Source:
    if name == "-":
        return stack.enter_context(spooled(sys.stdin.buffer))
    try:
        return Source(Path(name))
    except OSError as error:
        reason = {"file": name, "reason": error.strerror}
        raise CommandError(_("%(file)s can't be read: %(reason)s.") % reason) from None


def _user(name: str | None) -> User:
    people = User.objects.filter(is_active=True)
    if name:
        user = people.filter(username=name).first()
        if user is None:
            raise CommandError(
                _("There is no active login of that name: %(name)s") % {"name": name}
            )
        return user
    user = people.filter(is_superuser=True).order_by("pk").first()
    if user is None:
        raise CommandError(_("There is no administrator yet: say who does it with --by."))
    return user


class Progress:
    """A bar on a terminal, with the time it will still take; a line now and then elsewhere."""

    def __init__(self, out: Any) -> None:
        self.out = out
        self.what, self.begun, self.told = "", 0.0, 0.0
        self.is_open = False  # a bar without its line end

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if what != self.what:
            self.end()
            self.what, self.begun, self.told = what, now, now
        on_terminal = self.out.isatty()
        pause = SECONDS_BETWEEN_DRAWINGS if on_terminal else SECONDS_BETWEEN_LINES
        if now - self.told < pause and done < total:
            return
        self.told = now
        part = min(done / total, 1.0) if total else 1.0
        left = (now - self.begun) * (1 - part) / part if part else 0.0
        line = f"{what} {part:4.0%} {done:,} / {total:,}  {_minutes(left)}"
        if on_terminal:
            bar = "█" * round(part * WIDTH) + "░" * (WIDTH - round(part * WIDTH))
            self.out.write(f"\r{bar} {line}", ending="\033[K")
            self.is_open = True
        else:
            self.out.write(line)
        self.out.flush()

    def end(self) -> None:
        if self.is_open:
            self.out.write("")
        self.is_open = False


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
