"""The newsrooms that are measured: made once, copied for each run, started as their users do."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.peers.nginx import Answer, fetch
from bench.wrk import Unanswered
from tests.running import ROOT, Running, environment, running

# Readers come from many addresses, which a proxy of this machine forwards.
PROXIES: dict[str, Any] = {"TRUSTED_PROXIES": "127.0.0.1,::1", "NEWSROOM_DEMO": "0"}
# Whoever may have a page of their own passes by the store.
PAST_THE_STORE = {"Authorization": "Bearer bench"}
SMALL = "1k"  # without pictures, and a piece of very many replies
LARGEST_COPY = 5_000_000_000  # bytes
SECONDS_TO_SETTLE, LOOKS = 600.0, 3
WAITING = """
from datetime import timedelta
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
# One that was killed over its work says for ever that it runs.
lately = timezone.now() - timedelta(minutes=10)
running = DBTaskResult.objects.filter(status="RUNNING", started_at__gt=lately)
print(DBTaskResult.objects.ready().count() + running.count())
"""
# What a reply that is let out changes, at the least. Remembered settings and menus hold.
PURGE = """
from newsroom.page_store.generations import slots_of
from newsroom.page_store.store import store
generations = store().generations
generations.release(generations.mark(slots_of(["articles_article", "comments_comment"])))
"""


@cache
def newspaper(place: Path, size: str) -> Path:
    """The directory in which its `state` is; it is made where it isn't there, or was made for
    other tables."""
    folder = place / size
    mark = folder / f"made-{tables()}"
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "bench.newspaper", "--size", size]
        command += ["--state", str(folder / "state")]
        command += ["--shapes", "0,100,1000", "--plain"] if size == SMALL else []
        subprocess.run(command, cwd=ROOT, env=environment(folder / "state", 8000), check=True)
        # What the workers find to do at the first start: pictures, figures, what is due.
        with started(folder):
            mark.touch()
    return folder


def tables() -> str:
    """Another name after each change of the migrations, and of what makes a newspaper."""
    sources = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("bench/newspaper/*.py")]
    content = b"".join(each.read_bytes() for each in sorted(sources))
    return sha256(content).hexdigest()[:12]


def copied(folder: Path, to: Path) -> Path:
    """As it is before anybody posts: what a run writes stays in its copy. One that is too large
    is not copied."""
    size = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
    if size > LARGEST_COPY:
        return folder
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder / "state", to / "state", ignore=shutil.ignore_patterns("pages"))
    return to


@contextmanager
def started(folder: Path, **variables: Any) -> Iterator[Running]:
    """As `make run` starts it, when its workers are through with what is due at the start."""
    with running(folder, **PROXIES, **variables) as newsroom:
        for path in ("/", "/articles/replies-100/", "/search/?q=ferry"):
            page(newsroom, path)
        # What is due is found by a worker when it has started.
        for _ in range(LOOKS):
            time.sleep(1)
            wait_for_workers(newsroom, seconds=SECONDS_TO_SETTLE)
        yield newsroom


def wait_for_workers(newsroom: Running, seconds: float) -> None:
    """Until nothing is left to do in the background. Raises Unanswered."""
    deadline = time.monotonic() + seconds
    while waiting := int(newsroom.run(WAITING)):
        if time.monotonic() > deadline:
            raise Unanswered(f"{waiting} tasks are not done after {seconds:g} s")
        time.sleep(0.1)


def page(newsroom: Running, path: str, **headers: str) -> Answer:
    return fetch(newsroom.url + path, {"User-Agent": "Mozilla/5.0 (bench)"} | headers)


def forget_pages(newsroom: Running) -> None:
    newsroom.run(PURGE)
