"""django-comments-xtd beside us, in its own virtual environment, under the same server."""

import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from bench.peers.nginx import Server, fetch
from bench.wrk import NotInstalled, Unanswered
from tests.running import spare_port

PACKAGE = "django-comments-xtd==2.10.13"
START_SECONDS, STOP_SECONDS = 30, 10


@contextmanager
def serving(folder: Path, replies: Sequence[int]) -> Iterator[Server]:
    """Started with a piece at /<n>/ for each number of replies. Raises NotInstalled."""
    python = _installed(folder / "venv")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment["XTD_STATE"] = str(folder)
    # Alone in its directory: it must not find ours.
    script = shutil.copy(Path(__file__).with_name("xtd_site.py"), folder)
    fill: list[str | Path] = [python, script, *map(str, replies)]
    subprocess.run(fill, env=environment, check=True)
    port = spare_port()
    process = subprocess.Popen(
        [
            *(python, "-m", "granian", "xtd_site:application", "--working-dir", folder),
            *("--interface", "wsgi", "--no-ws", "--log-level", "warning"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            *("--blocking-threads", "2", "--backpressure", "64"),
        ],
        env=environment,
    )
    try:
        server = Server(f"http://127.0.0.1:{port}/", process.pid)
        _wait(f"{server.url}{replies[0]}/", process)
        yield server
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _installed(folder: Path) -> Path:
    """The Python of a virtual environment that has it, with our version of Django and granian."""
    python, mark = folder / "bin" / "python", folder / f"installed-{PACKAGE}"
    if mark.exists():
        return python
    wanted = [PACKAGE, f"django=={version('django')}", f"granian=={version('granian')}"]
    make: list[str | Path] = [sys.executable, "-m", "venv", folder]
    pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", *wanted]
    for command in (make, pip):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotInstalled(f"{PACKAGE} could not be installed: {done.stderr[-500:]}")
    mark.touch()
    return python


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            answer = fetch(url)
        except (OSError, http.client.HTTPException):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Unanswered("django-comments-xtd did not start") from None
            time.sleep(0.1)
            continue
        if answer.status != 200:
            raise Unanswered(f"django-comments-xtd answers {answer.status}")
        return
