import io
import shlex
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from articles.models import Article
from newsroom import serving
from newsroom.management.commands.load_demo import STAFF
from newsroom.static_files import collect_if_changed


class Command(BaseCommand):
    help = "Prepares the state directory and runs the web server and the workers until Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        serving.refuse_taken_port()
        settings.STATE.prepare()
        warnings = self.checked()
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("make_keys")
        collect_if_changed()
        password = self.load_demo()
        banner = self.banner(password, warnings)
        connection.close()
        processes = serving.Processes()
        try:
            processes.start("web server", serving.web_server())
            processes.wait_until_answering()
            if not processes.stopping:
                self.stdout.write(banner)
                processes.start("worker", serving.worker("default"))
                processes.start(
                    "mail worker",
                    serving.worker("mail"),
                    private_key=settings.STATE.keys / "address-private.pem",
                )
            code = processes.watch()
        finally:
            processes.stop()
        sys.exit(code)

    def checked(self) -> list[str]:
        """What the system checks warn of, a line each. Raises CommandError for worse."""
        found = run_checks(databases=["default"])
        if serious := [message for message in found if message.is_serious()]:
            raise CommandError("\n".join(str(message) for message in serious))
        return [f"{message.msg} {message.hint or ''}".strip() for message in found]

    def load_demo(self) -> str | None:
        """The password of the demo's staff if they were made just now."""
        if not settings.LOAD_DEMO or User.objects.exists() or Article.objects.exists():
            return None
        call_command("load_demo")
        printed = io.StringIO()
        call_command("demo_password", stdout=printed)
        return printed.getvalue().strip()

    def banner(self, password: str | None, warnings: list[str]) -> str:
        lines = [
            "",
            f"  Newsroom   {settings.SITE_URL}/",
            f"  Admin      {settings.SITE_URL}/admin/",
        ]
        demo_staff = User.objects.filter(username__in=STAFF).values_list("username", flat=True)
        if demo_staff:
            lines.append(f"  Log in as  {' or '.join(sorted(demo_staff))}")
            lines.append(f"  Password   {password or 'make demo-password makes a new one'}")
        elif not User.objects.exists():
            lines.append("  Nobody can log in yet. The first administrator is made by:")
            lines.append(f"             {first_administrator()}")
        lines.append(f"  State      {settings.STATE.root}")
        lines.extend(f"  Warning    {warning}" for warning in warnings)
        lines.append("  Ctrl-C stops it.")
        return "\n".join([*lines, ""])


def first_administrator() -> str:
    is_default = settings.STATE.root == settings.BASE_DIR / "var"
    state = "" if is_default else f"NEWSROOM_STATE={shlex.quote(str(settings.STATE.root))} "
    return f"{state}.venv/bin/python manage.py createsuperuser"
