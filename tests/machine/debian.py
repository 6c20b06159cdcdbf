"""Installs Debian packages, on machines that have them and let us."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS_TO_WAIT_FOR_ANOTHER_APT = 120


@contextmanager
def one_installer_at_a_time() -> Iterator[None]:
    """Keep this user's other test runs from installing meanwhile.

    Look again inside for what was missing outside: whoever held the lock may have installed it.
    """
    lock = Path(tempfile.gettempdir()) / f"newsroom-tests-install-{os.getuid()}.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def can_install() -> bool:
    """Whether there is an apt-get and we may run it as root without being asked for a password."""
    return shutil.which("apt-get") is not None and (
        os.geteuid() == 0
        or (shutil.which("sudo") is not None and _run(["sudo", "-n", "true"]).returncode == 0)
    )


def install(*packages: str) -> bool:
    """Install the packages and return whether that worked; ask `can_install()` first."""
    print(f"Installing {', '.join(packages)} with apt-get …", file=sys.stderr, flush=True)
    # Where the lists of packages cannot be renewed, the ones at hand may still do.
    _run_as_root(["apt-get", "update"])
    done = _run_as_root(
        [
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "install",
            "--yes",
            "--no-install-recommends",
            f"--option=DPkg::Lock::Timeout={SECONDS_TO_WAIT_FOR_ANOTHER_APT}",
            *packages,
        ]
    )
    if done.returncode:
        last_lines = "\n".join(done.stdout.splitlines()[-5:])
        print(f"apt-get failed:\n{last_lines}", file=sys.stderr, flush=True)
    return done.returncode == 0


@contextmanager
def file_of_root(path: Path, text: str) -> Iterator[None]:
    """Have a file with this text, for a while; ask `can_install()` first."""
    _run_as_root(["mkdir", "-p", str(path.parent)])
    _run_as_root(["tee", str(path)], typed=text)
    try:
        yield
    finally:
        _run_as_root(["rm", "-f", str(path)])


def _run_as_root(command: list[str], *, typed: str = "") -> subprocess.CompletedProcess[str]:
    return _run(command if os.geteuid() == 0 else ["sudo", "-n", *command], typed=typed)


def _run(command: list[str], *, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
