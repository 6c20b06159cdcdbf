"""Runs everything an installation on one machine needs: the web server and the two workers.

They are made from one process that has loaded the program (newsroom/preparing.py), so that all of
them have one copy of it in memory and none of them has to load it. Elsewhere than on Linux, where
that isn't safe, each loads its own.
"""

import contextlib
import ctypes
import multiprocessing
import os
import resource
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

START_SECONDS = 60
STOP_SECONDS = 10
PAUSE_BEFORE_RESTART = 2.0
# Of each process that answers: how many connections it holds, of which most are idle (it takes no
# other until one of these ends); and how long one may be idle or send the head of a request, in
# milliseconds (a proxy lets go earlier: deploy/nginx.conf).
CONNECTIONS = 1024
IDLE = 15_000
# Of glibc, as malloc.h has them.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
# Heaps that the threads of a process share. Each of its own would keep what a long page took.
ARENAS = 2
PRIVATE_KEY = "ADDRESS_PRIVATE_KEY_FILE"
SHARES_MEMORY = sys.platform == "linux"
HOW_TO_START = "fork" if SHARES_MEMORY else "spawn"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def apart[T](work: Callable[[], T]) -> T:
    """What `work` returns or raises, from a process that ends with it and keeps its memory."""
    context = multiprocessing.get_context(HOW_TO_START)
    with ProcessPoolExecutor(1, mp_context=context, initializer=django.setup) as process:
        return process.submit(work).result()


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


def web_server() -> None:
    """Answer requests until a signal comes. Its processes share the port."""
    multiprocessing.set_start_method(HOW_TO_START, force=True)
    let_have_files(CONNECTIONS * 2)
    share_memory()
    Granian(
        settings.RSGI_APPLICATION,
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,  # the same wherever it runs, whatever else is installed
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.WORKERS,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE),
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve(target_loader=application)


def let_have_files(number: int) -> None:
    """A connection is an open file, of which a system allows 1,024 unless it is asked for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def application(name: str) -> Any:
    django.setup()  # sets up the log again, after that of the server
    return import_string(name)


def worker(queue: str) -> None:
    """Run the tasks of a queue until a signal comes."""
    hand_memory_back()
    call_command("db_worker", queue_name=queue, startup_delay=False, reload=False)


def share_memory() -> None:
    """Have threads take memory from few heaps: by itself glibc gives each one of its own."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # other systems do without
        libc.mallopt(M_ARENA_MAX, ARENAS)


def hand_memory_back() -> None:
    """Have large pieces of memory go back to the system when they are let go: by itself glibc keeps
    up to 64 MB of what a picture took. Not where pages are drawn: it costs a long one a fifth."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # other systems do without
        libc.mallopt(M_MMAP_THRESHOLD, 128 * 1024)
        libc.mallopt(M_TRIM_THRESHOLD, 256 * 1024)


class Processes:
    """The processes started here. All of them end when `stop` is called, or a signal comes."""

    def __init__(self) -> None:
        self.makers: dict[str, Callable[[], BaseProcess]] = {}
        self.running: dict[str, BaseProcess] = {}
        self.stopping = False
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(
        self, name: str, work: Callable[..., None], *arguments: str, private_key: Path | None = None
    ) -> None:
        """Start one in a session of its own, so that Ctrl-C reaches it through `stop` alone.

        Only a process for which `private_key` is given is told where the key to readers'
        addresses is.
        """
        context: Any = multiprocessing.get_context(HOW_TO_START)
        self.makers[name] = lambda: context.Process(
            name=name, target=_run, args=(name, work, arguments, private_key)
        )
        self._start(name)

    def _start(self, name: str) -> None:
        process = self.running[name] = self.makers[name]()
        # One that comes before the process heeds them would be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

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
            ended = any(process.exitcode is not None for process in self.running.values())
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
                if process.exitcode is None:
                    continue
                print(f"newsroom: {name} ended with code {process.exitcode}", file=sys.stderr)
                if name == "web server":
                    return 1
                time.sleep(PAUSE_BEFORE_RESTART)
                self._start(name)
            time.sleep(0.2)
        return 0

    def stop(self) -> None:
        """Ask all to end, and end by force those that have not after STOP_SECONDS."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            process.join(max(0.1, deadline - time.monotonic()))
            if process.exitcode is None:
                assert process.pid
                os.killpg(process.pid, signal.SIGKILL)
                process.join()


def _run(
    name: str, work: Callable[..., None], arguments: tuple[str, ...], private_key: Path | None
) -> None:
    """What a process does that was made here."""
    os.setsid()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    os.environ.pop(PRIVATE_KEY, None)
    os.environ["NEWSROOM_STATE"] = str(settings.STATE.root)  # wherever it was relative to
    os.chdir(settings.BASE_DIR)
    # What `ps -e` and `top` show.
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(f"newsroom {name.split()[0]}")
    django.setup()
    settings.ADDRESS_PRIVATE_KEY_FILE = private_key
    work(*arguments)
