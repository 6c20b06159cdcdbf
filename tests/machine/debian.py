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


def unpacked(package: str, *, needs: tuple[str, ...]) -> Path | None:
    """A folder with the files of a package and of those it needs, fetched from Debian's archive for
    this user alone; None where that is impossible. No script of a package is run."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return None
    folder = Path(tempfile.gettempdir()) / f"newsroom-tests-{package}-{os.getuid()}"
    ready = folder / "ready"
    if ready.exists() and folder.stat().st_uid == os.getuid():
        return folder
    print(f"Fetching {package} from Debian's archive …", file=sys.stderr, flush=True)
    packages, state = folder / "packages", folder / "apt"
    for place in (packages, state / "lists/partial", state / "cache/archives/partial"):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = [f"--option=Dir::State::lists={state}/lists", f"--option=Dir::Cache={state}/cache"]
    update = _run(["apt-get", *own, "update"])
    fetched = _run(["apt-get", *own, "download", package, *needs], cwd=packages)
    if update.returncode or fetched.returncode:
        return None
    for file in packages.glob("*.deb"):
        if _run(["dpkg-deb", "--extract", str(file), str(folder)]).returncode:
            return None
    ready.touch()
    return folder


def with_libraries(program: Path) -> dict[str, str]:
    """The environment in which a program runs that was unpacked with its libraries."""
    found = sorted(program.parents[1].glob("lib/*-linux-*"))
    places = [str(place) for place in found] if (program.parents[2] / "ready").exists() else []
    return {**os.environ, **({"LD_LIBRARY_PATH": ":".join(places)} if places else {})}


def _run_as_root(command: list[str], *, typed: str = "") -> subprocess.CompletedProcess[str]:
    return _run(command if os.geteuid() == 0 else ["sudo", "-n", *command], typed=typed)


def _run(
    command: list[str], *, typed: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
