"""Runs everything an installation on one machine needs: the web server and the two workers."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

START_SECONDS = 60
STOP_SECONDS = 10
PAUSE_BEFORE_RESTART = 2.0
PRIVATE_KEY = "ADDRESS_PRIVATE_KEY_FILE"


def refuse_taken_port() -> None:
    """Raises ImproperlyConfigured where something listens on the port already.

    The server shares its port among its processes, so that the system would let it start beside
    a forgotten one, each answering a part of the requests.
    """
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
            probe.listen()
        except OSError as error:
            raise ImproperlyConfigured(
                f"port {settings.PORT} on {settings.HOST} is not free ({error.strerror}); "
                "choose another with PORT=…"
            ) from None


def web_server() -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "newsroom.wsgi:application"),
        *("--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", settings.HOST, "--port", str(settings.PORT)),
        *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", "2"),
        *("--backpressure", "64", "--respawn-failed-workers"),
    ]


def worker(queue: str) -> list[str]:
    return [sys.executable, "manage.py", "db_worker", "--queue-name", queue, "--no-startup-delay"]


class Processes:
    """The processes started here. All of them end when `stop` is called, or a signal comes."""

    def __init__(self) -> None:
        self.commands: dict[str, tuple[list[str], Path | None]] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, name: str, command: list[str], *, private_key: Path | None = None) -> None:
        """Start one in a session of its own, so that Ctrl-C reaches it through `stop` alone.

        Only a process for which `private_key` is given is told where the key to readers'
        addresses is.
        """
        self.commands[name] = command, private_key
        environment = {key: value for key, value in os.environ.items() if key != PRIVATE_KEY}
        environment["NEWSROOM_STATE"] = str(settings.STATE.root)  # wherever it was relative to
        if private_key:
            environment[PRIVATE_KEY] = str(private_key)
        self.running[name] = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_until_answering(self) -> None:
        """Return when the web server answers, or a signal came. Raises ImproperlyConfigured."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)
        host = f"[{host}]" if ":" in host else host
        health = urllib.request.Request(
            f"http://{host}:{settings.PORT}/healthz",
            headers={"Host": settings.SITE_URL.partition("://")[2]},
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + START_SECONDS
        while not self.stopping:
            ended = [name for name, process in self.running.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                raise ImproperlyConfigured("the web server did not start; see its messages above.")
            try:
                with direct.open(health, timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)

    def watch(self) -> int:
        """Keep them running until a signal comes; the exit code for this process.

        A worker that ended is started anew. Without the web server there is nothing to keep.
        """
        while not self.stopping:
            for name, process in list(self.running.items()):
                if process.poll() is None:
                    continue
                print(f"newsroom: {name} ended with code {process.returncode}", file=sys.stderr)
                if name == "web server":
                    return 1
                time.sleep(PAUSE_BEFORE_RESTART)
                command, private_key = self.commands[name]
                self.start(name, command, private_key=private_key)
            time.sleep(0.2)
        return 0

    def stop(self) -> None:
        """Ask all to end, and end by force those that have not after STOP_SECONDS."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
