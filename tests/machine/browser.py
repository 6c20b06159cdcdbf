"""Finds or installs the browser that the browser tests drive."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.machine import MachineLacks, debian

# The shell is Chromium without all that is for a screen, and takes half as long as the whole of it.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = (SHELL, "fonts-liberation")
PLAYWRIGHTS_OWN = "playwright"
STARTS_PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    playwright.chromium.launch().close()
"""


def browser() -> Path | None:
    """Return the path of a Chromium, or None for the one that Playwright keeps for itself.

    The environment variable CHROMIUM decides if it is set: a path, or "playwright" for None.
    Otherwise a browser is found on the machine, or installed. Safe to call from several
    processes at once. Raises MachineLacks where there is none and none can be installed.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen == PLAYWRIGHTS_OWN:
        return None
    if chosen:
        return _executable(Path(chosen))
    return _on_path() or _installed()


def _executable(path: Path) -> Path:
    if path.is_file() and os.access(path, os.X_OK):
        return path
    raise MachineLacks(f"CHROMIUM names {path}, which is not a program: correct or unset it.")


def _on_path() -> Path | None:
    for name in NAMES:
        path = shutil.which(name)
        if path and _runs(path):
            return Path(path)
    return None


def _runs(path: str) -> bool:
    # Ubuntu's chromium-browser, for one, may be a script that only asks for a snap.
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _installed() -> Path | None:
    with debian.one_installer_at_a_time():
        if found := _on_path():
            return found
        if debian.can_install() and debian.install(*PACKAGES) and (found := _on_path()):
            return found
        if _playwright_installs_its_own():
            return None
    raise MachineLacks(
        "The browser tests need Chromium, and neither apt-get nor Playwright could install it.\n"
        f"Install one of {', '.join(NAMES)}, or set CHROMIUM to the path of a browser."
    )


def _playwright_installs_its_own() -> bool:
    print("Letting Playwright install Chromium …", file=sys.stderr, flush=True)
    download = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    # A download says nothing of the system libraries that the browser needs to start.
    start = [sys.executable, "-c", STARTS_PLAYWRIGHTS_OWN]
    return _succeeds(download) and _succeeds(start)


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0
