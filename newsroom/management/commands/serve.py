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

from newsroom import serving
from newsroom.management.commands.load_demo import demo_staff, is_untouched
from newsroom.static_files import collect_if_changed


class Command(BaseCommand):
    help = "Prepares the state directory and runs the web server and the workers until Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        processes = serving.Processes()
        serving.refuse_taken_port()
        settings.STATE.prepare()
        with settings.STATE.held():
            banner = self.prepare()
            connection.close()
            serving.refuse_taken_port()
            try:
                sys.exit(self.run(processes, banner))
            finally:
                processes.stop()

    def prepare(self) -> str:
        """Bring the database, the keys and the static files up to date; what to tell the user."""
        warnings = self.checked()
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("make_keys")
        collect_if_changed()
        return self.banner(self.load_demo(), warnings)

    def run(self, processes: serving.Processes, banner: str) -> int:
        if processes.stopping:
            return 0
        processes.start("web server", serving.web_server())
        processes.wait_until_answering()
        if not processes.stopping:
            processes.start("worker", serving.worker("default"))
            private_key = settings.STATE.keys / "address-private.pem"
            processes.start("mail worker", serving.worker("mail"), private_key=private_key)
            self.stdout.write(banner)
            self.stdout.flush()
        return processes.watch()

    def checked(self) -> list[str]:
        """What the system checks warn of, a line each. Raises CommandError for worse."""
        found = run_checks(databases=["default"])
        if serious := [message for message in found if message.is_serious()]:
            raise CommandError("\n".join(str(message) for message in serious))
        return [f"{message.msg} {message.hint or ''}".strip() for message in found]

    def load_demo(self) -> str | None:
        """The password of the demo's staff if they were made just now."""
        if not settings.LOAD_DEMO or not is_untouched():
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
        if usernames := [user.get_username() for user in demo_staff()]:
            new = f"{with_this_state('make demo-password')} makes a new one"
            lines.append(f"  Log in as  {' or '.join(usernames)}")
            lines.append(f"  Password   {password or new}")
        elif not User.objects.exists():
            lines.append("  Nobody can log in yet. The first administrator is made by:")
            command = ".venv/bin/python manage.py createsuperuser"
            lines.append(f"             {with_this_state(command)}")
        lines.append(f"  State      {settings.STATE.root}")
        lines.extend(f"  Warning    {warning}" for warning in warnings)
        lines.append("  Ctrl-C stops it.")
        return "\n".join([*lines, ""])


def with_this_state(command: str) -> str:
    """The command as it must be typed to reach this newsroom's data."""
    variables = ""
    if settings.STATE.root != settings.BASE_DIR / "var":
        variables += f"NEWSROOM_STATE={shlex.quote(str(settings.STATE.root))} "
    if connection.vendor != "sqlite":
        variables += "DATABASE_URL=… "
    return variables + command
