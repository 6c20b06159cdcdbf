"""Makes an installation ready to be served, and its program ready to be shared.

Both are done by `manage.py serve`, the first in a process that ends afterwards: the demo alone
takes 80 MB to make, which would stay with the one that watches over all others.
"""

import gc
import io
import shlex

from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.template.loader import get_template
from django.urls import resolve
from django.utils.module_loading import import_string

from newsroom import cdn
from newsroom.management.commands.load_demo import demo_staff, is_untouched
from newsroom.page_store.build import drop_other_builds
from newsroom.static_files import collect_if_changed


def prepare() -> str:
    """Bring the database, the keys and the static files up to date; what to tell the user.

    Raises CommandError where a check finds what must not be served.
    """
    warnings = checked()
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("make_keys")
    collect_if_changed()
    drop_other_builds()
    cdn.note({cdn.ALL})
    return banner(load_demo(), warnings)


def load_program() -> None:
    """Import what requests and tasks need, and keep it where processes made from this one share it.

    It opens no connection and starts no thread, which a process made from this one could not use.
    """
    import_string(settings.RSGI_APPLICATION)
    resolve("/")
    for template in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        get_template(template.relative_to(settings.BASE_DIR / "templates").as_posix())
    connections.close_all()
    gc.collect()
    # The collector writes into whatever it looks at, which would make a copy for each process.
    gc.freeze()


def checked() -> list[str]:
    """What the system checks warn of, a line each. Raises CommandError for worse."""
    found = run_checks(databases=["default"])
    if serious := [message for message in found if message.is_serious()]:
        raise CommandError("\n".join(str(message) for message in serious))
    return [f"{message.msg} {message.hint or ''}".strip() for message in found]


def load_demo() -> str | None:
    """The password of the demo's staff if they were made just now."""
    if not settings.LOAD_DEMO or not is_untouched():
        return None
    call_command("load_demo")
    printed = io.StringIO()
    call_command("demo_password", stdout=printed)
    return printed.getvalue().strip()


def banner(password: str | None, warnings: list[str]) -> str:
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
