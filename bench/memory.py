"""The memory of all processes of a newsroom: idle, and while readers ask and post."""

import threading
import time

from bench.newsrooms import PAST_THE_STORE
from bench.processes import megabytes, processor_seconds
from bench.readers import PAGES, Effort, stored
from bench.rows import Bar, Row
from bench.writing import sample
from bench.wrk import load
from tests.running import Running

SECONDS_TO_SETTLE = 5
POSTS = 100


def idle(newsroom: Running, effort: Effort) -> list[Row]:
    """As it was started, with a few pages asked for."""
    time.sleep(SECONDS_TO_SETTLE)
    runs, root = list[dict[str, float]](), newsroom.process.pid
    for _ in range(effort.times):
        worked = processor_seconds(root)
        time.sleep(effort.seconds)
        worked = (processor_seconds(root) - worked) / effort.seconds
        runs.append({"cpu": worked * 1000, "megabytes": total(newsroom)})
    bar = Bar("megabytes", at_most=250, unit="MB")
    note = f"CPU of a second; {parts(newsroom)}"
    return [Row("all processes, idle", "memory (PSS)", runs, (bar,), note=note)]


def under_load(newsroom: Running, effort: Effort) -> list[Row]:
    """The most there is while pages are sent and drawn, searched for, and replies come in."""
    runs = []
    for number in range(effort.times):
        watcher = Watcher(newsroom)
        watcher.start()
        try:
            stored(newsroom, "article, 100 replies", effort._replace(times=1))
            load(
                newsroom.url, newsroom.process.pid,
                paths=[*PAGES.values(), "/search/?q=ferry"], headers=PAST_THE_STORE,
                seconds=effort.seconds,
            )  # fmt: skip
            sample(newsroom, 16, POSTS, seed=number)
        finally:
            watcher.stop()
        runs.append({"megabytes": watcher.most})
    bar = Bar("megabytes", at_most=270, unit="MB")
    return [Row("all processes, under load", "memory (PSS)", runs, (bar,), note=parts(newsroom))]


class Watcher(threading.Thread):
    def __init__(self, newsroom: Running) -> None:
        super().__init__(daemon=True)
        self.newsroom, self.most = newsroom, 0.0
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.wait(0.5):
            self.most = max(self.most, total(self.newsroom))

    def stop(self) -> None:
        self.is_over.set()
        self.join()


def total(newsroom: Running) -> float:
    return sum(megabytes(newsroom.process.pid).values())


def parts(newsroom: Running) -> str:
    found = megabytes(newsroom.process.pid)
    return ", ".join(f"{name.rpartition(' ')[0]} {value:.0f}" for name, value in found.items())
